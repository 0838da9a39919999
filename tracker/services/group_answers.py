"""What the members of a cohort answered, gathered for the figures of the group."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
from tracker.assessment.item_statistics import ChoiceStatistics, Figure, ItemStatistics
from tracker.assessment.parameters import AUTHORS_WORD
from tracker.scoring.ability import Z as Z90
from tracker.scoring.disclosure import LEAST, hides_ends, told_share
from tracker.scoring.statistics.area_answers import KnownItem
from tracker.scoring.statistics.classical import FACILITY, LEAST_ITEM_REST
from tracker.scoring.statistics.item_statistics import ability_thirds, item_statistics
from tracker.services.answer_log import AnswerLog
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

    exposed: what it rests on besides, of people whose data its readers see anyway. make: gives the figure as one of the
    tellings tells it.
    """

    key: str
    tellings: tuple[Telling, ...]
    exposed: frozenset[Part]
    make: Callable[[Telling], ToldFigure]


class GroupAnswers:
    """The answers of a cohort's members. exposed: those whose single answers its leads see anyway."""

    def __init__(self, *, exposed: Collection[int], now: datetime) -> None:
        self._exposed = frozenset(exposed)
        self._now = now
        self._log = AnswerLog()
        self._rows: dict[str, list[Part]] = defaultdict(list)
        self._first: set[tuple[int, str]] = set()
        self._held: dict[str, dict[int, tuple[int, bool]]] = defaultdict(dict)
        self._about: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, frozenset[str]] = {}

    def add(self, sitting: Sitting) -> None:
        """Take in one attempt; each person's come in the order they ended."""
        first = []
        for given in sitting.answers:
            item = get_bank().find_item(given.item_version)
            if item is None:
                continue
            datum = _datum(sitting, given)
            self._note_misconceptions(sitting.learner_id, item, given, datum)
            whose = sitting.learner_id, split_version(item.version)[0]
            if whose not in self._first:
                self._first.add(whose)
                self._rows[item.area_slug].append((sitting.learner_id, datum))
                first.append(given)
        self._log.add(replace(sitting, answers=tuple(first)))

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
            groups: dict[str, list[set[Part]]] = defaultdict(lambda: [set() for _ in range(THIRDS)])
            for part, item, place in zip(self._rows[slug], area.item.tolist(), third.tolist(), strict=True):
                groups[area.items[item].version][place].add(part)
            items = {item.version: item for item in area.items}
            for one in item_statistics(area, made_at=self._now, parameters=known.revision, mean=mean, sd=sd):
                if one.responses >= LEAST and one.version in get_bank().sources:
                    yield self._item(one, items[one.version], groups[one.version])

    def _note_misconceptions(self, learner_id: int, item: Item, given: GivenAnswer, datum: int) -> None:
        if item.version not in self._named:
            self._named[item.version] = item.misconceptions
        chosen = item.find_misconceptions(given.answer)
        for slug in self._named[item.version]:
            self._held[slug][learner_id] = datum, slug in chosen
            self._about[split_version(item.version)[0]].add(slug)

    def _misconception(self, slug: str, held: dict[int, tuple[int, bool]]) -> Candidate:
        share = told_share(sum(chose for _, chose in held.values()), len(held), z=Z90)
        parts = {(learner_id, datum) for learner_id, (datum, _) in held.items()}
        cell = f"misconception/{slug}"
        return Candidate(
            key=cell,
            tellings=(Telling(cell, groups=(self._hidden(parts),), about=(slug,)),),
            exposed=self._seen(parts),
            make=lambda _: HeldMisconception(slug, self._now, share),
        )

    def _item(self, one: ItemStatistics, item: KnownItem, thirds: Sequence[set[Part]]) -> Candidate:
        about = (*sorted(self._about[one.version]), REST)
        cell, everybody = f"item/{one.version}", set[Part]().union(*thirds)
        whole = Telling(cell, (self._hidden(everybody),), about)
        by_third = Telling(cell, tuple(self._hidden(third) for third in thirds), about)
        has_thirds = bool(one.choices) and min(map(len, thirds)) >= LEAST
        return Candidate(
            key=cell,
            tellings=(by_third, whole) if has_thirds else (whole,),
            exposed=self._seen(everybody),
            make=lambda telling: _answered(one, item, told_at=self._now, has_thirds=telling is by_third),
        )

    def _hidden(self, parts: Iterable[Part]) -> frozenset[Part]:
        return frozenset(part for part in parts if part[0] not in self._exposed)

    def _seen(self, parts: Iterable[Part]) -> frozenset[Part]:
        return frozenset(part for part in parts if part[0] in self._exposed)


def read_answers(learner_ids: Sequence[int], *, exposed: Collection[int], now: datetime) -> GroupAnswers:
    """What these learners answered in attempts that are over."""
    gathered = GroupAnswers(exposed=exposed, now=now)
    for sitting in answers.iterate_sittings_of(learner_ids, until=now):
        gathered.add(sitting)
    return gathered


def _datum(sitting: Sitting, given: GivenAnswer) -> int:
    """A number that stands for this one answer of its learner."""
    name = f"{sitting.ended_at.isoformat()} {given.item_id}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _answered(one: ItemStatistics, item: KnownItem, *, told_at: datetime, has_thirds: bool) -> AnsweredItem:
    right = _share(one.facility)
    item_rest = one.item_rest if right.end is None else None
    timed = one.times.rapid.n if one.times else 0
    return AnsweredItem(
        item_id=one.item_id,
        version=one.version,
        told_at=told_at,
        right=right,
        item_rest=item_rest,
        median_seconds=round(one.times.median) if one.times and timed >= LEAST else None,
        timed=timed,
        options=tuple(
            ChosenOption(
                name=choice.name,
                is_key=choice.is_key,
                share=_share(choice.share),
                by_third=_by_third(choice) if has_thirds else (),
            )
            for choice in one.choices
            if item.are_options or _count(choice.share) >= LEAST
        ),
        rules=tuple(_broken(right, item_rest)),
    )


def _broken(right: Share, item_rest: Figure | None) -> Iterator[str]:
    """The rules that the item surely breaks here: the whole interval lies beyond the limit."""
    least, most = FACILITY
    if right.high < least:
        yield "facility low"
    if right.low > most:
        yield "facility high"
    if item_rest and item_rest.high < LEAST_ITEM_REST:
        yield "item-rest low"


def _by_third(choice: ChoiceStatistics) -> tuple[Share, ...]:
    """The shares among the thirds; none where they would say more, added up, than each may."""
    thirds = [(_count(figure), figure.n) for figure in choice.by_third]
    is_hiding = hides_ends(_share(choice.share), thirds)
    return tuple(told_share(count, n) for count, n in thirds) if is_hiding else ()


def _count(figure: Figure) -> int:
    return round(figure.value * figure.n)


def _share(figure: Figure) -> Share:
    return told_share(_count(figure), figure.n)
