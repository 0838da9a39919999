"""What a proof sees: the command line that gives bubblewrap its view of the system.

That is the system's programs, the proofs' interpreter with its libraries, the harness, and folders in memory that are
empty at the start and gone at the end; no network but its own loopback, no process but its own. Root first becomes
somebody else: the limit on the number of processes does not hold for it.
"""

import os
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.config import ROOT
from tracker.errors import TrackerError

PYTHON = ROOT / "build" / "prove" / "bin" / "python"
HARNESS = Path(__file__).parent / "inside"
HARNESS_ROOT = Path("/run/harness")
HARNESS_MODULE = "tracker.proofs.inside"
HOME = "/tmp/proof"  # noqa: S108 -- in the sandbox, where nobody else is
FOLDER_BYTES = 256 * 1024**2
SHARED_MEMORY_BYTES = 64 * 1024**2
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# One for each sandbox, because the limit on processes counts all of one user's.
USER_IDS = range(61_000, 65_000)


class SandboxUnusable(TrackerError):
    """No proof can be run here; the message says what to install or change."""


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """The program, and the folder that the proofs' interpreter comes from."""

    program: str
    base: Path

    @classmethod
    def find(cls) -> "Bubblewrap":
        """The one of this machine. Raises: SandboxUnusable."""
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxUnusable("Proofs run in bubblewrap, which is not here: install it (apt install bubblewrap).")
        settings = PYTHON.parent.parent / "pyvenv.cfg"
        if not settings.is_file():
            raise SandboxUnusable("The libraries that items are about are not installed: run `make prove`.")
        home = next(line for line in settings.read_text().splitlines() if line.startswith("home"))
        return cls(program, Path(home.partition("=")[2].strip()).parent)

    def command(self, *, user_id: int, files: Mapping[str, int], report_to: int) -> list[str]:
        """The command line that runs the harness. `files`: descriptors of the texts of further files, by path."""
        return [self.program, *_confined(), *self._view(files), "--", *_as_user(user_id), *_harness(report_to)]

    def _view(self, files: Mapping[str, int]) -> Iterator[str]:
        """Later mounts may lie in earlier ones; the root, itself in memory, is closed when all are made."""
        yield from ("--ro-bind", "/usr", "/usr")
        for name in SYSTEM:
            yield from _system_folder(Path("/", name))
        yield from ("--proc", "/proc", "--dev", "/dev")
        yield from ("--perms", "1777", "--size", str(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm")  # noqa: S108
        yield from ("--remount-ro", "/dev")
        yield from ("--perms", "1777", "--size", str(FOLDER_BYTES), "--tmpfs", "/tmp")  # noqa: S108
        yield from ("--tmpfs", str(ROOT))  # it may lie in /usr
        yield from _read_only(PYTHON.parent.parent, PYTHON.parent.parent)
        if not self.base.is_relative_to("/usr"):
            yield from _read_only(self.base, self.base)
        yield from _read_only(HARNESS, HARNESS_ROOT.joinpath(*HARNESS_MODULE.split(".")))
        yield from ("--perms", "0755", "--dir", "/etc")
        yield from ("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")
        for path, descriptor in files.items():
            yield from ("--perms", "0644", "--file", str(descriptor), path)
        yield from ("--remount-ro", str(ROOT), "--remount-ro", "/", "--chdir", str(HARNESS_ROOT))


def choose_user_id() -> int:
    """Whom a proof runs as: ourselves, or for root somebody who owns nothing."""
    return os.getuid() or random.choice(USER_IDS)  # noqa: S311 -- no secret


def etc_files(user_id: int) -> dict[str, str]:
    """The few settings of a system that programs do not run without."""
    return {
        "/etc/passwd": f"proof:x:{user_id}:{user_id}::{HOME}:/bin/sh\n",
        "/etc/hosts": "127.0.0.1 localhost proof\n",
        "/etc/nsswitch.conf": "passwd: files\nhosts: files\n",
    }


def _confined() -> Iterator[str]:
    if os.getuid() == 0:
        yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
        yield from ("--cap-drop", "ALL")
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            yield from ("--cap-add", capability)
    else:
        yield "--unshare-all"
    yield from ("--hostname", "proof", "--die-with-parent", "--clearenv")
    environment = {
        "HOME": HOME,
        "PATH": f"{PYTHON.parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in environment.items():
        yield from ("--setenv", name, value)


def _as_user(user_id: int) -> Iterator[str]:
    if os.getuid() == 0:
        yield from ("/usr/bin/setpriv", "--reuid", str(user_id), "--regid", str(user_id), "--clear-groups")
        yield from ("--bounding-set=-all", "--inh-caps=-all", "--")


def _harness(report_to: int) -> tuple[str, ...]:
    return (str(PYTHON), "-m", HARNESS_MODULE, str(report_to))


def _system_folder(folder: Path) -> Iterator[str]:
    if folder.is_symlink():
        yield from ("--symlink", str(folder.readlink()), str(folder))
    elif folder.is_dir():
        yield from ("--ro-bind", str(folder), str(folder))


def _read_only(folder: Path, at: Path) -> Iterator[str]:
    """A folder of ours; bubblewrap would close those above it to everybody but their owner."""
    for above in reversed(at.parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(above))
    yield from ("--ro-bind", str(folder), str(at))
