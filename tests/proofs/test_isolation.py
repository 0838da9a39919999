"""What a proof cannot do: use up the machine, see or change it, reach anybody, outlive its run."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.proofs.watching import a_word, wait_until_gone, wait_until_running
from tracker.config import ROOT
from tracker.proofs.sandbox import Job, Limits, Outcome, ProcessLimits, Sandbox

CANARY = "zebrafinch"


def value_of(code: str) -> str:
    """The value that this code leaves behind in a sandbox."""
    outcome = Sandbox().run(Job(code))
    assert outcome.failure == ""
    assert outcome.report
    return outcome.report["value"]


def failure_of(code: str, limits: Limits | None = None) -> str:
    """Why this code leaves nothing behind, in one line."""
    outcome = Sandbox(limits).run(Job(code))
    assert outcome.failure
    assert len(outcome.failure.splitlines()) == 1
    return outcome.failure


def with_child(word: str, code: str) -> str:
    """A proof that runs code in a process of its own, which can be told from outside by a word."""
    return f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}, {word!r}], check=True)\nvalue = 1"


def test_a_proof_that_computes_for_ever_is_stopped() -> None:
    assert failure_of("while True: pass", Limits(cpu_seconds=1)) == "computes for more than 1 seconds"


def test_a_proof_that_waits_for_ever_is_stopped_with_its_children() -> None:
    word = a_word()

    failure = failure_of(with_child(word, "import time; time.sleep(10_000)"), Limits(seconds=1))

    assert failure == "runs for more than 1 seconds"
    wait_until_gone(word)


def test_a_proof_that_forks_without_end_is_stopped_with_all_its_children() -> None:
    word = a_word()
    bomb = "import os\nwhile True: os.fork()"

    failure = failure_of(with_child(word, bomb), Limits(each_process=ProcessLimits(processes=40)))

    assert "CalledProcessError" in failure
    wait_until_gone(word)


def test_a_proof_that_catches_what_stops_its_forks_is_stopped_by_the_clock() -> None:
    word = a_word()
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"

    failure = failure_of(with_child(word, bomb), Limits(seconds=2, each_process=ProcessLimits(processes=40)))

    assert failure == "runs for more than 2 seconds"
    wait_until_gone(word)


@pytest.mark.parametrize("code", ["b'x' * 2**40", "all_of_it = []\nwhile True: all_of_it.append(b'x' * 2**20)"])
def test_a_proof_that_takes_too_much_memory_is_stopped(code: str) -> None:
    limits = Limits(each_process=ProcessLimits(memory_bytes=256 * 2**20))

    assert failure_of(code, limits).startswith("ends in MemoryError in line")


def test_a_proof_whose_processes_together_compute_for_ever_is_stopped() -> None:
    word = a_word()
    children = f"""
import subprocess, sys
command = [sys.executable, "-c", "while True: pass", {word!r}]
for child in [subprocess.Popen(command) for _ in range(3)]: child.wait()
"""

    assert failure_of(children, Limits(cpu_seconds=1)) == "computes for more than 1 seconds"
    wait_until_gone(word)


def test_a_proof_whose_processes_together_take_too_much_memory_is_stopped() -> None:
    word = a_word()
    children = f"""
import subprocess, sys
command = [sys.executable, "-c", "import time; much = b'x' * 2**26; time.sleep(10_000)", {word!r}]
for child in [subprocess.Popen(command) for _ in range(4)]: child.wait()
"""

    assert failure_of(children, Limits(memory_bytes=200 * 2**20)) == "takes more than 200 MB of memory"
    wait_until_gone(word)


def test_a_proof_can_measure_short_times() -> None:
    code = "import time\nstart = time.process_time()\nsum(range(10_000))\nvalue = 0 < time.process_time() - start < 1"

    assert value_of(code) == "True"


def test_a_file_does_not_grow_beyond_its_limit() -> None:
    limits = Limits(each_process=ProcessLimits(file_bytes=2**22))

    failure = failure_of("with open('big', 'wb') as file:\n    while True: file.write(b'x' * 2**20)", limits)

    assert failure == "ends in OSError in line 2: [Errno 27] File too large"


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_many_files_together_do_not_grow_beyond_the_folder(folder: str) -> None:
    code = f"n = 0\nwhile True:\n    n += 1\n    open(f'{folder}/{{n}}', 'wb').write(b'x' * 2**24)"

    assert "No space left on device" in failure_of(code)


def test_nothing_can_be_written_outside_the_folders_in_memory() -> None:
    places = ["/", "/usr", "/usr/bin", "/etc", "/dev", "/run", "/run/harness", "/proc", str(ROOT), str(ROOT / "build")]
    libraries = f"{sys.base_prefix}/lib"
    code = f"""
import os, pathlib, sys
places = {[*places, libraries]} + [sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)]
written = []
for place in places:
    try:
        pathlib.Path(place, "{CANARY}").write_text("")
    except OSError:
        continue
    written.append(place)
value = written
"""

    assert value_of(code) == "[]"
    assert not list(ROOT.glob(CANARY))
    assert not list((ROOT / "build").rglob(CANARY))


def test_what_is_written_in_the_folder_is_gone_with_the_next_proof() -> None:
    assert value_of("import os\nopen('here', 'w').close()\nvalue = os.listdir()") == "['here']"
    assert value_of("import os\nvalue = os.listdir()") == "[]"


def test_a_server_on_this_machine_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=5)"

        assert "ConnectionRefusedError" in failure_of(code)
        assert select.select([server], [], [], 0)[0] == []


def test_a_named_socket_of_this_machine_cannot_be_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket(socket.AF_UNIX) as named:
        abstract.bind("\0" + a_word())
        named.bind(str(tmp_path / "socket"))
        for server in (abstract, named):
            server.listen()
            code = f"import socket\nsocket.socket(socket.AF_UNIX).connect({server.getsockname()!r})"

            assert "Error" in failure_of(code)
            assert select.select([server], [], [], 0)[0] == []


def test_the_world_cannot_be_reached() -> None:
    assert "Network is unreachable" in failure_of(
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)"
    )


def test_a_proof_does_not_see_the_secrets_of_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", CANARY)
    secret = tmp_path / "secret_key"
    secret.write_text(CANARY)
    code = f"""
import glob, os
seen = dict(os.environ)
for name in [*glob.glob("/proc/*/environ"), *glob.glob("/proc/*/cmdline"), {str(secret)!r}, "{ROOT}/wsgi.py"]:
    try:
        seen[name] = open(name, "rb").read()
    except OSError:
        pass
value = sorted(name for name, text in seen.items() if {CANARY[:5]!r} + {CANARY[5:]!r} in str(text) or "wsgi" in name)
"""

    assert value_of(code) == "[]"


def test_of_the_project_a_proof_sees_only_the_harness_and_the_libraries() -> None:
    code = f"import os\nvalue = sorted(os.listdir('{ROOT}')), sorted(os.listdir('{ROOT}/build'))"

    assert value_of(code) == "(['build'], ['prove'])"


def test_a_proof_sees_no_process_but_its_own() -> None:
    word = a_word()
    with subprocess.Popen([sys.executable, "-c", "input()", word], stdin=subprocess.PIPE) as outsider:
        wait_until_running(word)
        code = (
            "import glob\nvalue = any(b'WORD' in open(name, 'rb').read() for name in glob.glob('/proc/[0-9]*/cmdline'))"
        )

        assert value_of(code.replace("WORD", word)) == "False"
        outsider.communicate()


def test_a_proof_is_not_root_and_cannot_become_it() -> None:
    code = """
import os, re
status = open("/proc/self/status").read()
capabilities = {line for line in status.splitlines() if re.match("Cap(Inh|Prm|Eff|Amb)", line)}
assert os.getuid() != 0 and set(os.getgroups()) <= {os.getgid(), 65534}, (os.getuid(), os.getgroups())
assert all(line.endswith("0" * 16) for line in capabilities) and "NoNewPrivs:\\t1" in status, status
os.setuid(0)
"""

    assert "Error in line 7" in failure_of(code)


def test_what_a_proof_leaves_running_ends_with_it() -> None:
    word = a_word()
    sleeper = f"[sys.executable, '-c', 'import time; time.sleep(10_000)', {word!r}]"

    assert value_of(f"import subprocess, sys\nsubprocess.Popen({sleeper}, start_new_session=True)\nvalue = 1") == "1"

    wait_until_gone(word)


def test_closing_ends_what_runs_and_lets_nothing_new_begin() -> None:
    word, sandbox, outcomes = a_word(), Sandbox(), list[Outcome]()
    job = Job(with_child(word, "import time; time.sleep(10_000)"))
    thread = threading.Thread(target=lambda: outcomes.append(sandbox.run(job)))
    thread.start()
    wait_until_running(word)

    sandbox.close()

    thread.join()
    wait_until_gone(word)
    assert outcomes[0].report is None
    assert sandbox.run(Job("value = 1")).report is None


def test_a_sandbox_does_not_outlive_the_process_that_made_it() -> None:
    word = a_word()
    job = with_child(word, "import time; time.sleep(10_000)")
    ours = f"from tracker.proofs.sandbox import *\nSandbox().run(Job({job!r}))"
    with subprocess.Popen([sys.executable, "-c", ours], cwd=ROOT) as owner:
        try:
            wait_until_running(word)
        finally:
            os.kill(owner.pid, signal.SIGKILL)

    wait_until_gone(word)


def test_closing_in_the_first_moments_of_a_sandbox_leaves_nothing_behind() -> None:
    adopting = """
import ctypes, os, threading, time
from tracker.proofs.sandbox import Job, Sandbox
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
for number in range(80):
    sandbox = Sandbox()
    thread = threading.Thread(target=sandbox.run, args=[Job("import time; time.sleep(10_000)")])
    thread.start()
    time.sleep(number / 10_000)
    sandbox.close()
    thread.join()
while True:
    try:
        os.waitpid(-1, 0)  # orphans are ours: this comes back only when the last has ended
    except ChildProcessError:
        break
"""
    subprocess.run([sys.executable, "-c", adopting], cwd=ROOT, check=True, timeout=60)
