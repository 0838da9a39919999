"""The disk that the instance folder is on."""

import shutil
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app

from tracker.storage.private_file import DRAFT

EXTENSION = "disk"


def connect(app: Flask, folder: Path) -> None:
    """Tell the app where its instance folder is."""
    app.extensions[EXTENSION] = folder


def get_free_bytes() -> int:
    """How much of the disk is free."""
    folder: Path = current_app.extensions[EXTENSION]
    return shutil.disk_usage(folder).free


def list_drafts(*, before: datetime) -> list[Path]:
    """The files in the instance folder that a crash before this moment left half written."""
    folder: Path = current_app.extensions[EXTENSION]
    drafts = [*folder.glob(f"{DRAFT}*"), *folder.glob(f"*/{DRAFT}*")]
    return sorted(draft for draft in drafts if draft.stat().st_mtime < before.timestamp())
