"""The matrix of a cohort: its members by areas or by the topics of one area, as far as its leads see each of them.

Who needs help first comes first. A cohort too large for that is shown by name, and only what is on the page is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.roadmap import Area
from tracker.assessment.target import LEVEL_NAMES, goals_of, wanted_levels
from tracker.errors import NotFound
from tracker.scoring.need import UNKNOWN, in_need_first, needs, shown_levels
from tracker.scoring.spread import Spread, spreads
from tracker.services import targets
from tracker.services.seen_members import Cell, Column, Row, SeenMembers, list_columns, read_members
from tracker.storage import cohorts as stored_cohorts
from tracker.storage.cohort_tables import Cohort
from tracker.storage.question_bank import get_bank

MOST_SORTED = 1000
"""A larger cohort is shown by name only: to sort or to filter it, everybody's standing would have to be read."""

ROWS = 50
MOST_HELPED = 5
ACTIVE_WITHIN = timedelta(days=30)
NOT_ENOUGH = "unknown"


class Order(StrEnum):
    """What a matrix is sorted by."""

    NEED = "need"
    NAME = "name"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a matrix is asked for. area: whose topics are the columns; empty for the areas. page: from 1.

    skill and at_most: only members at this level or below in this area or topic, or NOT_ENOUGH known of there.
    is_active: only members who answered within the last thirty days, or only the others.
    """

    area: str = ""
    order: Order = Order.NEED
    skill: str = ""
    at_most: str = ""
    is_active: bool | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody who needs help, and why: where they are below what is wanted, what is sure first."""

    row: Row
    lacks: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of a cohort's matrix for its leads.

    area: whose topics are the columns. members: of the whole cohort. found: how many of them the filters leave.
    is_whole: it is small enough to be sorted and summed up; otherwise there are neither helped nor spreads.
    """

    cohort: Cohort
    area: Area | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    members: int
    found: int
    page: int
    is_whole: bool
    has_targets: bool
    helped: tuple[Helped, ...] = ()
    spreads: tuple[tuple[Column, Spread], ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return _pages(self.found)

    @property
    def near_pages(self) -> list[int]:
        """The first, the last, and those around this one."""
        around = range(self.page - 2, self.page + 3)
        return sorted({1, self.pages, *(number for number in around if 1 <= number <= self.pages)})


def make_matrix(cohort: Cohort, wanted: Wanted, now: datetime) -> Matrix:
    """A page of a cohort's matrix. Raises: NotFound for an area or a topic that there is not."""
    area = _find_area(wanted.area)
    count = sum(stored_cohorts.count_agreed(cohort.id).values())
    own = targets.list_targets(cohort.id)
    columns = list_columns(area, wanted_levels(own, get_bank().roadmap))
    if count > MOST_SORTED:
        return _by_name(cohort, area, columns, count, wanted.page, now)
    everybody = read_members(stored_cohorts.list_members(cohort.id, skip=0, most=MOST_SORTED), cohort, now)
    goals = goals_of(own, get_bank().roadmap)
    in_need = in_need_first(everybody.known, everybody.sees, goals)
    fitting = _fitting(everybody, wanted, now)
    found = [at for at in _in_order(wanted.order, in_need, everybody) if fitting[at]]
    page = min(wanted.page, _pages(len(found)))
    return Matrix(
        cohort=cohort,
        area=area,
        columns=columns,
        rows=everybody.rows(found[(page - 1) * ROWS : page * ROWS], columns),
        members=count,
        found=len(found),
        page=page,
        is_whole=True,
        has_targets=bool(own),
        helped=_helped(everybody, in_need, goals),
        spreads=_spreads(everybody, columns),
    )


def _by_name(
    cohort: Cohort, area: Area | None, columns: tuple[Column, ...], count: int, page: int, now: datetime
) -> Matrix:
    """A page of a large cohort: only those on it are read."""
    page = min(page, _pages(count))
    shown = read_members(stored_cohorts.list_members(cohort.id, skip=(page - 1) * ROWS, most=ROWS), cohort, now)
    return Matrix(
        cohort=cohort,
        area=area,
        columns=columns,
        rows=shown.rows(range(len(shown.members)), columns),
        members=count,
        found=count,
        page=page,
        is_whole=False,
        has_targets=any(column.target for column in columns),
    )


def _find_area(slug: str) -> Area | None:
    found = next((area for area in get_bank().roadmap.areas if area.slug == slug), None)
    if slug and found is None:
        raise NotFound
    return found


def _in_order(order: Order, in_need: Sequence[int], everybody: SeenMembers) -> Sequence[int]:
    """Everybody's places in this order; they were read by name."""
    if order is Order.NEED:
        return in_need
    if order is Order.NAME:
        return range(len(everybody.members))
    return [int(at) for at in np.argsort(-np.nan_to_num(everybody.last_answered), kind="stable")]


def _fitting(everybody: SeenMembers, wanted: Wanted, now: datetime) -> NDArray[np.bool_]:
    """Of everybody, whether the filters leave them. Raises: NotFound for a skill that there is not."""
    fitting = np.ones(len(everybody.members), dtype=np.bool_)
    if wanted.skill and wanted.at_most:
        fitting &= _is_at_most(everybody, wanted.skill, wanted.at_most)
    if wanted.is_active is not None:
        since = (now - ACTIVE_WITHIN).timestamp()
        fitting &= (np.nan_to_num(everybody.last_answered) >= since) == wanted.is_active
    return fitting


def _is_at_most(everybody: SeenMembers, skill: str, level: str) -> NDArray[np.bool_]:
    if skill not in everybody.known.skills:
        raise NotFound
    levels = shown_levels(everybody.known)[:, everybody.known.place(skill)]
    if level == NOT_ENOUGH:
        return np.asarray(levels == UNKNOWN)
    return np.asarray((levels != UNKNOWN) & (levels <= LEVEL_NAMES.index(level)))


def _helped(everybody: SeenMembers, in_need: Sequence[int], goals: Mapping[str, str]) -> tuple[Helped, ...]:
    need = np.nan_to_num(needs(everybody.known, everybody.sees, goals))
    places = [at for at in in_need if need[at] > 0][:MOST_HELPED]
    columns = [column for area in get_bank().roadmap.areas for column in list_columns(area, goals) if column.target]
    return tuple(Helped(row, _lacks(row)) for row in everybody.rows(places, columns))


def _lacks(row: Row) -> tuple[Cell, ...]:
    below = [cell for cell in row.cells if cell.gap and cell.gap.direction == "below"]
    return tuple(sorted(below, key=lambda cell: not (cell.gap and cell.gap.is_sure)))


def _spreads(everybody: SeenMembers, columns: Sequence[Column]) -> tuple[tuple[Column, Spread], ...]:
    by_skill = {spread.skill: spread for spread in spreads(everybody.known, everybody.sees)}
    return tuple((column, by_skill[column.skill]) for column in columns)


def _pages(count: int) -> int:
    return max(1, -(-count // ROWS))
