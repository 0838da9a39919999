"""Everybody's answers as they are read, gathered area by area for statistics of the items."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.family import split_version
from tracker.assessment.item_types.choice import Choice
from tracker.assessment.item_types.typed import Typed
from tracker.assessment.parameters import ParameterSet
from tracker.scoring.author_prior import estimate_of
from tracker.scoring.statistics.area_answers import AreaAnswers, KnownItem
from tracker.storage.answers import GivenAnswer, Sitting
from tracker.storage.question_bank import get_bank

PERIOD = timedelta(days=30)
"""For so long a person is taken to stay as able as they are."""

MOST_TYPED = 6
FEWEST_TYPED = 3
ELSE = -1

IntArray = NDArray[np.int64]


class AnswerLog:
    """The areas answered so far, by slug."""

    def __init__(self) -> None:
        self.areas: dict[str, AreaLog] = defaultdict(AreaLog)

    def add(self, sitting: Sitting) -> None:
        """Take in one attempt; each person's come in the order they ended."""
        by_area: dict[str, list[GivenAnswer]] = defaultdict(list)
        for given in sitting.answers:
            by_area[given.topic_id.partition("/")[0]].append(given)
        for slug, there in by_area.items():
            self.areas[slug].add(sitting, there)


class AreaLog:
    """One area's answers, column by column."""

    def __init__(self) -> None:
        self._people: dict[tuple[int, int], int] = {}
        self._met: set[int] = set()
        self._items: dict[str, _LoggedItem] = {}
        self._is_retake: list[bool] = []
        self._person, self._sitting, self._item, self._choice_row, self._choice = (array("q") for _ in range(5))
        self._right = array("b")
        self._seconds, self._ended_at = array("d"), array("d")

    def add(self, sitting: Sitting, answers: Sequence[GivenAnswer]) -> None:
        """Take in what was answered in this area in one attempt."""
        ended_at = sitting.ended_at.timestamp()
        whose = sitting.learner_id, int(ended_at // PERIOD.total_seconds())
        person = self._people.setdefault(whose, len(self._people))
        for given in answers:
            item = self._logged(given)
            for choice in item.choices_in(given):
                self._choice_row.append(len(self._item))
                self._choice.append(choice)
            self._person.append(person)
            self._sitting.append(len(self._is_retake))
            self._item.append(item.code)
            self._right.append(given.mark == 1)
            self._seconds.append(given.seconds if given.answer else np.nan)
            self._ended_at.append(ended_at)
        self._is_retake.append(sitting.learner_id in self._met)
        self._met.add(sitting.learner_id)

    def to_answers(self, known: ParameterSet, earlier: ParameterSet) -> AreaAnswers:
        """What statistics need, with the items as two revisions of the parameters know them."""
        logged = list(self._items.values())
        rows, item = np.array(self._choice_row), np.array(self._item)
        shown = [one.list_shown() for one in logged]
        return AreaAnswers(
            items=[one.known(choices, known, earlier) for one, choices in zip(logged, shown, strict=True)],
            person=np.array(self._person),
            sitting=np.array(self._sitting),
            item=item,
            right=np.array(self._right, dtype=np.bool_),
            seconds=np.array(self._seconds),
            ended_at=np.array(self._ended_at),
            choice_row=rows,
            choice=_places(logged, shown, item[rows], np.array(self._choice)),
            is_retake=np.array(self._is_retake, dtype=np.bool_),
        )

    def _logged(self, given: GivenAnswer) -> "_LoggedItem":
        file_version, _ = split_version(given.item_version)
        if file_version not in self._items:
            self._items[file_version] = _LoggedItem(len(self._items), file_version, given)
        return self._items[file_version]


class _LoggedItem:
    """One version of an item's file, and what was answered to it: choices are coded in the order they first came.

    Options stand for themselves. What is typed is told apart only where everybody sees the same item; what is put in
    order, matched or filled in has too many answers to compare.
    """

    def __init__(self, code: int, version: str, given: GivenAnswer) -> None:
        self.code = code
        self._version = version
        self._given = given
        item = get_bank().find_item(given.item_version)
        _, surface = split_version(given.item_version)
        self._options = item.body.options if item and isinstance(item.body, Choice) else ()
        self._is_typed = item is not None and isinstance(item.body, Typed) and not surface
        self._codes: dict[str, int] = {option.id: code for code, option in enumerate(self._options)}
        self._often: Counter[str] = Counter()
        self._right: set[str] = {option.id for option in self._options if option.is_key}

    def choices_in(self, given: GivenAnswer) -> tuple[int, ...]:
        """The codes of what was chosen, `ELSE` for nothing; nothing at all where choices cannot be told apart."""
        if self._options:
            return tuple(self._codes[name] for name in given.answer if name in self._codes) or (ELSE,)
        if not self._is_typed:
            return ()
        for text in given.answer:
            self._often[text] += 1
            if given.mark == 1:
                self._right.add(text)
        return tuple(self._codes.setdefault(text, len(self._codes)) for text in given.answer) or (ELSE,)

    def list_shown(self) -> list[str]:
        """The choices worth showing: every option, or what was typed most often."""
        if self._options:
            return [option.id for option in self._options]
        return [text for text, often in self._often.most_common(MOST_TYPED) if often >= FEWEST_TYPED]

    def list_places(self, shown: Sequence[str]) -> list[int]:
        """Of each code, its place among those shown, or `ELSE`."""
        places = {name: place for place, name in enumerate(shown)}
        return [places.get(name, ELSE) for name in self._codes]

    def known(self, shown: Sequence[str], known: ParameterSet, earlier: ParameterSet) -> KnownItem:
        """The item with what its answers, or its author, say of its parameters."""
        return KnownItem(
            item_id=self._given.item_id,
            version=self._version,
            estimate=estimate_of(self._version, self._given.difficulty, known),
            guessing=self._given.guessing,
            earlier=earlier.estimates.get(self._version),
            choices=tuple((name, name in self._right) for name in shown),
            are_options=bool(self._options),
        )


def _places(
    logged: Sequence[_LoggedItem], shown: Sequence[Sequence[str]], item: IntArray, choice: IntArray
) -> IntArray:
    """Where each choice made stands among those that its item shows."""
    places = [one.list_places(names) for one, names in zip(logged, shown, strict=True)]
    begins = np.cumsum([0, *map(len, places)])
    whole = np.array([place for of_item in places for place in of_item] or [ELSE], dtype=np.int64)
    found = whole[np.where(choice == ELSE, 0, begins[item] + choice)]
    return np.where(choice == ELSE, ELSE, found)
