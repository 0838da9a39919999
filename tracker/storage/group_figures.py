"""Figures of groups in MongoDB: what a cohort's pages show, and all that was ever told, which no page reads.

`group_figures`: of each cohort one document, and one for the items of each area. `group_tellings`: one document a
telling, never changed: what may be told later depends on it. `group_people`: of each cohort, whom it was ever told of.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, ReplaceOne
from pymongo.collection import Collection as DocumentCollection

from tracker.assessment.group_figures import (
    AnsweredItem,
    ChosenOption,
    GroupFigures,
    HeldMisconception,
    Part,
    Share,
    Telling,
    Told,
    ToldFigure,
    TrendPoint,
)
from tracker.assessment.item_statistics import Figure
from tracker.storage import documents
from tracker.storage.documents import Document


def prepare_indexes() -> None:
    """Build the indexes that the queries below need; what is there already stays."""
    _shown().create_index([("wanted_at", ASCENDING)], sparse=True)
    _tellings().create_index([("cohort_id", ASCENDING)])


def find(cohort_id: int) -> GroupFigures | None:
    """What was last made for a cohort's page; None before that."""
    document = _shown().find_one({"_id": str(cohort_id)})
    if document is None or "made_at" not in document:
        return None
    return GroupFigures(
        made_at=document["made_at"],
        learners=frozenset(document["learners"]),
        misconceptions=tuple(_misconception(entry) for entry in document["misconceptions"]),
        trends={slug: [_point(point) for point in points] for slug, points in document["trends"].items()},
        answered=document["answered"],
        withheld=document["withheld"],
    )


def list_items(cohort_id: int, area_slug: str) -> tuple[frozenset[int], Sequence[AnsweredItem]]:
    """The items of an area that something is told of, and whose data is in that."""
    document = _shown().find_one({"_id": f"{cohort_id}/{area_slug}"}) or {"learners": [], "items": []}
    return frozenset(document["learners"]), [_item(entry) for entry in document["items"]]


def put(cohort_id: int, figures: GroupFigures, items: Mapping[str, Sequence[AnsweredItem]]) -> None:
    """Replace what a cohort's pages show; it is no longer wanted."""
    learners = sorted(figures.learners)
    of_areas = [
        ReplaceOne(
            {"_id": f"{cohort_id}/{slug}"},
            {"_id": f"{cohort_id}/{slug}", "learners": learners, "items": [asdict(one) for one in there]},
            upsert=True,
        )
        for slug, there in items.items()
    ]
    whole = {**asdict(figures), "_id": str(cohort_id), "learners": learners}
    _shown().bulk_write([*of_areas, ReplaceOne({"_id": str(cohort_id)}, whole, upsert=True)])


def want(cohort_id: int, *, now: datetime) -> None:
    """Ask for a cohort's figures to be made anew; who asked first waits no longer for it."""
    _shown().update_one({"_id": str(cohort_id)}, {"$min": {"wanted_at": now}}, upsert=True)


def defer(cohort_id: int, *, now: datetime) -> None:
    """Let a cohort wait behind the others."""
    _shown().update_one({"_id": str(cohort_id)}, {"$set": {"wanted_at": now}})


def list_wanted(*, most: int) -> list[int]:
    """The cohorts whose figures are wanted, longest waiting first."""
    found = _shown().find({"wanted_at": {"$exists": True}}, {"_id": 1}).sort("wanted_at", ASCENDING).limit(most)
    return [int(document["_id"]) for document in found]


def add_tellings(cohort_id: int, told: Sequence[Told]) -> None:
    """Keep for good what is about to be told, and of whom; some at a time, as all may take longer than a write may."""
    before = _people().find_one({"_id": cohort_id}) or {"learners": []}
    learners = frozenset(before["learners"]).union(*(one.learners for one in told))
    _people().replace_one({"_id": cohort_id}, {"_id": cohort_id, "learners": sorted(learners)}, upsert=True)
    for some in documents.some_at_a_time(told):
        _tellings().insert_many([_to_document(cohort_id, one) for one in some])


def list_told_of() -> dict[int, list[int]]:
    """Whom each cohort was ever told of."""
    return {document["_id"]: document["learners"] for document in _people().find()}


def list_told(cohort_id: int) -> list[Told]:
    """What a cohort was told, oldest first."""
    found = _tellings().find({"cohort_id": cohort_id})
    told = [_told(document) for document in found]
    return sorted(told, key=lambda one: one.figure.told_at)


def list_tellings(cohort_ids: Sequence[int]) -> list[Telling]:
    """What these cohorts were told, without the figures."""
    return [
        _telling(document)
        for ids in documents.some_at_a_time(cohort_ids)
        for document in _tellings().find({"cohort_id": {"$in": ids}}, {"figure": False})
    ]


def _shown() -> DocumentCollection[Document]:
    return documents.collection("group_figures")


def _tellings() -> DocumentCollection[Document]:
    return documents.collection("group_tellings")


def _people() -> DocumentCollection[Document]:
    return documents.collection("group_people")


def _to_document(cohort_id: int, told: Told) -> Document:
    return {
        "cohort_id": cohort_id,
        "key": told.key,
        "cell": told.telling.cell,
        "about": list(told.telling.about),
        "groups": [_listed(group) for group in told.telling.groups],
        "exposed": _listed(told.exposed),
        "known": _listed(told.telling.known),
        "kind": type(told.figure).__name__,
        "figure": asdict(told.figure),
    }


def _telling(document: Document) -> Telling:
    return Telling(
        cell=document["cell"],
        groups=tuple(_parts(group) for group in document["groups"]),
        about=tuple(document["about"]),
        known=_parts(document["known"]),
    )


def _told(document: Document) -> Told:
    figure = READERS[document["kind"]](document["figure"])
    return Told(document["key"], _telling(document), _parts(document["exposed"]), figure)


def _listed(parts: Iterable[Part]) -> list[list[int]]:
    return [list(part) for part in sorted(parts)]


def _parts(listed: Iterable[Sequence[int]]) -> frozenset[Part]:
    return frozenset((learner_id, datum) for learner_id, datum in listed)


def _misconception(entry: Mapping[str, Any]) -> HeldMisconception:
    return HeldMisconception(**{**entry, "share": Share(**entry["share"])})


def _item(entry: Mapping[str, Any]) -> AnsweredItem:
    parts = {
        "right": Share(**entry["right"]),
        "item_rest": Figure(**entry["item_rest"]) if entry["item_rest"] else None,
        "options": tuple(_option(option) for option in entry["options"]),
        "rules": tuple(entry["rules"]),
    }
    return AnsweredItem(**{**entry, **parts})


def _option(entry: Mapping[str, Any]) -> ChosenOption:
    parts = {"share": Share(**entry["share"]), "by_third": tuple(Share(**third) for third in entry["by_third"])}
    return ChosenOption(**{**entry, **parts})


def _point(entry: Mapping[str, Any]) -> TrendPoint:
    return TrendPoint(**entry)


READERS: Mapping[str, Callable[[Mapping[str, Any]], ToldFigure]] = {
    "HeldMisconception": _misconception,
    "AnsweredItem": _item,
    "TrendPoint": _point,
}
