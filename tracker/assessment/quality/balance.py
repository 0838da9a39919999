"""Patterns that let a test-wise learner guess: where the key stands, and how long it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tracker.assessment.quality.draft import Draft
from tracker.assessment.quality.finding import Finding

MOST_LONGEST_KEYS = 0.35
"""How often the key may be the longest of four options; 0.25 would be chance."""

LEAST_ITEMS = 5
CRITICAL = {1: 6.635, 2: 9.210, 3: 11.345, 4: 13.277}
"""By degrees of freedom: chi-square that chance exceeds once in a hundred (NIST/SEMATECH e-Handbook, 1.3.6.7.4)."""


def judge_positions(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Topics whose keys stand in some places of the file more often than chance explains."""
    for topic_id, members in _singles_by_topic(drafts).items():
        for count in sorted({len(draft.choices) for draft in members}):
            positions = [_key_position(draft) for draft in members if len(draft.choices) == count]
            chi_square = _chi_square(positions, count)
            if len(positions) >= LEAST_ITEMS and chi_square > CRITICAL[count - 1]:
                found = ", ".join(str(positions.count(place)) for place in range(count))
                reason = f"with {count} options the key stands in place 1 to {count} this often: {found}"
                yield Finding(f"items/{topic_id}", "options", f"{reason} (chi-square {chi_square:.1f})")


def judge_longest_keys(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """The bank and its topics, where the key of four options is too often the longest."""
    fours = [draft for draft in drafts if draft.type == "single" and len(draft.choices) == 4]
    share = _longest_share(fours)
    if share > MOST_LONGEST_KEYS:
        reason = f"of four, the key is the longest in {share:.0%}, at most {MOST_LONGEST_KEYS:.0%}"
        yield Finding("items", "options", reason)
    for topic_id, members in _singles_by_topic(fours).items():
        if len(members) >= LEAST_ITEMS and _longest_share(members) > 0.5:
            reason = f"of four, the key is the longest in {_longest_share(members):.0%}"
            yield Finding(f"items/{topic_id}", "options", reason, is_error=False)


def _singles_by_topic(drafts: Sequence[Draft]) -> Mapping[str, list[Draft]]:
    found: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.type == "single":
            found[draft.topic_id].append(draft)
    return found


def _key_position(draft: Draft) -> int:
    return next(place for place, choice in enumerate(draft.choices) if choice.is_key)


def _chi_square(positions: Sequence[int], count: int) -> float:
    expected = len(positions) / count
    return sum((positions.count(place) - expected) ** 2 / expected for place in range(count)) if positions else 0.0


def _longest_share(drafts: Sequence[Draft]) -> float:
    """How often the key is longer than every distractor."""
    return sum(_is_key_longest(draft) for draft in drafts) / len(drafts) if drafts else 0.0


def _is_key_longest(draft: Draft) -> bool:
    key = next(len(choice.text) for choice in draft.choices if choice.is_key)
    return all(len(choice.text) < key for choice in draft.choices if not choice.is_key)
