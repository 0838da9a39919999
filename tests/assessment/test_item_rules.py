"""Words for every rule that an item can break."""

import re
from pathlib import Path

from tracker.assessment.item_rules import RULES
from tracker.config import ROOT

STATISTICS = ROOT / "tracker" / "scoring" / "statistics"
OF_PEOPLE = {"rapid guessing", "score withheld: rapid guessing"}


def rules_in(file: Path) -> set[str]:
    """The names of the rules that a module flags items by."""
    return set(re.findall(r'(?:above|below|flag_where)\(\s*"([^"]+)"', file.read_text(encoding="utf-8")))


def test_every_rule_that_items_are_flagged_by_has_words() -> None:
    named = set[str]().union(*(rules_in(file) for file in STATISTICS.glob("*.py")))

    assert len(named) > 10
    assert named - OF_PEOPLE <= RULES.keys() <= named


def test_the_words_are_sentences() -> None:
    for rule in RULES.values():
        assert rule.meaning.endswith(".")
        assert rule.advice.endswith(".")
        assert not rule.name.endswith(".")
