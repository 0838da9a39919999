"""What was aimed at, and whether it was reached: our own time and memory, and how many times ours a peer takes."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.scoring import ability as abilities
from benchmarks.scoring import calibration as calibrations
from benchmarks.scoring import selection as selections

OURS = calibrations.OURS
FORM = f"EAP, one form of {abilities.ANSWERS}"
OWN_ITEMS = f"EAP, each their own {abilities.ANSWERS} of {abilities.BANK:,}"
AREAS = f"5 areas and {abilities.TOPICS.size} topics, {abilities.ANSWERS} answers"
ATTEMPT = f"a profile after one more attempt of {abilities.ANSWERS}"
SIMULATION = f"simulation, {selections.LENGTH} items"
UNGUESSED = f"{SIMULATION}, nothing guessed"

Rows = Sequence[Any]


class Aim(NamedTuple):
    """What is measured, what it should be, what it is, and whether that is reached."""

    what: str
    wanted: str
    found: str
    is_met: bool


def judged(ability: Rows, selection: Rows, calibration: Rows) -> Iterator[Aim]:
    """All aims whose programs were measured."""
    for case, most, peers in (
        (("turn", 500), 30e-6, {"mirt": 25, "catsim": 35}),
        (("turn", 50_000), 30e-6, {"mirt": 400, "catsim": 2_000}),
        (("turn, 5 areas and 29 topics", 50_000), 1e-3, {}),
        ((SIMULATION, 500), None, {"mirt": 20, "catsim": 500}),
        ((UNGUESSED, 500), None, {"mirt (Rust)": 4}),
        ((SIMULATION, 5_000), None, {"mirt": 50, "catsim": 1_500}),
    ):
        yield from _judged(selection, f"{case[0]}, bank of {case[1]:,}", case, most, peers)
    for (task, people), most, peers in (
        ((FORM, abilities.PEOPLE), 40e-3, {"girth": 4, "mirt": 5}),
        ((OWN_ITEMS, abilities.PEOPLE), 80e-3, {"mirt": 100}),
        ((AREAS, abilities.PEOPLE), 15.0, {}),
        ((AREAS, 1), 1e-3, {}),
        ((ATTEMPT, 1), 5e-3, {}),
    ):
        rows = [row for row in ability if row.program != OURS or row.people == people]
        yield from _judged(rows, f"{task}, {people:,} at once", (task,), most, peers)
    squarem, _, girth = (program for program in calibrations.PROGRAMS if not program.startswith(OURS))
    for people, items, each, most, mib, peers in (
        (1_000, 100, 100, 30e-3, None, {squarem: 3, girth: 150}),
        (10_000, 200, 200, 0.5, None, {squarem: 6, girth: 100}),
        (20_000, 5_000, 20, None, None, {squarem: 50}),
        (50_000, 5_000, 20, 1.5, 400, {}),
        (500_000, 5_000, 20, 20.0, 1_000, {}),
    ):
        task = calibrations.Case(people, items, each).task
        what = f"calibration of {items:,} items, {people * each:,} responses"
        yield from _judged(calibration, what, (task, items, people * each), most, peers, mib=mib)


def _judged(
    rows: Rows, what: str, case: tuple[Any, ...], most: float | None, peers: dict[str, int], *, mib: int | None = None
) -> Iterator[Aim]:
    """The aims of one case: seconds for everybody in it, memory, and the least ratio to each peer."""
    found = {row.program: row for row in rows if row.case == case}
    ours = found[OURS]
    seconds = ours.seconds_each if isinstance(ours, selections.Row) else ours.seconds
    if most is not None:
        yield Aim(what, f"{duration(most)}", duration(seconds), seconds <= most)
    if mib is not None:
        yield Aim(f"{what}, memory", f"{mib:,} MiB", f"{ours.peak_mib:,.0f} MiB", ours.peak_mib <= mib)
    for program, least in peers.items():
        if program in found:
            ratio = found[program].cost / ours.cost
            yield Aim(f"{what}, beside {program}", f"{least:,} times", f"{times(ratio)} times", ratio >= least)


def times(ratio: float) -> str:
    """How many times ours: two digits, above a hundred a whole number."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2g}"


def duration(seconds: float) -> str:
    """In the unit that leaves at least one digit before the point."""
    unit, size = next(((unit, size) for unit, size in (("s", 1.0), ("ms", 1e-3)) if seconds >= size), ("µs", 1e-6))
    return f"{seconds / size:.3g} {unit}"
