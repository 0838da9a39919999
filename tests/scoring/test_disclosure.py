"""What is told of a group tells of nobody: against an attacker who solves all that was ever told for its parts.

The worlds are small and random: two cohorts with people in common, who join, leave and answer two items that name the
same misconception; after each step everything that may be told is told.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.scoring.attacker import equations, wins
from tests.thorough import IS_THOROUGH
from tracker.assessment.group_figures import Part, Telling
from tracker.scoring.disclosure import LEAST, Disclosures, connected, given_away, told_share

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
    """The cohorts and their answers. rule: what decides on tellings. known: those whose answers somebody sees."""

    rule: Callable[..., Disclosures]
    known: frozenset[int] = frozenset()
    cohorts: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    answers: dict[tuple[int, int], int] = field(default_factory=dict)
    """Of a person and an item: which answer of theirs is the newest."""

    told: tuple[list[Telling], list[Telling]] = field(default_factory=lambda: ([], []))
    """To each cohort, so far."""

    def live(self, steps: Sequence[Step]) -> list[Telling]:
        """Take all steps, telling what may be told after each. Gives everything that was told."""
        for number, step in enumerate(steps, 1):
            if step.what == "join":
                self.cohorts[step.where].update(step.people)
            elif step.what == "leave":
                self.cohorts[step.where].difference_update(step.people)
            else:
                self.answers |= {(person, step.where): number for person in step.people}
            for cohort, told in zip(self.cohorts, self.told, strict=True):
                known = self.known_of((person, _datum(item, at)) for (person, item), at in self.answers.items())
                disclosures = self.rule(self.read(cohort), known=known)
                for telling in self.candidates(cohort):
                    if disclosures.may_tell(telling):
                        disclosures.add(telling)
                        told.append(telling)
        return [telling for told in self.told for telling in told]

    def read(self, cohort: set[int]) -> list[Telling]:
        """What was told that matters to a cohort."""
        told_of = {number: {who for one in told for who, _ in one.parts} for number, told in enumerate(self.told)}
        return [telling for number in connected(told_of, cohort) for telling in self.told[number]]

    def candidates(self, cohort: set[int]) -> Iterator[Telling]:
        """The misconception by everybody's newest answer, then each item by all who answered it."""
        newest = {
            person: max(given)
            for person in sorted(cohort)
            if (given := [(at, item) for (whose, item), at in self.answers.items() if whose == person])
        }
        parts = frozenset((person, _datum(item, at)) for person, (at, item) in newest.items())
        yield Telling("misconception", (parts,), (SLUG,), self.known_of(parts))
        for item in (0, 1):
            there = {who: at for (who, what), at in self.answers.items() if what == item and who in cohort}
            whole = frozenset((person, _datum(item, at)) for person, at in there.items())
            yield Telling(f"item {item}", (whole,), (SLUG, ""), self.known_of(whole))

    def known_of(self, parts: Iterable[Part]) -> frozenset[Part]:
        """Those parts that somebody sees anyway."""
        return frozenset(part for part in parts if part[0] in self.known)


def _datum(item: int, at: int) -> int:
    return 1000 * item + at


class OnlyFive(Disclosures):
    """A weaker rule: five people are enough."""

    def may_tell(self, telling: Telling) -> bool:
        return len(telling.parts) >= LEAST


class OnlyPairs(Disclosures):
    """A weaker rule: five people, and no two tellings of a figure that differ in fewer."""

    def __init__(self, tellings: Sequence[Telling] = (), *, known: Collection[Part] = ()) -> None:
        super().__init__(known=known)
        self._told = list(tellings)

    def may_tell(self, telling: Telling) -> bool:
        others = [one.parts for one in self._told if one.cell == telling.cell]
        differences = [part for other in others for part in (telling.parts - other, other - telling.parts)]
        return len(telling.parts) >= LEAST and all(not part or len(part) >= LEAST for part in differences)

    def add(self, telling: Telling) -> None:
        self._told.append(telling)


class OnlyChanges(Disclosures):
    """A weaker rule: as ours, but as if whoever answers anew had nothing in common with who they were."""

    def __init__(self, tellings: Sequence[Telling] = (), *, known: Collection[Part] = ()) -> None:
        super().__init__(known=known)
        self._told = list(tellings)

    def may_tell(self, telling: Telling) -> bool:
        return not given_away(equations([*self._told, telling]))

    def add(self, telling: Telling) -> None:
        self._told.append(telling)


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORLDS)
def test_nothing_told_in_any_life_of_cohorts_tells_of_one_to_four_people(steps: list[Step]) -> None:
    assert not wins(World(Disclosures).live(steps))


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(WORLDS, st.frozensets(st.integers(1, PEOPLE), max_size=6))
def test_nor_does_it_to_somebody_who_sees_some_peoples_data_anyway(steps: list[Step], known: frozenset[int]) -> None:
    told = World(Disclosures, known).live(steps)
    assert not wins(told)
    assert not wins([telling.without(telling.known) for telling in told])


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORLDS)
def test_no_two_views_of_a_figure_differ_by_one_to_four_people(steps: list[Step]) -> None:
    told = World(Disclosures).live(steps)
    for one, other in combinations(told, 2):
        if one.cell == other.cell:
            assert not 0 < len({who for who, _ in one.parts ^ other.parts}) < LEAST


@pytest.mark.parametrize("weaker", [OnlyFive, OnlyPairs, OnlyChanges])
def test_with_a_weaker_rule_the_attacker_wins_in_one_of_these_worlds(weaker: Callable[..., Disclosures]) -> None:
    asked = settings(max_examples=1000, derandomize=True, deadline=None, phases=[Phase.generate])
    assert find(WORLDS, lambda steps: wins(World(weaker).live(steps)), settings=asked)


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


def test_whoever_is_known_hides_nobody() -> None:
    disclosures = Disclosures(known=[(who, 1) for who in range(3)])
    assert not disclosures.may_tell(a_telling(*range(7)))
    assert disclosures.may_tell(a_telling(*range(8)))
    assert disclosures.may_tell(a_telling(*range(3), 8, 9, 10, 11, 12))


def test_when_more_is_known_than_was_once_what_that_gave_away_stops_no_telling_that_gives_no_more_away() -> None:
    disclosures = Disclosures([a_telling(*range(6))], known=[(who, 1) for who in range(5)])
    assert not disclosures.hides(a_telling(*range(6)))
    assert not disclosures.may_tell(a_telling(5, 6, 7, 8, 9))
    assert disclosures.may_tell(a_telling(5, 6, 7, 8, 9, 10))


def test_what_was_known_when_it_was_told_stays_known() -> None:
    told = replace(a_telling(*range(10)), known=frozenset({(0, 1)}))
    assert not Disclosures([told]).hides(a_telling(*range(5)))


def test_tellings_matter_of_cohorts_that_people_have_left_and_of_those_that_these_were_told_of_with() -> None:
    told_of = {1: [11, 12], 2: [12, 13], 3: [13, 14], 4: [15]}
    assert connected(told_of, [11, 99]) == [1, 2, 3]
    assert connected(told_of, [99]) == []


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
    ("count", "n", "hidden", "end"),
    [
        (5, 10, (5, 5), "blurred"),  # the others did not
        (5, 10, (0, 5), "blurred"),
        (5, 10, (3, 5), None),
        (1, 10, (0, 5), "blurred"),  # at most 1 would be none of the hidden
        (1, 10, (1, 5), "few"),
        (9, 10, (4, 5), "most"),
        (9, 10, (5, 5), "blurred"),
    ],
)
def test_near_the_ends_of_those_who_are_hidden_no_more_than_a_range_is_told(
    count: int, n: int, hidden: tuple[int, int], end: str | None
) -> None:
    assert told_share(count, n, hidden=hidden).end == end


def test_none_of_the_hidden_is_not_told_from_one_nor_all_from_all_but_one() -> None:
    assert told_share(3, 10, hidden=(0, 5)) == told_share(4, 10, hidden=(1, 5))
    assert told_share(7, 10, hidden=(4, 5)) == told_share(8, 10, hidden=(5, 5))


def test_a_share_has_the_interval_that_wilson_gave_it() -> None:
    share = told_share(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)  # Newcombe (1998), table I
