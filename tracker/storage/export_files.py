"""The files of exports, in a folder of the instance that only its owner may enter, each named by its export's id."""

from collections.abc import Collection
from pathlib import Path

from flask import Flask, current_app

from tracker.assessment.export_format import ExportFormat
from tracker.storage.private_file import make_private_folder, write_private_bytes

EXTENSION = "exports"
FOLDER = "exports"


def connect(app: Flask, instance: Path) -> None:
    """Keep the app's exports in a folder of this one."""
    app.extensions[EXTENSION] = instance / FOLDER


def put(export_id: str, format: ExportFormat, content: bytes) -> None:
    """Keep an export's file, in place of an older one."""
    make_private_folder(_folder())
    write_private_bytes(_file(export_id, format), content)


def find(export_id: str, format: ExportFormat) -> bytes | None:
    """What is in an export's file; None when there is none."""
    try:
        return _file(export_id, format).read_bytes()
    except FileNotFoundError:
        return None


def remove(export_id: str, format: ExportFormat) -> None:
    """Take an export's file away, if it is there."""
    _file(export_id, format).unlink(missing_ok=True)


def list_ids() -> set[str]:
    """Ids of all exports that have a file, or a draft of one that a crash left behind."""
    return {_id_of(file) for file in _files()}


def remove_all_of(export_ids: Collection[str]) -> None:
    """Take all files and drafts of these exports away."""
    for file in _files():
        if _id_of(file) in export_ids:
            file.unlink(missing_ok=True)


def _files() -> list[Path]:
    return [*_folder().iterdir()] if _folder().is_dir() else []


def _id_of(file: Path) -> str:
    return file.name.partition(".")[0]


def _file(export_id: str, format: ExportFormat) -> Path:
    return _folder() / f"{export_id}.{format}"


def _folder() -> Path:
    folder: Path = current_app.extensions[EXTENSION]
    return folder
