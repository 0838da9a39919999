"""Whether steps that were made again are those that were shown."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from tracker.scoring.next_steps.step import NextStep

TOLERANCE = 1e-6
MOMENT = timedelta(seconds=1)  # a document store keeps milliseconds


def differences(shown: Sequence[NextStep], replayed: Sequence[NextStep]) -> list[str]:
    """What differs by more than rounding, one line each; nothing when they are equal."""
    return [
        f"step {number}, {name}: {was} then, {now} now"
        for number, (before, after) in enumerate(zip_longest(shown, replayed), start=1)
        for name, was, now in _differing(_values(before), _values(after))
    ]


def _differing(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if not _is_equal(was, now):
            yield name, was, now


def _is_equal(was: object, now: object) -> bool:
    if isinstance(was, float) and isinstance(now, float):
        return math.isclose(was, now, rel_tol=0, abs_tol=TOLERANCE)
    if isinstance(was, datetime) and isinstance(now, datetime):
        return abs(was - now) < MOMENT
    return was == now


def _values(step: NextStep | None) -> dict[str, Any]:
    return dict(_flat("", asdict(step))) if step else {"rule": None}


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every plain value in this one, by the names and places that lead to it."""
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, (list, tuple)):
        parts = list(enumerate(value, start=1))
    else:
        yield name.lstrip("."), value
        return
    for part, inner in parts:
        yield from _flat(f"{name}.{part}", inner)
