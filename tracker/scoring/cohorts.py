"""A cohort at a glance: who needs help first, and where its middle lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from tracker.scoring.levels import PROFICIENT_CUT, STEP
from tracker.scoring.profile import Profile


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a cohort, with their profile as of now."""

    learner_id: int
    name: str
    profile: Profile

    @property
    def readiness(self) -> float | None:
        """The chance of being Proficient, averaged over the areas with enough evidence; None without any."""
        chances = [area.ability.chance_of(PROFICIENT_CUT) for area in self.profile.areas if area.is_enough]
        return fmean(chances) if chances else None


@dataclass(frozen=True, slots=True)
class Middle:
    """The median score of the members with enough evidence in an area, None without any, and how many they are."""

    area_slug: str
    score: int | None
    members: int


def in_need_first(members: Iterable[Member]) -> list[Member]:
    """The members, least ready first; those without enough evidence anywhere come last, by name."""

    def need(member: Member) -> tuple[bool, float, str, int]:
        readiness = member.readiness
        return readiness is None, readiness or 0.0, member.name.casefold(), member.learner_id

    return sorted(members, key=need)


def middles(profiles: Sequence[Profile], area_slugs: Iterable[str]) -> list[Middle]:
    """The cohort's median in each of these areas."""
    return [_middle(slug, profiles) for slug in area_slugs]


def _middle(slug: str, profiles: Sequence[Profile]) -> Middle:
    areas = [profile.area(slug) for profile in profiles]
    scores = [area.score.value for area in areas if area.is_enough]
    middle = STEP * round(median(scores) / STEP) if scores else None
    return Middle(area_slug=slug, score=middle, members=len(scores))
