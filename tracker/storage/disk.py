"""The disk that the instance folder is on."""

import shutil
from pathlib import Path

from flask import Flask, current_app

EXTENSION = "disk"


def connect(app: Flask, folder: Path) -> None:
    """Tell the app where its instance folder is."""
    app.extensions[EXTENSION] = folder


def get_free_bytes() -> int:
    """How much of the disk is free."""
    folder: Path = current_app.extensions[EXTENSION]
    return shutil.disk_usage(folder).free
