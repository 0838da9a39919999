"""A cohort's results as its leads see them, ready to be written to a file of any format."""

from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.group_figures import Share, TrendPoint
from tracker.assessment.sees import Sees
from tracker.scoring.sight import SeenScore
from tracker.scoring.spread import Spread
from tracker.scoring.target_gap import Gap


@dataclass(frozen=True, slots=True)
class Skill:
    """An area, or a topic with its area's name before its own. target: the level wanted of the members, if any is."""

    id: str
    name: str
    target: str | None

    @property
    def is_area(self) -> bool:
        """Whether it is an area."""
        return "/" not in self.id


@dataclass(frozen=True, slots=True)
class Cell:
    """One member in one skill. gap: how the level stands to the target; None without either."""

    score: SeenScore
    last_answered: datetime | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Line:
    """One member: a cell a skill, in the skills' order. sees: what they let the leads see."""

    name: str
    address: str
    sees: Sees
    last_answered: datetime | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one learner is with an assignment: late, not opened, open or finished."""

    name: str
    address: str
    state: str
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment, and how far those are whom it is for; nobody once it was withdrawn or is long over."""

    name: str
    opens_at: datetime
    closes_at: datetime
    learners: tuple[Progress, ...]

    def count(self, state: str) -> int:
        """How many learners are in this state."""
        return sum(one.state == state for one in self.learners)


@dataclass(frozen=True, slots=True)
class Held:
    """A misconception, and the share of those who met it that chose it. topic: with its area's name before its own."""

    slug: str
    name: str
    topic: str
    share: Share


@dataclass(frozen=True, slots=True)
class Month:
    """An area's mean at a month's end."""

    area: str
    point: TrendPoint


@dataclass(frozen=True, slots=True)
class Figures:
    """What was told of the members as a group. made_at: None when nothing is told yet."""

    made_at: datetime | None
    held: tuple[Held, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A cohort at one moment: who needs help first comes first.

    skills: each area before its topics. spreads: one a skill. works: newest first.
    """

    cohort: str
    made_at: datetime
    skills: tuple[Skill, ...]
    spreads: tuple[Spread, ...]
    lines: tuple[Line, ...]
    works: tuple[Work, ...]
    figures: Figures
