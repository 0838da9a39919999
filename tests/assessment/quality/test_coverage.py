"""How much the bank covers, and what it lacks."""

from tests.assessment.quality.drafts import CITED, a_draft
from tracker.assessment.quality.coverage import count_items, cover, judge_coverage
from tracker.assessment.quality.draft import Draft

TOPICS = [f"area/topic-{number}" for number in range(40)]


def a_bank(per_topic: int = 12, *, families: int = 1) -> list[Draft]:
    """A bank that lacks nothing: 40 topics, each with items of all levels and a family."""
    return [
        a_draft(f"{topic}/{number}", difficulty=1 + number % 5, is_family=number < families)
        for topic in TOPICS
        for number in range(per_topic)
    ]


def reasons(drafts: list[Draft]) -> list[str]:
    return [f"{finding.where}: {finding.field}: {finding.reason}" for finding in judge_coverage(drafts, TOPICS)]


def test_a_bank_that_lacks_nothing_has_no_findings() -> None:
    assert reasons(a_bank()) == []


def test_a_topic_with_fewer_than_12_items_is_named_and_so_is_one_without_any() -> None:
    drafts = [draft for draft in a_bank() if draft.id not in ("area/topic-3/11",) and draft.topic_id != "area/topic-7"]

    assert reasons(drafts)[:2] == [
        "items/area/topic-3: items: 11, at least 12 needed",
        "items/area/topic-7: items: 0, at least 12 needed",
    ]


def test_a_level_that_a_topic_of_ten_lacks_is_named() -> None:
    drafts = [
        a_draft(draft.id, difficulty=3, is_family=draft.is_family) if draft.topic_id == TOPICS[0] else draft
        for draft in a_bank()
    ]

    assert reasons(drafts) == ["items/area/topic-0: difficulty: no item of level 1, 2, 4, 5"]


def test_the_bank_needs_400_items() -> None:
    few = [draft for draft in a_bank() if draft.topic_id in TOPICS[:33]]

    assert "items: items: 396 in all, at least 400 needed" in reasons(few)


def test_six_of_ten_proofs_must_be_run() -> None:
    drafts = [
        a_draft(draft.id, difficulty=draft.difficulty, is_family=draft.is_family, proof=CITED) if number % 2 else draft
        for number, draft in enumerate(a_bank())
    ]

    assert reasons(drafts) == ["items: proof: 50% of the proofs are run, at least 60% needed"]


def test_forty_families_are_needed_on_twelve_topics() -> None:
    assert reasons(a_bank(families=0)) == ["items: family: 0 on 0 topics, at least 40 on 12 needed"]


def test_counts_are_by_level_type_and_proof() -> None:
    drafts = [a_draft("a/b/one", difficulty=1), a_draft("a/b/two", type="number", proof=CITED, is_family=True)]

    [topic] = cover(drafts, ["a/b"])

    assert (topic.items, topic.families, topic.executed, topic.executed_share) == (2, 1, 1, 0.5)
    assert (topic.levels[1], topic.levels[3], topic.levels[5]) == (1, 1, 0)
    assert topic.types == {"single": 1, "number": 1}
    assert count_items([]).executed_share == 0
