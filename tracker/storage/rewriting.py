"""Writing the embedded document store's data anew, so that its files hold nothing of what was deleted.

A server marks deleted documents as free space, and keeps what was written in its logs for a while: their bytes stay in
the files. Copying what there is into a new server's folder leaves all that behind. It is done when the store starts and
somebody was erased since the last time. When it cannot be, the old data are served, and it is tried at the next start.

The folder is changed by two renamings; what a crash leaves is finished or cleared away at the next start.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument
from flask import Flask, current_app
from pymongo import MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from tracker.processes import NotStarted
from tracker.storage.batches import batched

EXTENSION = "rewriting"
WANTED = "rewrite"
NEW = "rewritten"
OLD = "replaced"
AT_ONCE = 500
MIB = 1024 * 1024


def connect(app: Flask, folder: Path) -> None:
    """Tell the app where its embedded store is, if it has one."""
    app.extensions[EXTENSION] = folder


def want() -> None:
    """Let the app's embedded store, if it has one, write its data anew when it starts next."""
    folder: Path = current_app.extensions[EXTENSION]
    if folder.is_dir():
        (folder / WANTED).touch(mode=0o600)


def is_wanted(folder: Path) -> bool:
    """Whether a store is to write its data anew."""
    return (folder / WANTED).exists()


def tidy(folder: Path) -> None:
    """Finish what a crash interrupted between the two renamings, and clear away the rest."""
    for old in folder.glob(f"{OLD}/*"):
        new = folder / NEW / old.name
        if new.is_dir() and not (folder / old.name).exists():
            new.rename(folder / old.name)
            (folder / WANTED).unlink(missing_ok=True)
    _clear(folder)


def replace(data: Path) -> None:
    """Let the new data take the place of the old ones, for good."""
    folder = data.parent
    (folder / OLD).mkdir(mode=0o700)
    data.rename(folder / OLD / data.name)
    (folder / NEW / data.name).rename(data)
    (folder / WANTED).unlink()
    _clear(folder)


def check_room(data: Path) -> None:
    """Raises: NotStarted when the disk has no room for a copy of the data."""
    needed = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    free = shutil.disk_usage(data).free
    if free < needed:
        raise NotStarted(
            f"A copy of {data} takes up to {needed // MIB + 1} MiB, and the disk has {free // MIB} MiB left: make room."
        )


def copy(old_uri: str, new_uri: str) -> None:
    """Copy every collection with its rules, indexes and documents, also those that are older than the rules.

    Raises: NotStarted when the copy is not the same.
    """
    with _database(old_uri) as old, _database(new_uri) as new:
        for described in list(old.list_collections()):
            name = described["name"]
            if name.startswith("system."):
                continue
            there = new.create_collection(name, **described.get("options", {}))
            _copy_indexes(old[name], there)
            _copy_documents(old[name], there)


def _copy_indexes(old: Collection[Any], new: Collection[Any]) -> None:
    for index in old.list_indexes():
        options = {name: value for name, value in index.items() if name not in {"key", "v", "ns"}}
        if options["name"] != "_id_":
            new.create_index(list(index["key"].items()), **options)


def _copy_documents(old: Collection[Any], new: Collection[Any]) -> None:
    copied = 0
    for some in batched(old.find(), AT_ONCE):
        new.insert_many(some, bypass_document_validation=True)
        copied += len(some)
    if copied != old.estimated_document_count() or copied != new.count_documents({}):
        raise NotStarted(f"The copy of {old.name} is not the same, so the store was not written anew.")


@contextmanager
def _database(uri: str) -> Iterator[Database[RawBSONDocument]]:
    with MongoClient(uri, document_class=RawBSONDocument) as client:
        yield client.get_default_database(write_concern=WriteConcern("majority", j=True))


def _clear(folder: Path) -> None:
    for name in (NEW, OLD):
        shutil.rmtree(folder / name, ignore_errors=True)
