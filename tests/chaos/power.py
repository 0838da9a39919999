"""A disk that can lose power: a file system in a file, shut down so that whatever was not synced is gone.

ext4's own shutdown (as the kernel's file system tests use it) drops in one instant everything that is only in memory:
data that were not written back, and the journal that was not committed. What it cannot show: a drive that keeps writes
in a cache of its own and forgets them although it was asked to flush.
"""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

TOOLS = ("mkfs.ext4", "mount", "umount")
MEBIBYTES = 512
SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
WITHOUT_FLUSHING_THE_LOG = struct.pack("I", 2)


class Disk:
    """A mounted file; made by `make_disk`."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image

    def lose_power(self) -> None:
        """From now on nothing is written any more, and nothing can be read."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUT_DOWN, WITHOUT_FLUSHING_THE_LOG)
        finally:
            os.close(handle)

    def come_back(self) -> None:
        """Mount what had reached the disk; nobody may have a file of it open."""
        self.unmount()
        self.mount()

    def mount(self) -> None:
        """Make it readable in its folder."""
        _run("mount", "-o", "loop", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Take it from its folder; the loop device goes with it."""
        if self.folder.is_mount():
            _run("umount", str(self.folder))


@contextmanager
def make_disk(folder: Path, *, mebibytes: int = MEBIBYTES) -> Iterator[Disk]:
    """A new, empty disk in this folder; gone at the end. Raises: CalledProcessError, OSError."""
    image, place = folder / "disk.img", folder / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(mebibytes * 2**20)
    _run("mkfs.ext4", "-q", str(image))
    disk = Disk(image, place)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()
        image.unlink()


def why_not() -> str:
    """Why no such disk can be made on this machine; empty when it can."""
    if sys.platform != "linux":
        return "it needs Linux"
    if os.geteuid() != 0:
        return "it needs root, to mount a file"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"it needs {', '.join(missing)}"
    with TemporaryDirectory() as folder:
        try:
            with make_disk(Path(folder), mebibytes=32) as disk:
                disk.lose_power()
        except (OSError, subprocess.CalledProcessError) as error:
            return f"a file cannot be mounted and shut down here ({error})"
    return ""


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)
