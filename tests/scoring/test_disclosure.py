"""What is told of a group tells of nobody: against an attacker who solves all that was ever told for its parts.

The worlds are small and random: two cohorts with people in common, who join, leave and answer two items that name the
same misconception; after each step everything that may be told is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.scoring.attacker import equations, wins
from tests.thorough import IS_THOROUGH
from tracker.assessment.group_figures import Telling
from tracker.scoring.disclosure import LEAST, Disclosures, hides_ends, told_share

PEOPLE = 13
EXAMPLES = 2000 if IS_THOROUGH else 60
SLUG = "copies"


@dataclass(frozen=True)
class Step:
    """What some people do: join one of the cohorts, leave it, or answer one of the items anew."""

    what: Literal["join", "leave", "answer"]
    where: int
    people: frozenset[int]


def _steps(what: Sequence[str], least: int) -> st.SearchStrategy[Step]:
    people = st.frozensets(st.integers(1, PEOPLE), min_size=least)
    return st.builds(Step, what=st.sampled_from(what), where=st.integers(0, 1), people=people)


WORLDS = st.builds(
    lambda *parts: [step for part in parts for step in part],
    st.lists(_steps(["join"], 7), min_size=2, max_size=3),
    st.lists(_steps(["answer"], 7), min_size=2, max_size=3),
    st.lists(_steps(["join", "answer", "answer", "leave"], 1), min_size=2, max_size=10),
)
"""Lives of cohorts: most join and answer, then anything happens."""


@dataclass
class World:
    """The cohorts and their answers, and the tellings so far. disclosures: what decides on them."""

    disclosures: Disclosures
    cohorts: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    answers: dict[tuple[int, int], int] = field(default_factory=dict)
    """Of a person and an item: which answer of theirs is the newest."""

    told: list[Telling] = field(default_factory=list)

    def live(self, steps: Sequence[Step]) -> list[Telling]:
        """Take all steps, telling what may be told after each. Gives everything that was told."""
        for number, step in enumerate(steps, 1):
            if step.what == "join":
                self.cohorts[step.where].update(step.people)
            elif step.what == "leave":
                self.cohorts[step.where].difference_update(step.people)
            else:
                self.answers |= {(person, step.where): number for person in step.people}
            for telling in self.candidates():
                if self.disclosures.may_tell(telling):
                    self.disclosures.add(telling)
                    self.told.append(telling)
        return self.told

    def candidates(self) -> Iterator[Telling]:
        """The misconception by everybody's newest answer, then each item by all who answered it."""
        for cohort in self.cohorts:
            newest = {
                person: max(given)
                for person in sorted(cohort)
                if (given := [(at, item) for (whose, item), at in self.answers.items() if whose == person])
            }
            parts = frozenset((person, _datum(item, at)) for person, (at, item) in newest.items())
            yield Telling("misconception", (parts,), (SLUG,))
            for item in (0, 1):
                there = {who: at for (who, what), at in self.answers.items() if what == item and who in cohort}
                whole = frozenset((person, _datum(item, at)) for person, at in there.items())
                yield Telling(f"item {item}", (whole,), (SLUG, ""))


def _datum(item: int, at: int) -> int:
    return 1000 * item + at


class OnlyFive(Disclosures):
    """A weaker rule: five people are enough."""

    def may_tell(self, telling: Telling) -> bool:
        return len(telling.parts) >= LEAST


class OnlyPairs(Disclosures):
    """A weaker rule: five people, and no two tellings of a figure that differ in fewer."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[Telling] = []

    def may_tell(self, telling: Telling) -> bool:
        others = [one.parts for one in self._told if one.cell == telling.cell]
        differences = [part for other in others for part in (telling.parts - other, other - telling.parts)]
        return len(telling.parts) >= LEAST and all(not part or len(part) >= LEAST for part in differences)

    def add(self, telling: Telling) -> None:
        self._told.append(telling)


class OnlyChanges(Disclosures):
    """A weaker rule: as ours, but as if whoever answers anew had nothing in common with who they were."""

    def may_tell(self, telling: Telling) -> bool:
        return self._sums.allow(equations([telling]))


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORLDS)
def test_nothing_told_in_any_life_of_cohorts_tells_of_one_to_four_people(steps: list[Step]) -> None:
    assert not wins(World(Disclosures()).live(steps))


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORLDS)
def test_no_two_views_of_a_figure_differ_by_one_to_four_people(steps: list[Step]) -> None:
    told = World(Disclosures()).live(steps)
    for one, other in combinations(told, 2):
        if one.cell == other.cell:
            assert not 0 < len({who for who, _ in one.parts ^ other.parts}) < LEAST


@pytest.mark.parametrize("weaker", [OnlyFive, OnlyPairs, OnlyChanges])
def test_with_a_weaker_rule_the_attacker_wins_in_one_of_these_worlds(weaker: Callable[[], Disclosures]) -> None:
    asked = settings(max_examples=1000, derandomize=True, deadline=None, phases=[Phase.generate])
    assert find(WORLDS, lambda steps: wins(World(weaker()).live(steps)), settings=asked)


def a_telling(*people: int, cell: str = "cell") -> Telling:
    """A figure of these people, each with their first datum."""
    return Telling(cell, (frozenset((who, 1) for who in people),), ("",))


def test_four_people_are_too_few_and_five_are_enough() -> None:
    assert not Disclosures().may_tell(a_telling(*range(4)))
    assert Disclosures().may_tell(a_telling(*range(5)))


def test_once_somebody_has_left_nothing_more_is_told_until_five_have_come() -> None:
    disclosures = Disclosures([a_telling(*range(10))])
    assert not disclosures.may_tell(a_telling(*range(1, 10)))
    assert not disclosures.may_tell(a_telling(*range(1, 14)))
    assert disclosures.may_tell(a_telling(*range(1, 15)))


def test_what_several_groups_leave_of_a_whole_is_not_told_if_it_is_of_few() -> None:
    teams = [a_telling(*range(8)), a_telling(*range(8, 17))]
    assert not Disclosures(teams).may_tell(a_telling(*range(20)))
    assert Disclosures(teams).may_tell(a_telling(*range(17)))
    assert Disclosures(teams).may_tell(a_telling(*range(22)))


def test_the_first_that_may_be_told_is_taken() -> None:
    thirds = Telling("item", tuple(frozenset((who, 1) for who in third) for third in (range(5), range(5, 9))), ("",))
    whole = a_telling(*range(9), cell="item")
    assert Disclosures().first_allowed([thirds, whole]) is whole
    assert Disclosures([a_telling(*range(1, 9), cell="item")]).first_allowed([thirds, whole]) is None


@pytest.mark.parametrize(("count", "end"), [(0, "few"), (1, "few"), (2, None), (8, None), (9, "most"), (10, "most")])
def test_near_its_ends_a_share_is_not_told(count: int, end: str | None) -> None:
    share = told_share(count, 10)
    assert (share.end, share.value) == (end, None if end else count / 10)


def test_nothing_tells_nobody_from_one_nor_all_from_all_but_one() -> None:
    assert told_share(0, 10) == told_share(1, 10)
    assert told_share(9, 10) == told_share(10, 10)


@pytest.mark.parametrize(
    ("groups", "may_be_told"),
    [
        ([(2, 5), (3, 5), (2, 5)], True),  # nothing is kept back
        ([(2, 5), (3, 5), (5, 5)], False),  # 10 less 5 is 5
        ([(1, 5), (5, 5), (2, 5)], False),  # 8 less 2 is 6, so 1 and 5
        ([(0, 5), (5, 5), (2, 5)], True),  # 7 less 2 is 5: 0 and 5, or 1 and 4
        ([(0, 5), (0, 5), (1, 5)], True),  # the whole is not told either
    ],
)
def test_shares_of_groups_are_told_only_if_with_their_whole_they_give_no_end_away(
    groups: list[tuple[int, int]], may_be_told: bool
) -> None:
    whole = told_share(sum(count for count, _ in groups), sum(n for _, n in groups))
    assert hides_ends(whole, groups) is may_be_told


def test_a_share_has_the_interval_that_wilson_gave_it() -> None:
    share = told_share(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)  # Newcombe (1998), table I
