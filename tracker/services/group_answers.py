"""What the members of a cohort answered, gathered for the figures of the group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b

from tracker.assessment.family import split_version
from tracker.assessment.group_figures import (
    AnsweredItem,
    ChosenOption,
    HeldMisconception,
    Part,
    Share,
    Telling,
    ToldFigure,
)
from tracker.assessment.item import Item
from tracker.assessment.item_statistics import Figure, ItemStatistics
from tracker.assessment.parameters import AUTHORS_WORD
from tracker.scoring.ability import Z as Z90
from tracker.scoring.disclosure import LEAST, told_share
from tracker.scoring.statistics.area_answers import KnownItem
from tracker.scoring.statistics.classical import FACILITY, LEAST_ITEM_REST
from tracker.scoring.statistics.estimate import Z as Z95
from tracker.scoring.statistics.item_statistics import ability_thirds, item_statistics
from tracker.services.answer_log import AnswerLog
from tracker.services.group_readers import Readers
from tracker.services.item_statistics import population_of
from tracker.storage import answers, item_parameters
from tracker.storage.answers import GivenAnswer, Sitting
from tracker.storage.question_bank import get_bank

THIRDS = 3
REST = ""
"""All of an answer that no misconception names."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that could be told. tellings: the ways to, the best first; each of the same data.

    exposed: what it rests on besides, which its readers see anyway. make: gives the figure as one of the tellings tells
    it.
    """

    key: str
    tellings: tuple[Telling, ...]
    exposed: frozenset[Part]
    make: Callable[[Telling], ToldFigure]


class GroupAnswers:
    """The answers of a cohort's members."""

    def __init__(self, readers: Readers, *, now: datetime) -> None:
        self._readers = readers
        self._now = now
        self._seen: dict[Part, str] = {}
        self._seen_here: set[Part] = set()
        self._unreleased: set[tuple[int, str]] = set()
        self._log = AnswerLog()
        self._rows: dict[str, list[Part]] = defaultdict(list)
        self._first: set[tuple[int, str]] = set()
        self._held: dict[str, dict[int, tuple[int, bool]]] = defaultdict(dict)
        self._about: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, frozenset[str]] = {}

    def add(self, sitting: Sitting) -> None:
        """Take in one attempt; each person's come in the order they ended."""
        seeing_ids = self._readers.of_answers(sitting, self._now)
        is_released = sitting.assignment is None or sitting.assignment.is_released(self._now)
        first = []
        for given in sitting.answers:
            datum = _datum(sitting, given)
            if not is_released:
                self._unreleased.add((sitting.learner_id, given.item_id))
            if seeing_ids:
                self._seen[sitting.learner_id, datum] = given.item_id
            if self._readers.cohort_id in seeing_ids:
                self._seen_here.add((sitting.learner_id, datum))
            item = get_bank().find_item(given.item_version)
            if item is None:
                continue
            self._note_misconceptions(sitting.learner_id, item, given, datum)
            whose = sitting.learner_id, split_version(item.version)[0]
            if whose not in self._first:
                self._first.add(whose)
                self._rows[item.area_slug].append((sitting.learner_id, datum))
                first.append(given)
        self._log.add(replace(sitting, answers=tuple(first)))

    @cached_property
    def known(self) -> frozenset[Part]:
        """The answers that leads of some cohort see, once all are added: none to an item that waits for a release."""
        return frozenset(part for part, item_id in self._seen.items() if (part[0], item_id) not in self._unreleased)

    @cached_property
    def exposed(self) -> frozenset[Part]:
        """Those of them that this cohort's leads see."""
        return self.known & self._seen_here

    def misconceptions(self) -> Iterator[Candidate]:
        """The misconceptions that enough people met: how many chose them when they met them last."""
        for slug, held in sorted(self._held.items()):
            if len(held) >= LEAST and slug in get_bank().misconceptions:
                yield self._misconception(slug, held)

    def items(self) -> Iterator[Candidate]:
        """The items of today's bank that enough people answered, by the first answer of each."""
        known = item_parameters.current()
        for slug, log in sorted(self._log.areas.items()):
            mean, sd = population_of(known.populations.get(slug))
            area = log.to_answers(known, AUTHORS_WORD)
            third = ability_thirds(area, mean=mean, sd=sd)
            answered = {item.version: _Answered(item) for item in area.items}
            rows = [answered[area.items[item].version] for item in area.item.tolist()]
            parts = self._rows[slug]
            for item, part, right, place in zip(rows, parts, area.right.tolist(), third.tolist(), strict=True):
                item.add(part, is_right=right, third=place)
            for row, choice in zip(area.choice_row.tolist(), area.choice.tolist(), strict=True):
                rows[row].chose[choice].add(parts[row])
            for one in item_statistics(area, made_at=self._now, parameters=known.revision, mean=mean, sd=sd):
                if one.responses >= LEAST and one.version in get_bank().sources:
                    yield self._item(one, answered[one.version])

    def _note_misconceptions(self, learner_id: int, item: Item, given: GivenAnswer, datum: int) -> None:
        if item.version not in self._named:
            self._named[item.version] = item.misconceptions
        chosen = item.find_misconceptions(given.answer)
        for slug in self._named[item.version]:
            self._held[slug][learner_id] = datum, slug in chosen
            self._about[split_version(item.version)[0]].add(slug)

    def _misconception(self, slug: str, held: dict[int, tuple[int, bool]]) -> Candidate:
        parts = frozenset((learner_id, datum) for learner_id, (datum, _) in held.items())
        chose = {(learner_id, datum) for learner_id, (datum, is_chosen) in held.items() if is_chosen}
        share = self._share(chose, parts, z=Z90)
        cell = f"misconception/{slug}"
        return Candidate(
            key=cell,
            tellings=(self._telling(cell, [parts], (slug,)),),
            exposed=parts & self.exposed,
            make=lambda _: HeldMisconception(slug, self._now, share),
        )

    def _item(self, one: ItemStatistics, answered: "_Answered") -> Candidate:
        cell, about = f"item/{one.version}", (*sorted(self._about[one.version]), REST)
        whole = self._telling(cell, [answered.parts], about)
        by_third = self._telling(cell, answered.thirds, about)
        has_thirds = bool(one.choices) and min(map(len, answered.thirds)) >= LEAST
        return Candidate(
            key=cell,
            tellings=(by_third, whole) if has_thirds else (whole,),
            exposed=self.exposed & answered.parts,
            make=lambda telling: self._told_item(one, answered, has_thirds=telling is by_third),
        )

    def _telling(self, cell: str, groups: Iterable[Set[Part]], about: tuple[str, ...]) -> Telling:
        parts = frozenset[Part]().union(*groups)
        return Telling(cell, tuple(frozenset(group - self.exposed) for group in groups), about, parts & self.known)

    def _share(self, chose: Set[Part], parts: Set[Part], *, z: float = Z95) -> Share:
        """How many chose it, blurred for the sake of those whom the fewest know."""
        hidden = parts - self.known or parts - self.exposed or parts
        return told_share(len(chose & parts), len(parts), hidden=(len(chose & hidden), len(hidden)), z=z)

    def _told_item(self, one: ItemStatistics, answered: "_Answered", *, has_thirds: bool) -> AnsweredItem:
        right = self._share(answered.right, answered.parts)
        item_rest = one.item_rest if right.end is None else None
        timed = one.times.rapid.n if one.times else 0
        return AnsweredItem(
            item_id=one.item_id,
            version=one.version,
            told_at=self._now,
            right=right,
            item_rest=item_rest,
            median_seconds=round(one.times.median) if one.times and timed >= LEAST else None,
            timed=timed,
            options=tuple(
                ChosenOption(
                    name=name,
                    is_key=is_key,
                    share=self._share(answered.chose[place], answered.parts),
                    by_third=self._by_third(answered.chose[place], answered.thirds) if has_thirds else (),
                )
                for place, (name, is_key) in enumerate(answered.item.choices)
                if answered.item.are_options or len(answered.chose[place]) >= LEAST
            ),
            rules=tuple(_broken(right, item_rest)),
        )

    def _by_third(self, chose: Set[Part], thirds: Iterable[Set[Part]]) -> tuple[Share, ...]:
        """The shares among the thirds; none where one is kept back, as the whole less the others would say more."""
        shares = tuple(self._share(chose, third) for third in thirds)
        return () if any(share.end for share in shares) else shares


class _Answered:
    """Who answered an item, who of them right, in which third they are, and who chose what, by the choice's place."""

    def __init__(self, item: KnownItem) -> None:
        self.item = item
        self.parts: set[Part] = set()
        self.right: set[Part] = set()
        self.thirds: tuple[set[Part], ...] = tuple(set() for _ in range(THIRDS))
        self.chose: dict[int, set[Part]] = defaultdict(set)

    def add(self, part: Part, *, is_right: bool, third: int) -> None:
        """Take in one answer."""
        self.parts.add(part)
        self.thirds[third].add(part)
        if is_right:
            self.right.add(part)


def read_answers(readers: Readers, *, now: datetime) -> GroupAnswers:
    """What a cohort's members answered in attempts that are over."""
    gathered = GroupAnswers(readers, now=now)
    for sitting in answers.iterate_sittings_of(sorted(readers.seen_by), until=now):
        gathered.add(sitting)
    return gathered


def _datum(sitting: Sitting, given: GivenAnswer) -> int:
    """A number that stands for this one answer of its learner."""
    name = f"{sitting.ended_at.isoformat()} {given.item_id}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _broken(right: Share, item_rest: Figure | None) -> Iterator[str]:
    """The rules that the item surely breaks here: the whole interval lies beyond the limit."""
    least, most = FACILITY
    if right.high < least:
        yield "facility low"
    if right.low > most:
        yield "facility high"
    if item_rest and item_rest.high < LEAST_ITEM_REST:
        yield "item-rest low"
