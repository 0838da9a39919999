"""What the figures were measured on."""

import os
import platform
import shutil
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("flask", "sqlalchemy", "pymongo", "granian", "numpy")
DURABLE_WRITES = 100


def describe(folder: Path) -> list[str]:
    """One fact a line: processor, memory, disk, system, versions."""
    store = "mongod" if shutil.which("mongod") else f"SecantusDB {version('secantusdb')}"
    return [
        f"{os.cpu_count()} cores ({_processor()}), {psutil.virtual_memory().total / 2**30:.0f} GiB of memory",
        f"one durable write of 4 kB to the disk (write and fsync): {_durable_write_ms(folder):.2f} ms",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"document store: {store}, durable writes; people: SQLite {sqlite3.sqlite_version}, WAL, `synchronous=FULL`",
        ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


def _processor() -> str:
    """The processor's name, where the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.is_file() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _durable_write_ms(folder: Path) -> float:
    """The median time of writing 4 kB for good."""
    file = folder / "durable"
    times = []
    with file.open("wb", buffering=0) as writer:
        for _ in range(DURABLE_WRITES):
            begun = time.perf_counter()
            writer.write(bytes(4096))
            os.fsync(writer.fileno())
            times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)
