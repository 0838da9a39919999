"""Members of a cohort in rows of a few areas or topics, as far as the cohort's leads see each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tracker.assessment.roadmap import Area
from tracker.assessment.sees import Sees
from tracker.scoring.irt import FloatArray
from tracker.scoring.sight import SeenScore, seen
from tracker.scoring.standings import Standings
from tracker.scoring.target_gap import Gap, target_gap
from tracker.services import bank
from tracker.services.standings import list_standings
from tracker.storage.cohort_tables import Cohort, Membership
from tracker.storage.tables import User


@dataclass(frozen=True, slots=True)
class Column:
    """An area or a topic. target: the level wanted there. quiz: the slug of its assessment, if there is one."""

    skill: str
    name: str
    target: str | None
    quiz: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One member in one area or topic. gap: where they stand to its target."""

    column: Column
    score: SeenScore
    last_answered: datetime | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Row:
    """One member: a cell a column. last_answered: in any area."""

    user: User
    sees: Sees
    cells: tuple[Cell, ...]
    last_answered: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class SeenMembers:
    """Members, how much is seen of each, and what is known of them, in the same order."""

    members: Sequence[Membership]
    sees: Sequence[Sees]
    known: Standings

    @property
    def last_answered(self) -> FloatArray:
        """When each answered last, in any area: seconds since 1970, NaN for never."""
        return np.asarray(np.fmax.reduce(self.known.last_answered, axis=1, initial=np.nan))

    def rows(self, places: Sequence[int], columns: Sequence[Column]) -> tuple[Row, ...]:
        """The rows of the members at these places."""
        last_answered = self.last_answered
        return tuple(
            Row(
                user=self.members[at].user,
                sees=self.sees[at],
                cells=tuple(self._cell(at, column) for column in columns),
                last_answered=_moment(last_answered[at]),
            )
            for at in places
        )

    def _cell(self, at: int, column: Column) -> Cell:
        place = self.known.place(column.skill)
        score = seen(self.known.score(at, place), self.sees[at])
        return Cell(
            column=column,
            score=score,
            last_answered=_moment(self.known.last_answered[at, place]),
            gap=target_gap(score, column.target),
        )


def read_members(members: Sequence[Membership], cohort: Cohort, now: datetime) -> SeenMembers:
    """These members of a cohort as of now."""
    return SeenMembers(
        members=members,
        sees=[member.agreed_to.at_most(cohort.sees) for member in members],
        known=list_standings([member.user_id for member in members], now=now),
    )


def list_columns(area: Area | None, levels: Mapping[str, str]) -> tuple[Column, ...]:
    """The areas or, of one area, itself and its topics; levels: what is wanted."""
    areas = [area] if area else bank.get_roadmap().areas
    topics = area.topics if area else ()
    return (
        *(_column(one.slug, one.name, one.slug, levels) for one in areas),
        *(_column(topic.id, topic.name, bank.topic_assessment_slug(topic.id), levels) for topic in topics),
    )


def _column(skill: str, name: str, quiz: str, levels: Mapping[str, str]) -> Column:
    return Column(skill, name, target=levels.get(skill), quiz=quiz if bank.find_assessment(quiz) else None)


def _moment(seconds: float) -> datetime | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, UTC)
