"""Item statistics in MongoDB: one document an item, replaced whole by each run, and one that sums up all of them.

SecantusDB takes a fifth of a second to go through the items of the whole bank; the summary it finds at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne
from pymongo.collection import Collection as DocumentCollection

from tracker.assessment.item_statistics import (
    ChoiceStatistics,
    Comparison,
    Figure,
    Finding,
    Fit,
    FitGroup,
    ItemStatistics,
    Times,
)
from tracker.storage import documents
from tracker.storage.documents import Document

AT_ONCE = 200
SUMMARY = "summary"


def replace_all(statistics: Sequence[ItemStatistics], *, made_at: datetime) -> None:
    """Store what a run found, and forget items that it found no answers to."""
    for first in range(0, len(statistics), AT_ONCE):
        _statistics().bulk_write(
            [
                ReplaceOne({"_id": one.item_id}, _to_document(one), upsert=True)
                for one in statistics[first : first + AT_ONCE]
            ],
            ordered=False,
        )
    rules = {one.version: list(dict.fromkeys(finding.rule for finding in one.findings)) for one in statistics}
    _statistics().replace_one({"_id": SUMMARY}, {"made_at": made_at, "rules": rules}, upsert=True)
    _statistics().delete_many({"made_at": {"$lt": made_at}})


def find(item_id: str) -> ItemStatistics | None:
    """The newest statistics of an item, of whichever version of its file; None before any answers."""
    document = _statistics().find_one({"_id": item_id})
    return _from_document(document) if document else None


def list_rules() -> dict[str, tuple[str, ...]]:
    """The rules that each item breaks, by its file's version; none for one without findings."""
    summary = _statistics().find_one({"_id": SUMMARY})
    return {version: tuple(rules) for version, rules in summary["rules"].items()} if summary else {}


def list_times(item_ids: Collection[str]) -> dict[str, Times]:
    """The seconds that people spent on these items, by their files' versions; unknown ones are absent."""
    found = _statistics().find({"_id": {"$in": list(item_ids)}}, {"version": 1, "times": 1})
    return {document["version"]: _times(document["times"]) for document in found if document.get("times")}


def _statistics() -> DocumentCollection[Document]:
    return documents.collection("item_statistics")


def _to_document(statistics: ItemStatistics) -> Document:
    values = asdict(statistics)
    return {"_id": values.pop("item_id"), **values}


def _from_document(document: Document) -> ItemStatistics:
    return ItemStatistics(
        item_id=document["_id"],
        version=document["version"],
        made_at=document["made_at"],
        parameters=document["parameters"],
        responses=document["responses"],
        residual=_find_figure(document["residual"]),
        item_rest=_find_figure(document["item_rest"]),
        expected_item_rest=document["expected_item_rest"],
        upper_lower=_find_figure(document["upper_lower"]),
        drift=_find_figure(document["drift"]),
        facility=Figure(**document["facility"]),
        choices=tuple(_choice(entry) for entry in document["choices"]),
        fit=_fit(document["fit"]) if document["fit"] else None,
        times=_times(document["times"]) if document["times"] else None,
        comparisons=tuple(_comparison(entry) for entry in document["comparisons"]),
        findings=tuple(_finding(entry) for entry in document["findings"]),
    )


def _find_figure(entry: Mapping[str, Any] | None) -> Figure | None:
    return Figure(**entry) if entry else None


def _choice(entry: Mapping[str, Any]) -> ChoiceStatistics:
    return ChoiceStatistics(
        name=entry["name"],
        is_key=entry["is_key"],
        share=Figure(**entry["share"]),
        theta=_find_figure(entry["theta"]),
        by_third=tuple(Figure(**figure) for figure in entry["by_third"]),
    )


def _fit(entry: Mapping[str, Any]) -> Fit:
    groups = tuple(FitGroup(Figure(**group["observed"]), group["expected"]) for group in entry["groups"])
    return Fit(rmsea=Figure(**entry["rmsea"]), p=entry["p"], groups=groups)


def _times(entry: Mapping[str, Any]) -> Times:
    return Times(**{**entry, "rapid": Figure(**entry["rapid"])})


def _comparison(entry: Mapping[str, Any]) -> Comparison:
    return Comparison(**{**entry, "delta": Figure(**entry["delta"])})


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(**{**entry, "figure": Figure(**entry["figure"])})
