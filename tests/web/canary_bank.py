"""The real question bank with a marker in everything that must stay on the server while an attempt is open."""

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

CANARY = "zebrafinch"
NUMBER = 7310864200000
"""Numbers cannot carry a word: the canaries of number items begin with these digits."""
DIGITS = "73108642"

Table = dict[str, Any]


def write_canary_bank(source: Path, target: Path, change: Callable[[Table], None] = lambda item: None) -> None:
    """Copy a bank with markers in it; `change` is done to each item in the end."""
    shutil.copytree(source, target)
    for path in sorted((target / "items").rglob("*.toml")):
        item = _marked_item(tomllib.loads(path.read_text()))
        change(item)
        path.with_name(f"{CANARY}-slug-{path.name}").write_text(_toml(item))
        path.unlink()
    misconceptions = target / "misconceptions.toml"
    table = tomllib.loads(misconceptions.read_text())
    for entry in table["misconceptions"]:
        _mark(entry, "slug", "name", "description")
    misconceptions.write_text(_toml(table))
    sample = target / "sample.toml"
    shown = tomllib.loads(sample.read_text())
    for option in shown["options"]:
        _mark(option, "misconception")
    sample.write_text(_toml(shown))


def _marked_item(item: Table) -> Table:
    _mark(item, "explanation")
    _mark(item["source"], "title", "version")
    item["source"]["url"] = f"https://{CANARY}-source.example.org/"
    item["proof"] = {"kind": "cited", "facts": [f"{CANARY}-fact", f"{CANARY}-fact"]}
    for part in ("options", "lines", "distractors", "prompts"):
        _mark_choices(item.get(part, []))
    _mark_typed(item)
    for gap in item.get("gaps", []):
        _mark_choices(gap.get("options", []))
        _mark_typed(gap)
    return item


def _mark_choices(choices: list[Table]) -> None:
    """Mark what can be chosen or stands to be matched; what names another's id is marked like that."""
    for choice in choices:
        _mark(choice, "id", "note", "misconception")
        for name in {"instead_of", "key"} & choice.keys():
            if isinstance(choice[name], str):
                choice[name] = f"{CANARY}-id {choice[name]}"


def _mark_typed(table: Table) -> None:
    """Mark what is typed: numbers by their digits."""
    is_number = table.get("type") == "number"
    for number, miss in enumerate(table.get("misses", []), start=1):
        _mark(miss, "note", "misconception")
        miss["answer"] = NUMBER + number if is_number else f"{CANARY}-miss {miss['answer']}"
    if is_number:
        table["answer"], table["tolerance"] = NUMBER, 0
    elif "answer" in table:
        _mark(table, "answer")
    elif "answers" in table:
        table["answers"] = [f"{CANARY}-answer {text}" for text in table["answers"]]


def _mark(table: Table, *names: str) -> None:
    for name in names:
        if name in table:
            kind = "misconception" if name in {"slug", "misconception"} else name
            table[name] = f"{CANARY}-{kind} {table[name]}"


def _toml(table: Table) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_value(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
