"""Reading a TOML table of the bank field by field, gathering every fault instead of stopping at the first."""

import math
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any


def read_toml(path: Path, *, root: Path, faults: list[str]) -> "Fields":
    """The top table of a file; when it cannot be read, an empty one and a fault that says why."""
    name = path.relative_to(root).as_posix()
    try:
        return Fields(tomllib.loads(path.read_text(encoding="utf-8")), name, faults)
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{name}: not valid TOML: {error}")
    return Fields({}, name, [])


@dataclass
class Fields:
    """One table. Reading a field checks it; `done` reports the fields that nobody asked for."""

    table: dict[str, Any]
    where: str
    faults: list[str]
    asked: set[str] = field(default_factory=set)

    def fault(self, name: str, reason: str) -> None:
        """Report a field of this table."""
        self.faults.append(f"{self.where}: {name}: {reason}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._get(name, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.fault(name, "a text is needed")
            return ""
        return value

    def texts(self, name: str, *, among: Collection[str] | None = None, at_least: int = 0) -> tuple[str, ...]:
        """A list of texts, each one of `among` when that is given."""
        value = self._get(name, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            self.fault(name, "a list of texts is needed")
            return ()
        if len(value) < at_least:
            self.fault(name, f"at least {at_least} needed")
        if among is not None:
            for entry in value:
                if entry not in among:
                    self.fault(name, f"{entry} is none of: {', '.join(among)}")
        return tuple(value)

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """A text out of a fixed choice; the first choice stands in for a faulty one."""
        value = self._get(name)
        if value not in choices:
            self.fault(name, f"must be one of: {', '.join(choices)}")
            return choices[0] if choices else ""
        return str(value)

    def url(self, name: str) -> str:
        """An https address."""
        value = self.text(name)
        if value and not value.startswith("https://"):
            self.fault(name, "an https:// address is needed")
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault(name, f"a whole number from {least} to {most} is needed")
            return least
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """Any finite number."""
        value = self._get(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            self.fault(name, "a number is needed")
            return 0.0
        return float(value)

    def text_or_number(self, name: str) -> str:
        """A text, or a number as it is typed."""
        value = self._get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return repr(value) if is_number else self.text(name)

    def date(self, name: str) -> date:
        """A day, written without time."""
        value = self._get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(name, "a date such as 2026-11-22 is needed")
            return date.min
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false; the default when absent."""
        value = self._get(name, default=default)
        if not isinstance(value, bool):
            self.fault(name, "must be true or false")
            return False
        return value

    def entry(self, name: str) -> "Fields":
        """A table in this one."""
        value = self._get(name)
        if not isinstance(value, dict):
            self.fault(name, "a table is needed")
            return Fields({}, f"{self.where}: {name}", [])
        return Fields(value, f"{self.where}: {name}", self.faults)

    def find_entry(self, name: str) -> "Fields | None":
        """A table in this one; None when there is none."""
        return self.entry(name) if name in self.table else None

    def tables(self, name: str, *, at_least: int = 0, at_most: int | None = None) -> "list[Fields]":
        """A list of tables, each named by its slug, id or number."""
        value = self._get(name, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault(name, "a list of tables is needed")
            return []
        if len(value) < at_least or (at_most is not None and len(value) > at_most):
            upper = f" to {at_most}" if at_most is not None else " or more"
            self.fault(name, f"{at_least}{upper} needed, there are {len(value)}")
        return [
            Fields(entry, f"{self.where}: {name}[{entry.get('slug') or entry.get('id') or number}]", self.faults)
            for number, entry in enumerate(value, start=1)
        ]

    def done(self) -> None:
        """Report every field that nobody asked for."""
        for name in sorted(self.table.keys() - self.asked):
            self.fault(name, "there is no such field")

    def _get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return self.table.get(name, default)
