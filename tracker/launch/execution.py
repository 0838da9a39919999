"""One command with the stores up."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tracker.config import MONGODB_URI_FILE
from tracker.launch.instance import document_store, prepare_instance
from tracker.launch.web_server import App, prepare_stores
from tracker.processes import NotStarted
from tracker.storage.embedded import START_SECONDS, StoreInUse


def execute(app: App, command: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Run a command, with the store of the launcher that is running or else with one for its time.

    Gives: the command's exit status. Raises: NotStarted.
    """
    instance = prepare_instance(environment)
    environment = {**environment, "TRACKER_INSTANCE": str(instance)}
    with ExitStack() as stack:
        try:
            stack.enter_context(document_store(instance, environment))
        except StoreInUse:
            _wait_for_address(instance)
        else:
            prepare_stores(app, environment)
        return _run(command, environment)


def _wait_for_address(instance: Path) -> None:
    """Wait for the store of a launcher that may have begun only now."""
    deadline = time.monotonic() + START_SECONDS
    while not (instance / MONGODB_URI_FILE).is_file():
        if time.monotonic() > deadline:
            raise NotStarted("Another process holds the embedded store but does not serve it.")
        time.sleep(0.1)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run in the foreground: the terminal is the command's, and Ctrl-C is its to answer."""
    try:
        child = subprocess.Popen(command, env=environment)  # noqa: S603 -- what the person typed
    except OSError as error:
        raise NotStarted(f"{command[0]}: {error.strerror}") from None
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status
