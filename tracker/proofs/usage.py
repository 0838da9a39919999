"""What a process and all its descendants have used up, as Linux tells everybody in /proc."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time, that of descendants which have ended included; memory, where what is shared counts for each."""

    cpu_seconds: float
    memory_bytes: int


def measure(pid: int) -> Usage:
    """The usage of a process and its descendants; none when it has ended."""
    children, fields = defaultdict[int, list[int]](list), dict[int, list[str]]()
    for file in Path("/proc").glob("[0-9]*/stat"):
        stat = _read(file)
        if stat:
            fields[int(file.parent.name)] = stat
            children[int(stat[1])].append(int(file.parent.name))
    family = [pid]
    for member in family:
        family += children[member]
    found = [fields[member] for member in family if member in fields]
    return Usage(
        cpu_seconds=sum(int(ticks) for stat in found for ticks in stat[11:15]) / TICKS_PER_SECOND,
        memory_bytes=sum(int(stat[21]) for stat in found) * PAGE_BYTES,
    )


def _read(file: Path) -> list[str]:
    """The fields after the program's name, which may hold anything; nothing when the process has ended meanwhile."""
    try:
        return file.read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
