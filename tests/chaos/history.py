"""What the clients of a storm saw: every request with what came of it, and every page they were shown."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["start", "answer", "flagged", "unflagged", "opened", "finish", "credit", "rename", "name seen"]
Outcome = Literal["acknowledged", "stale", "closed", "key reused", "unknown", "wrong"]
"""unknown: no reply, or one that does not say whether it was done. wrong: a reply that there must not be."""


@dataclass(frozen=True, slots=True)
class Request:
    """One sending of a request; sent again, it is there again.

    told_at: None when no reply came. assessment: of a start. seq, position: of an answer or a flag; seq, the attempt's
    newest number, also of a finish and, as the reply tells it, of an opened page. text: the answer, the credit's id, or
    the name that was asked for or seen. key: of an answer that has one.
    """

    kind: Kind
    learner_id: int
    sent_at: datetime
    told_at: datetime | None
    outcome: Outcome
    attempt_id: str = ""
    assessment: str = ""
    seq: int = 0
    position: int = -1
    text: str = ""
    status: int = 0
    key: str = ""

    @property
    def is_acknowledged(self) -> bool:
        """Whether the client was told that it is done."""
        return self.outcome == "acknowledged"

    @property
    def is_refused(self) -> bool:
        """Whether the client was told that nothing was changed."""
        return self.outcome in {"stale", "closed", "key reused"}


@dataclass(frozen=True, slots=True)
class Look:
    """A page of an attempt, asked for at `sent_at`: the newest number it knew, its place, the answer shown there.

    ends_at: when the attempt's time is over, as the page says.
    """

    attempt_id: str
    sent_at: datetime
    seq: int
    position: int
    text: str
    ends_at: datetime | None = None


@dataclass(slots=True)
class History:
    """All that the clients saw, in the order they were told.

    deliberate: how often something was done on purpose: sent twice, stale, with a used key, and so on.
    """

    requests: list[Request] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    deliberate: Counter[str] = field(default_factory=Counter)

    @property
    def acknowledged_answers(self) -> int:
        """How many different answers were acknowledged."""
        return len({request.text for request in self.requests if request.kind == "answer" and request.is_acknowledged})
