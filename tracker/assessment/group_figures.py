"""Figures of a group of people, as they were told, and what each telling rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from tracker.assessment.item_statistics import Figure

Part = tuple[int, int]
"""A learner's id, and which of their data is meant: another number once it is another datum."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one telling of a figure rests on.

    cell: which figure it is; months of one trend are one cell. groups: the parts that numbers are given of, each group
    apart, without those that the readers see anyway. about: what of each part is counted, a sum each. known: the parts,
    in the groups or besides, that leads of some cohort see.
    """

    cell: str
    groups: tuple[frozenset[Part], ...]
    about: tuple[str, ...]
    known: frozenset[Part] = frozenset()

    @property
    def parts(self) -> frozenset[Part]:
        """The parts of all groups."""
        return frozenset[Part]().union(*self.groups)

    def without(self, parts: frozenset[Part]) -> "Telling":
        """What it is to somebody who sees these parts anyway."""
        return replace(self, groups=tuple(group - parts for group in self.groups))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of n, as a share with its interval. Near an end the value is not told.

    end: few where at most one did, most where all did but at most one. blurred where this is so of those alone whose
    answers are hidden: then no more than the interval is told.
    """

    n: int
    value: float | None
    low: float
    high: float
    end: Literal["few", "most", "blurred"] | None = None


@dataclass(frozen=True, slots=True)
class HeldMisconception:
    """Of those who met a misconception, how many chose it when they met it last."""

    slug: str
    told_at: datetime
    share: Share


@dataclass(frozen=True, slots=True)
class ChosenOption:
    """One option of an item: its share among all, and among the least able third, the middle and the most able.

    by_third: empty where it may not be told.
    """

    name: str
    is_key: bool
    share: Share
    by_third: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """How a version of an item's file went, by each person's first answer to it.

    item_rest: None where it cannot be told. median_seconds: of the timed, who did answer. rules: what it surely breaks.
    """

    item_id: str
    version: str
    told_at: datetime
    right: Share
    item_rest: Figure | None
    median_seconds: int | None
    timed: int
    options: tuple[ChosenOption, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The mean score of n members in an area at a month's end, as was known then, with its 90 % interval.

    month: when it ended. change: what may be claimed of those measured at the point before too; None where nothing may.
    """

    area_slug: str
    month: datetime
    told_at: datetime
    n: int
    value: int
    low: int
    high: int
    change: Literal["risen", "fallen"] | None

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return (self.month - timedelta(days=1)).date()


ToldFigure = HeldMisconception | AnsweredItem | TrendPoint


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that was told. key: which one; a later one replaces it. exposed: what it rests on besides."""

    key: str
    telling: Telling
    exposed: frozenset[Part]
    figure: ToldFigure

    @property
    def data(self) -> frozenset[Part]:
        """All that it rests on."""
        return self.telling.parts | self.exposed

    @property
    def learners(self) -> frozenset[int]:
        """All whose data is in it."""
        return frozenset(learner_id for learner_id, _ in self.data)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What a cohort's page shows.

    learners: whose data is in it. answered: how many items of an area are told of, by its slug. withheld: how many
    figures were told before, and may not be now.
    """

    made_at: datetime
    learners: frozenset[int]
    misconceptions: tuple[HeldMisconception, ...]
    trends: Mapping[str, Sequence[TrendPoint]]
    answered: Mapping[str, int]
    withheld: int
