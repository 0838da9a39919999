"""What is answered: an answer, what can be chosen, and what people are foreseen to get wrong."""

from dataclasses import dataclass

Answer = tuple[str, ...]
"""Ids of options, or what was typed; the empty tuple is "left out"."""


class BadAnswer(ValueError):
    """What was sent cannot be an answer to this item; its text says why, for the learner."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `text` and `note` are safe HTML; `token` stands for the telling `id` in pages.

    `plain` is the text without marks of Markdown: as code is run, and as a drop-down list shows it.
    """

    id: str
    token: str
    text: str
    plain: str
    note: str
    is_key: bool
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A foreseen wrong answer to what is typed, with the reason it is wrong (safe HTML)."""

    answer: str
    note: str
    misconception: str | None = None
