"""Whether the bank is good enough to measure with, and how much of the roadmap it covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.assessment.quality.balance import judge_longest_keys, judge_positions
from tracker.assessment.quality.coverage import Coverage, count_items, cover, judge_coverage
from tracker.assessment.quality.draft import Draft
from tracker.assessment.quality.finding import Finding
from tracker.assessment.quality.likeness import judge_likeness
from tracker.assessment.quality.writing import judge_writing
from tracker.storage.drafts import iterate_drafts
from tracker.storage.item_files import iterate_variant_faults
from tracker.storage.question_bank import QuestionBank, get_bank


@dataclass(frozen=True, slots=True)
class Stats:
    """How much the bank covers: each topic in the roadmap's order, and all together."""

    topics: tuple[Coverage, ...]
    total: Coverage


def get_stats() -> Stats:
    """How many items there are, by topic, level, type and proof."""
    bank = get_bank()
    drafts = list(iterate_drafts(bank))
    return Stats(topics=cover(drafts, _topic_ids(bank)), total=count_items(drafts))


def check_bank() -> list[Finding]:
    """Everything that is not good enough about the bank, errors first; the loader's faults stop the app before this."""
    bank = get_bank()
    drafts = list(iterate_drafts(bank))
    findings = [
        *_variant_findings(bank),
        *(finding for draft in drafts for finding in judge_writing(draft)),
        *_findings_of_all(drafts, _topic_ids(bank)),
    ]
    return sorted(findings, key=lambda finding: (not finding.is_error, finding))


def _findings_of_all(drafts: Sequence[Draft], topic_ids: Sequence[str]) -> list[Finding]:
    return [
        *judge_likeness(drafts),
        *judge_positions(drafts),
        *judge_longest_keys(drafts),
        *judge_coverage(drafts, topic_ids),
    ]


def _variant_findings(bank: QuestionBank) -> Iterator[Finding]:
    for family in bank.families.values():
        source = bank.sources[family.version]
        for fault in iterate_variant_faults(source, misconceptions=bank.misconceptions):
            where, field, reason = fault.split(": ", 2)
            yield Finding(where, field, reason)


def _topic_ids(bank: QuestionBank) -> list[str]:
    return [topic.id for topic in bank.roadmap.topics]
