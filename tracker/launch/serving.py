"""Everything up, kept up, and down again."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from tracker import logs, processes
from tracker.config import is_behind_proxy
from tracker.launch import web_server
from tracker.launch.companion import Companion
from tracker.launch.counts import counting
from tracker.launch.instance import document_store, prepare_instance
from tracker.launch.web_server import App
from tracker.processes import NotStarted
from tracker.storage.embedded import EmbeddedStore

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 -- what it is called, not what is bound
WATCH_SECONDS = 0.2
RETRY_SECONDS = 1


def serve(app: App, *, host: str, port: int, environment: Mapping[str, str]) -> None:
    """Serve until told to stop; what dies meanwhile is started again. Raises: NotStarted, when that does not help."""
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        web_server.refuse_busy_port(host, port)
        instance = prepare_instance(environment)
        address = environment.get("TRACKER_ADDRESS") or ("" if is_behind_proxy(environment) else _address(host, port))
        environment = {**environment, "TRACKER_INSTANCE": str(instance), "TRACKER_ADDRESS": address}
        with document_store(instance, environment) as store:
            environment |= counting(instance, environment)
            web_server.prepare_stores(app, environment)
            server = web_server.start(app, host=host, port=port, environment=environment)
            sweep = Companion("sweep", app.sweep, folder=app.folder, environment=environment)
            jobs = Companion("job runner", app.jobs, folder=app.folder, environment=environment)
            try:
                sweep.start()
                jobs.start()
                logs.say(_greeting(host, port, address))
                while True:
                    _watch(server, store, (sweep, jobs))
                    logs.say(f"The web server stopped by itself (exit status {server.returncode}); starting it again.")
                    sweep.stop()  # its silence tells that nobody could be reached
                    processes.kill(server)
                    server = web_server.start(app, host=host, port=port, environment=environment)
                    sweep.start()
            finally:
                jobs.ask_to_stop()  # so that all take their leave at the same time
                server.terminate()
                sweep.stop()
                jobs.stop()
                processes.see_out(server)
    except KeyboardInterrupt:
        logs.say("Stopped.")


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Begin to stop, once: a second Ctrl-C must not keep the first from finishing."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _watch(server: subprocess.Popen[bytes], store: EmbeddedStore | None, companions: Sequence[Companion]) -> None:
    """Return when the web server has stopped; until then, start the store and the companions again when they die."""
    while server.poll() is None:
        if store and not store.is_alive:
            _revive(store)
        for companion in companions:
            said = companion.keep_alive()
            if said:
                logs.say(said)
        time.sleep(WATCH_SECONDS)


def _revive(store: EmbeddedStore) -> None:
    logs.say("The embedded store stopped by itself; starting it again.")
    try:
        store.restart()
    except NotStarted as error:
        logs.say(str(error))
        time.sleep(RETRY_SECONDS)


def _address(host: str, port: int) -> str:
    """Where people reach this port; on this machine, when it is served on all of its addresses."""
    if host in EVERYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greeting(host: str, port: int, address: str) -> str:
    return (
        f"Skillmark serves http://{host}:{port} (Ctrl-C stops it)\n"
        f"  Links in mails and invitations begin with {address} (TRACKER_ADDRESS).\n"
        "  Sign up there to learn. Whoever creates a cohort is its lead.\n"
        "  The first admin, from another terminal: .venv/bin/flask accounts create-admin EMAIL"
    )
