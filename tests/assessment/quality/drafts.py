"""Drafts for tests: sound until something is changed."""

from dataclasses import replace
from typing import Any

from tracker.assessment.proof import Proof
from tracker.assessment.quality.draft import Choice, Draft

PROVED = Proof(kind="python", code="shown = str(3)\nholds = {'a': shown == '3', 'b': shown == '4'}\n")
CITED = Proof(kind="cited", facts=("One thing.", "Another thing."))


def a_draft(draft_id: str = "language/syntax/slices", **fields: Any) -> Draft:
    """A single choice of three whose key stands first, with a proof that is run."""
    draft = Draft(
        id=draft_id,
        type="single",
        difficulty=3,
        stem="What does this print?\n\n~~~python\nprint(1 + 2)\n~~~\n",
        explanation="It adds.",
        choices=choices("3", "4", "12"),
        proof=PROVED,
        is_family=False,
    )
    return replace(draft, **fields)


def choices(*texts: str, key: int = 0) -> tuple[Choice, ...]:
    """Options with these texts; the one at `key` is right."""
    return tuple(Choice(text=text, is_key=place == key) for place, text in enumerate(texts))
