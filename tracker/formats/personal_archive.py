"""All that is kept of a person as one ZIP: JSON for programs, CSV for spreadsheets, a text that says what is what."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from tracker.formats.plain_text import plain

MOST_IN_MEMORY = 8 * 1024 * 1024
README = "README.txt"


class PersonalArchive:
    """A ZIP that is being written, whose file stays in memory while it is small. Used in a `with`."""

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 -- whoever sends it closes it
        self._zip = ZipFile(self.file, "w", ZIP_DEFLATED)
        self._told: list[str] = []

    def __enter__(self) -> "PersonalArchive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self.file.seek(0)
        if error:
            self.file.close()

    def add_json(self, name: str, what: str, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add a file with a list of objects, one after the other."""
        with self._zip.open(f"{name}.json", "w") as file:
            before = b"[\n"
            for entry in entries:
                file.write(before + json.dumps(entry, ensure_ascii=False, default=_to_json).encode())
                before = b",\n"
            file.write(b"[]\n" if before == b"[\n" else b"\n]\n")
        self._told.append(f"{name}.json: {what}")

    def add_csv(self, name: str, what: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add a table (RFC 4180, UTF-8 with its mark), its columns named in its first line; none without rows."""
        if not rows:
            return
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(rows[0])
        writer.writerows([_to_cell(value) for value in row.values()] for row in rows)
        self._zip.writestr(f"{name}.csv", out.getvalue().encode("utf-8-sig"))
        self._told.append(f"{name}.csv: {what}")

    def add_readme(self, head: str) -> None:
        """Add the text that says what the other files are."""
        self._zip.writestr(README, "\n".join([head, "", *self._told, ""]))


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no JSON for {type(value)}")


def _to_cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list | dict):
        return plain(json.dumps(value, ensure_ascii=False, default=_to_json))
    return "" if value is None else plain(str(value))
