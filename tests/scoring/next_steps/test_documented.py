"""The rules and the page that explains them say the same."""

import re

from tracker.config import ROOT
from tracker.scoring import next_steps
from tracker.scoring.next_steps.choice import WHEN

PAGE = (ROOT / "docs" / "next-steps.md").read_text()


def test_every_rule_is_in_both_tables_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z]+-\d+)` \|", PAGE, re.MULTILINE) == list(WHEN)
    assert re.findall(r"^\| ([a-z]+-\d+) \|", next_steps.__doc__ or "", re.MULTILINE) == list(WHEN)


def test_every_rule_says_in_a_sentence_when_it_gives_a_step() -> None:
    assert all(when[0].isupper() and when.endswith(".") for when in WHEN.values())
