"""The responses of all finished attempts, read as one log.

Read learner by learner, some at a time, by the index on learners: asked for in any other order, SecantusDB goes
through all attempts for every batch.
"""

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import numpy as np
import pymongo
from pymongo import DESCENDING
from pymongo.collection import Collection

from tracker.assessment.family import split_version
from tracker.assessment.response_log import LoggedItem, ResponseLog
from tracker.storage import documents
from tracker.storage.documents import Document

LEARNERS = 100  # at a time: far less than what the store may take to answer
PATIENCE_SECONDS = 60  # for what goes through all attempts
READ = ("item_version", "topic_id", "answer", "mark", "seconds", "difficulty", "guessing", "unscored")
FIELDS = {"learner_id": 1, "finished_at": 1, **{f"responses.{name}": 1 for name in READ}}


def last_learner_id() -> int:
    """The highest id of a learner who has begun an attempt; 0 without any."""
    with pymongo.timeout(PATIENCE_SECONDS):
        last = _attempts().find_one({}, {"learner_id": 1}, sort=[("learner_id", DESCENDING)])
    return last["learner_id"] if last else 0


def read(*, until: datetime, last_learner_id: int, on_read: Callable[[int], None]) -> ResponseLog:
    """What learners up to this id answered in attempts that were over by then, without what is not scored.

    Left out on purpose is a wrong answer, as it is in a score, of unknown time; what was never reached is no response.
    `on_read` is told after each batch how many learners it was about.
    """
    columns = _Columns()
    for learners in batches(last_learner_id):
        for document in list_finished(learners, FIELDS, until=until):
            columns.add(document)
        on_read(len(learners))
    return columns.log()


def batches(last_learner_id: int) -> Iterator[range]:
    """All learners up to this id, as many at a time as the store can well answer for."""
    for first in range(1, last_learner_id + 1, LEARNERS):
        yield range(first, min(first + LEARNERS, last_learner_id + 1))


def list_finished(learners: range, fields: Document, *, until: datetime) -> list[Document]:
    """These fields of the attempts of some learners that were over by then: each learner's in the order they ended."""
    of_them = {"$gte": learners.start, "$lt": learners.stop}
    found = _attempts().find({"learner_id": of_them, "finished_at": {"$ne": None, "$lte": until}}, fields)
    return sorted(found, key=_place)


def list_finished_of(learner_ids: Sequence[int], fields: Document, *, until: datetime) -> list[Document]:
    """The same of the learners with these ids, at most some dozens.

    Those that are not over are left out here: asked to leave them out, SecantusDB goes through all attempts.
    """
    found = _attempts().find({"learner_id": {"$in": list(learner_ids)}}, fields)
    return sorted((one for one in found if one["finished_at"] and one["finished_at"] <= until), key=_place)


def _place(document: Document) -> tuple[int, datetime, str]:
    """Where an attempt stands in the log."""
    return document["learner_id"], document["finished_at"], document["_id"]


class _Columns:
    """A log as it grows."""

    def __init__(self) -> None:
        self._items: list[LoggedItem] = []
        self._item_codes: dict[str, int] = {}  # by version, those of variants too
        self._file_codes: dict[str, int] = {}
        self._learner_id, self._ended_at, self._sizes = array("q"), array("d"), array("i")
        self._item, self._right, self._seconds = array("i"), array("b"), array("f")

    def add(self, document: Document) -> None:
        before = len(self._item)
        for entry in document["responses"]:
            if entry.get("unscored") is None:
                version = entry["item_version"]
                code = self._item_codes.get(version)
                self._item.append(self._new_code(version, entry) if code is None else code)
                self._right.append(entry["mark"] == 1)
                self._seconds.append(max(0.0, entry["seconds"]) if entry["answer"] else math.nan)
        self._learner_id.append(document["learner_id"])
        self._ended_at.append(document["finished_at"].timestamp())
        self._sizes.append(len(self._item) - before)

    def log(self) -> ResponseLog:
        """All of it, items in the order of their versions."""
        by_version = sorted(range(len(self._items)), key=lambda code: self._items[code].version)
        number = np.empty(len(by_version), dtype=np.int32)
        number[by_version] = np.arange(len(by_version))
        return ResponseLog(
            items=tuple(self._items[code] for code in by_version),
            learner_id=np.array(self._learner_id, dtype=np.int64),
            ended_at=np.array(self._ended_at, dtype=np.float64),
            attempt=np.repeat(np.arange(len(self._sizes), dtype=np.int32), self._sizes),
            item=number[np.array(self._item, dtype=np.int64)],
            right=np.array(self._right, dtype=bool),
            seconds=np.array(self._seconds, dtype=np.float32),
        )

    def _new_code(self, version: str, entry: Document) -> int:
        file_version, _ = split_version(version)
        code = self._file_codes.setdefault(file_version, len(self._items))
        if code == len(self._items):
            self._items.append(LoggedItem(file_version, entry["topic_id"], entry["difficulty"], entry["guessing"]))
        self._item_codes[version] = code
        return code


def _attempts() -> Collection[Document]:
    return documents.collection("attempts")
