"""Files only the owner may read, written whole or not at all: passwords, keys, addresses with passwords in them."""

import os
import secrets
import tempfile
from pathlib import Path

DRAFT = ".draft-"
"""How the name of a file begins that is not written whole yet."""


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter; one that exists is closed to others too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def make_private_file(file: Path) -> None:
    """Create an empty file that only its owner may read; one that exists keeps its text and is closed to others."""
    file.touch(mode=0o600)
    file.chmod(0o600)


def get_secret(file: Path) -> str:
    """The secret kept in this file: 256 random bits, made the first time, by whoever comes first."""
    if not file.is_file():
        draft = _draft(file.parent, secrets.token_urlsafe(32))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Replace a file's text in one step, so that no reader ever sees half of it."""
    _draft(file.parent, text).replace(file)


def write_private_bytes(file: Path, content: bytes) -> None:
    """Replace a file's content in one step; a draft that a crash leaves behind begins with the file's name."""
    _draft_bytes(file.parent, content, prefix=f"{file.name}-").replace(file)


def _draft(folder: Path, text: str) -> Path:
    return _draft_bytes(folder, f"{text}\n".encode(), prefix=DRAFT)


def _draft_bytes(folder: Path, content: bytes, *, prefix: str) -> Path:
    """A new file, 0600 from its first moment (mkstemp sees to that), safely on disk."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
