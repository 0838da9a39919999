"""The limits that hold for a proof and for everything it starts."""

import resource
from collections.abc import Mapping
from pathlib import Path

LIMITS = {
    "cpu_seconds": resource.RLIMIT_CPU,
    "memory_bytes": resource.RLIMIT_AS,
    "file_bytes": resource.RLIMIT_FSIZE,
    "open_files": resource.RLIMIT_NOFILE,
    "processes": resource.RLIMIT_NPROC,
    "core_bytes": resource.RLIMIT_CORE,
}
FIRST_TO_GO = "1000"


def confine(limits: Mapping[str, int]) -> None:
    """Set these limits for good; when the machine runs out of memory all the same, proofs are what ends."""
    for name, limit in limits.items():
        hard = limit + 1 if name == "cpu_seconds" else limit  # at the hard limit the kernel kills without telling why
        resource.setrlimit(LIMITS[name], (limit, hard))
    Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)
