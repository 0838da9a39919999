"""Items that are too much alike: one of them gives the other away, or counts twice."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from tracker.assessment.quality.draft import Draft
from tracker.assessment.quality.finding import Finding

TOO_ALIKE = 0.6
"""The share of three-word runs that two items have in common, of all that either has (Jaccard)."""

_WORD = re.compile(r"\w+|[^\w\s]")


def judge_likeness(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Every pair of items that say nearly the same."""
    runs = {draft.id: _runs(draft) for draft in drafts}
    for one, other in combinations(drafts, 2):
        likeness = _likeness(runs[one.id], runs[other.id])
        if likeness >= TOO_ALIKE:
            yield Finding(other.where, "stem", f"{likeness:.0%} the same as {one.where}")


def _runs(draft: Draft) -> frozenset[tuple[str, ...]]:
    text = " ".join([draft.stem, *(choice.text for choice in draft.choices)])
    words = _WORD.findall(text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    smaller, larger = sorted((len(one), len(other)))
    if smaller < TOO_ALIKE * larger or not larger:
        return 0.0
    return len(one & other) / len(one | other)
