"""How the mean ability of a cohort's members went, month by month, as candidates for telling."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from tracker.assessment.group_figures import Part, Telling, Told, TrendPoint
from tracker.scoring.disclosure import LEAST
from tracker.scoring.levels import on_scale
from tracker.scoring.profile import REVISION, profile_from_dict
from tracker.scoring.trend import Course, Known, group_change, group_mean
from tracker.services.group_answers import Candidate
from tracker.services.group_readers import Readers
from tracker.storage import profiles

ABOUT = "ability"

Measured = Mapping[int, Known]


class GroupTrend:
    """The courses of a cohort's members."""

    def __init__(self, courses: Mapping[int, Course], readers: Readers, *, now: datetime) -> None:
        self._courses = courses
        self._readers = readers
        self._now = now
        self.known = frozenset(
            (learner_id, attempts)
            for learner_id, course in courses.items()
            if readers.of_scores(learner_id)
            for attempts in range(1, course.attempts + 1)
        )
        """The parts that leads of some cohort see."""

    def candidates(self, area_slug: str, month: datetime, *, before: Told | None) -> Iterator[Candidate]:
        """Ways to tell of an area at a month's end: of all who are measured, or of those of the point before alone.

        None where nothing is known that was not known at the point before.
        """
        measured = {
            learner_id: known
            for learner_id, course in self._courses.items()
            if (known := course.known_at(area_slug, month))
        }
        panel = {one: measured[one] for one in measured if before and one in before.learners}
        for group in (measured, panel):
            if len(group) >= LEAST and not (before and before.data == _parts(group)):
                yield self._candidate(area_slug, month, group, panel, before)

    def _candidate(
        self, area_slug: str, month: datetime, known: Measured, panel: Measured, before: Told | None
    ) -> Candidate:
        """Newcomers are a group of their own, because the change is one of the others alone."""
        mean = group_mean(list(known.values()))
        is_compared = before is not None and len(panel) >= LEAST
        groups = [panel, {one: known[one] for one in known.keys() - panel.keys()}] if is_compared else [known]
        point = TrendPoint(
            area_slug=area_slug,
            month=month,
            told_at=self._now,
            n=len(known),
            value=on_scale(mean.theta),
            low=on_scale(mean.low),
            high=on_scale(mean.high),
            change=self._change(area_slug, month, panel, before) if before and is_compared else None,
        )
        hidden = tuple(self._hidden(group) for group in groups if group)
        telling = Telling(f"trend/{area_slug}", hidden, (ABOUT,), self.known & _parts(known))
        return Candidate(
            month_key(area_slug, month),
            tellings=(telling,),
            exposed=_parts(known) - telling.parts,
            make=lambda _: point,
        )

    def _change(
        self, area_slug: str, month: datetime, panel: Measured, before: Told
    ) -> Literal["risen", "fallen"] | None:
        if not isinstance(before.figure, TrendPoint):
            return None
        courses = [self._courses[learner_id] for learner_id in panel]
        claim = group_change(courses, area_slug, earlier=before.figure.month, later=month).claim
        return None if claim == "not sure" else claim

    def _hidden(self, known: Measured) -> frozenset[Part]:
        here = self._readers.cohort_id
        return frozenset(part for part in _parts(known) if here not in self._readers.of_scores(part[0]))


def _parts(known: Measured) -> frozenset[Part]:
    """After as many attempts, it is the same that is known."""
    return frozenset((learner_id, its.attempts) for learner_id, its in known.items())


def month_key(area_slug: str, month: datetime) -> str:
    """What tells an area's point at a month's end from others."""
    return f"trend/{area_slug}/{month:%Y-%m}"


def read_trend(readers: Readers, *, now: datetime) -> GroupTrend:
    """How a cohort's members' areas went, by their profiles."""
    courses = {
        stored.learner_id: Course(profile_from_dict(stored.values))
        for stored in profiles.iterate_whole(sorted(readers.seen_by), revision=REVISION)
    }
    return GroupTrend(courses, readers, now=now)
