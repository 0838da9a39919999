"""The image's definition, read and followed by hand where no container engine is.

The sandbox is what `compose.yaml` asks for, as far as bubblewrap goes: another user without any capability, a root that
is read-only, an instance folder and a /tmp of its own.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tracker.config import ROOT

HOME = Path("/srv/skillmark")
USER = 10001


def read_instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile and their words, in order."""
    joined = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    parts = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [(verb, " ".join(words.split())) for verb, words in parts]


INSTRUCTIONS = read_instructions((ROOT / "Dockerfile").read_text())


def words_of(verb: str) -> list[str]:
    """What an instruction says, each time it is given."""
    return [words for found, words in INSTRUCTIONS if found == verb]


def command_of(verb: str) -> list[str]:
    """The program that `CMD` or `HEALTHCHECK` names."""
    (words,) = words_of(verb)
    return [str(word) for word in json.loads(words[words.index("[") :])]


def command_beside() -> list[str]:
    """What `compose.yaml` runs beside the app."""
    service = (ROOT / "compose.yaml").read_text().partition("\n  command:")[2].partition("\n\n")[0]
    lines = re.findall(r"^    (?:entrypoint|command): \[(.+)\]$", service, re.MULTILINE)
    return [word.strip(' "') for line in lines for word in line.split(",")]


def build(folder: Path) -> None:
    """Copy into a folder what the image holds, as the definition says, and do there what it does without root."""
    for words in words_of("COPY"):
        *sources, target = shlex.split(words)
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (folder / target).mkdir(exist_ok=True, parents=True)
                shutil.copy(ROOT / source, folder / target)
    (folder / "instance").mkdir()
    (folder / "backups").mkdir()
    (compiling,) = [words for words in words_of("RUN") if "compileall" in words]
    subprocess.run(shlex.split(compiling.partition("&&")[0]), cwd=folder, env=environment(sys.prefix), check=True)


def environment(venv: str) -> dict[str, str]:
    """What the image's programs find around them."""
    own = dict(word.split("=", 1) for words in words_of("ENV") for word in shlex.split(words))
    return {"PATH": f"{venv}/bin:/usr/bin:/bin", **own}


def sandboxed(
    command: Sequence[str], *, image: Path, instance: Path, backups: Path | None = None, venv: str = sys.prefix
) -> list[str]:
    """A command line that runs a command in the image, as nobody in particular; with the backups' volume, if there."""
    volume = ("--bind", str(backups), str(HOME / "backups")) if backups else ()
    variables = [word for name, value in environment(venv).items() for word in ("--setenv", name, value)]
    return [
        *("bwrap", "--die-with-parent", "--unshare-user", "--uid", str(USER), "--gid", str(USER), "--cap-drop", "ALL"),
        *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", venv, venv),
        *("--tmpfs", "/srv", "--ro-bind", str(image), str(HOME), "--bind", str(instance), str(HOME / "instance")),
        *volume,
        *("--remount-ro", "/srv", "--chdir", str(HOME), "--clearenv", *variables, *command),
    ]


def is_sandbox_here() -> bool:
    """Whether bubblewrap can be used on this machine."""
    return os.name == "posix" and shutil.which("bwrap") is not None
