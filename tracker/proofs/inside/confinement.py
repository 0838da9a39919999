"""The limits that hold for a proof and for everything it starts."""

import resource
from collections.abc import Mapping
from pathlib import Path

LIMITS = {
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
        resource.setrlimit(LIMITS[name], (limit, limit))
    Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)
