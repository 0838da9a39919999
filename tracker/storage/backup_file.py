"""A backup: one ZIP file that only its owner may read, there whole or not at all.

| member | what |
|---|---|
| documents/NAME.bson | documents of a collection, one after the other, as `bsondump` reads them |
| tables/NAME.jsonl | rows of a table, a JSON object a line |
| manifest.json | what there is, with counts and checksums; written last |

The ZIP's comment, its last 64 bytes, is the SHA-256 of all bytes before it: nothing is changed or cut off unnoticed.
"""

import hashlib
import json
import math
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from tracker.errors import Conflict
from tracker.storage.checksum import Sum

FORMAT = 1
MANIFEST = "manifest.json"
NAME = "skillmark-{:%Y%m%dT%H%M%SZ}.zip"
NAMES = "skillmark-[0-9]*T[0-9]*Z.zip"
DRAFT = ".part"
HASH_LENGTH = 64
CHUNK = 1024 * 1024
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument, tz_aware=True)

OnRow = Callable[[], object]


class Kind(StrEnum):
    """Which store something is from."""

    DOCUMENTS = "documents"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Part:
    """One member: rows of a table or documents of a collection. sha256: of its bytes; checksum: see `Sum`."""

    member: str
    kind: Kind
    name: str
    rows: int
    checksum: str
    sha256: str

    @property
    def sum(self) -> Sum:
        """What all its rows add up to."""
        return Sum(self.rows, int(self.checksum, 16))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup. revision: of the tables. newest_ids: the highest id that each table ever gave."""

    made_at: str
    app: str
    revision: str
    newest_ids: Mapping[str, int]
    parts: tuple[Part, ...]
    format: int = FORMAT

    def sums(self) -> dict[tuple[Kind, str], Sum]:
        """What each table's rows and each collection's documents add up to."""
        found: dict[tuple[Kind, str], Sum] = {}
        for part in self.parts:
            found[part.kind, part.name] = found.get((part.kind, part.name), Sum()) + part.sum
        return found


class Draft:
    """A backup that is being written."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.parts: list[Part] = []

    def write(self, kind: Kind, name: str, contents: Iterable[bytes], on_row: OnRow) -> None:
        """Add rows or documents of this name; what a name has already stays."""
        number = sum((part.kind, part.name) == (kind, name) for part in self.parts)
        ending = "bson" if kind is Kind.DOCUMENTS else "jsonl"
        member = f"{kind}/{name}{f'-{number + 1}' if number else ''}.{ending}"
        digest, total = hashlib.sha256(), Sum()
        with self._archive.open(member, "w", force_zip64=True) as file:
            for content in contents:
                file.write(content)
                digest.update(content)
                total = total.plus([content])
                on_row()
        self.parts.append(Part(member, kind, name, total.rows, f"{total.checksum:064x}", digest.hexdigest()))

    def close(self, *, made_at: datetime, app: str, revision: str, newest_ids: Mapping[str, int]) -> None:
        """Say what there is."""
        manifest = Manifest(made_at.isoformat(), app, revision, newest_ids, tuple(self.parts))
        self._archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


class Backup:
    """A backup that was found sound. hash: the SHA-256 that says all of it."""

    def __init__(self, archive: ZipFile, manifest: Manifest, hash: str) -> None:
        self._archive = archive
        self.manifest = manifest
        self.hash = hash

    def list_parts(self, kind: Kind) -> list[Part]:
        """The members from one of the stores, in the order they were written."""
        return [part for part in self.manifest.parts if part.kind is kind]

    def read_documents(self, part: Part) -> Iterator[RawBSONDocument]:
        """The documents in a member."""
        with self._archive.open(part.member) as file:
            yield from bson.decode_file_iter(file, RAW)

    def read_rows(self, part: Part) -> Iterator[dict[str, Any]]:
        """The rows in a member."""
        with self._archive.open(part.member) as file:
            yield from map(json.loads, file)


@contextmanager
def drafted(file: Path) -> Iterator[Draft]:
    """A draft that becomes this file once it is closed; of one that is broken off nothing stays.

    Raises: Conflict when the file is there, or cannot be written.
    """
    if file.exists():
        raise Conflict(f"{file} is there already. Nothing was changed.")
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem, suffix=DRAFT)
        try:
            with os.fdopen(handle, "w+b") as written:
                with ZipFile(written, "w", ZIP_DEFLATED) as archive:
                    archive.comment = b"0" * HASH_LENGTH
                    yield Draft(archive)
                written.seek(-HASH_LENGTH, os.SEEK_END)
                end = written.tell()
                written.write(_hash_until(Path(name), end).encode())
                written.flush()
                os.fsync(written.fileno())
            Path(name).rename(file)
        finally:
            Path(name).unlink(missing_ok=True)
        _sync(file.parent)
    except OSError as error:
        said = f"The backup cannot be written to {file.parent}: {error.strerror}. Nothing is left of it."
        raise Conflict(said) from None


@contextmanager
def opened(file: Path) -> Iterator[Backup]:
    """A backup, every byte of which was looked at. Raises: Conflict when it is not whole, or of a newer format."""
    manifest, hash = _check(file)
    with ZipFile(file) as archive:
        yield Backup(archive, manifest, hash)


def remove_older(folder: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest backups that bear the names we give. Returns: which went."""
    older = sorted(folder.glob(NAMES))[:-keep]
    for file in older:
        file.unlink()
    return older


def remove_drafts(folder: Path, *, before: datetime) -> None:
    """Remove what a killed command left behind before a moment."""
    for draft in folder.glob(f"skillmark-*{DRAFT}"):
        if draft.stat().st_mtime < before.timestamp():
            draft.unlink(missing_ok=True)


def _check(file: Path) -> tuple[Manifest, str]:
    try:
        hash = _check_whole(file)
        with ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            _check_parts(archive, manifest)
    except OSError as error:
        raise Conflict(f"{file} cannot be read: {error.strerror}.") from None
    except (BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
        raise Conflict(f"{file} is no whole backup ({error}). Nothing was changed; take another one.") from None
    return manifest, hash


def _check_whole(file: Path) -> str:
    size = file.stat().st_size
    if size <= HASH_LENGTH:
        raise BadZipFile("it is too short")
    hash = _hash_until(file, size - HASH_LENGTH)
    with file.open("rb") as read:
        read.seek(size - HASH_LENGTH)
        if read.read() != hash.encode():
            raise BadZipFile("its bytes are not those that were written")
    return hash


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    """Raises: Conflict for a newer format."""
    said = json.loads(archive.read(MANIFEST))
    if said["format"] != FORMAT:
        raise Conflict(f"{file} is of a newer version (format {said['format']}). Take that version to restore it.")
    parts = tuple(Part(**{**part, "kind": Kind(part["kind"])}) for part in said.pop("parts"))
    return Manifest(**said, parts=parts)


def _check_parts(archive: ZipFile, manifest: Manifest) -> None:
    if sorted(archive.namelist()) != sorted([MANIFEST, *(part.member for part in manifest.parts)]):
        raise BadZipFile("its members are not those of its manifest")
    for part in manifest.parts:
        with archive.open(part.member) as file:
            if _hash_of(file) != part.sha256:
                raise BadZipFile(f"{part.member} was changed")


def _hash_until(file: Path, end: int) -> str:
    with file.open("rb") as read:
        return _hash_of(read, end)


def _hash_of(file: IO[bytes], most: float = math.inf) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(int(min(CHUNK, most))):
        digest.update(chunk)
        most -= len(chunk)
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
