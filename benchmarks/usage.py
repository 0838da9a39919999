"""What the server's processes use, each by its part, and what everything else on the machine uses meanwhile."""

from dataclasses import dataclass

import psutil

PARTS = ("launcher", "granian", "worker 1", "worker 2", "document store")


@dataclass(frozen=True, slots=True)
class Usage:
    """Between `begin` and `end`: CPU seconds and peak memory (MiB) by part, and the CPU seconds of everybody else."""

    cpu_seconds: dict[str, float]
    peak_mib: dict[str, float]
    others_cpu_seconds: float


class Watch:
    """Watches a launcher and what it started; `sample` it often, for the peaks."""

    def __init__(self, launcher_pid: int) -> None:
        self._parts = _find_parts(psutil.Process(launcher_pid))
        self._peaks = dict.fromkeys(self._parts, 0)

    def begin(self) -> None:
        """Count from now."""
        self._peaks = dict.fromkeys(self._parts, 0)
        self._cpu_before = self._cpu()
        self._machine_before = _busy()

    def sample(self) -> None:
        """Look at the memory now."""
        for part, process in self._parts.items():
            self._peaks[part] = max(self._peaks[part], process.memory_info().rss)

    def end(self, *, bench_cpu_seconds: float) -> Usage:
        """What was used since `begin`; the bench's own share belongs to nobody else."""
        used = {part: seconds - self._cpu_before[part] for part, seconds in self._cpu().items()}
        others = _busy() - self._machine_before - sum(used.values()) - bench_cpu_seconds
        peaks = {part: rss / 2**20 for part, rss in self._peaks.items()}
        return Usage(used, peaks, max(0.0, others))

    def _cpu(self) -> dict[str, float]:
        times = {part: process.cpu_times() for part, process in self._parts.items()}
        return {part: spent.user + spent.system for part, spent in times.items()}


def _find_parts(launcher: psutil.Process) -> dict[str, psutil.Process]:
    """The processes by the names in PARTS."""
    children = launcher.children()
    granian = next(child for child in children if "granian" in " ".join(child.cmdline()))
    store = next(child for child in children if child != granian)
    return dict(zip(PARTS, (launcher, granian, *granian.children(), store), strict=True))


def _busy() -> float:
    """CPU seconds that the machine has spent on anything, all cores together."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))
