"""Item files whose key was moved to something wrong: what a proof must notice."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Table = dict[str, Any]


def move_key(item: Table) -> Iterator[Table]:
    """Copies of an item's file, each with the key at another wrong answer; none when its file foresees no wrong one."""
    match item["type"]:
        case "single":
            return _move_choices(item, item["options"])
        case "multiple":
            return _move_choices(item, item["options"])
        case "order":
            return _move_lines(item)
        case "match":
            return _move_pairs(item)
        case "gap":
            return (copy for gap in item["gaps"] for copy in _move_gap(item, gap))
        case _:
            return _move_typed(item, item)


def to_toml(table: Table) -> str:
    """The table as a file."""
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _move_choices(item: Table, options: list[Table]) -> Iterator[Table]:
    """Each distractor in turn takes the place of the first key."""
    first = next(option for option in options if option.get("key"))
    for option in options:
        if not option.get("key"):
            with_key = {**option, "key": True}
            with_key.pop("misconception", None)
            yield _replaced(item, options, {first["id"]: {**first, "key": False}, option["id"]: with_key})


def _replaced(item: Table, options: list[Table], changes: dict[str, Table]) -> Table:
    """A copy of the item in which these options, by id, are others."""
    kept = list(options)
    options[:] = [changes.get(option["id"], option) for option in kept]
    copy = deepcopy(item)
    options[:] = kept
    return copy


def _move_lines(item: Table) -> Iterator[Table]:
    """Each distractor takes the place of its line; without any, the first two lines change places."""
    lines, distractors = item["lines"], item.get("distractors", [])
    for wrong in distractors:
        copy = deepcopy(item)
        copy["distractors"] = [other for other in distractors if other != wrong]
        at = [line["id"] for line in lines].index(wrong.get("instead_of", lines[0]["id"]))
        copy["lines"][at]["code"] = wrong["code"]
        yield copy
    if not distractors:
        yield {**item, "lines": [lines[1], lines[0], *lines[2:]]}


def _move_pairs(item: Table) -> Iterator[Table]:
    """Each prompt gets, alone, each of the other options."""
    for number, prompt in enumerate(item["prompts"]):
        for option in item["options"]:
            if option["id"] != prompt["key"]:
                copy = deepcopy(item)
                copy["prompts"][number]["key"] = option["id"]
                for each in copy["options"]:
                    each.setdefault("note", "It was the key.")
                    if any(each["id"] == one["key"] for one in copy["prompts"]):
                        each.pop("misconception", None)
                yield copy


def _move_gap(item: Table, gap: Table) -> Iterator[Table]:
    return _move_choices(item, gap["options"]) if "options" in gap else _move_typed(item, gap)


def _move_typed(item: Table, place: Table) -> Iterator[Table]:
    """Each foreseen miss becomes what is accepted."""
    kept, name = dict(place), "answers" if "answers" in place else "answer"
    for miss in kept.get("misses", []):
        place["misses"] = [other for other in kept["misses"] if other != miss]
        place[name] = [miss["answer"]] if name == "answers" else miss["answer"]
        copy = deepcopy(item)
        place.update(kept)
        yield copy


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_value(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False)
