"""What the stores hold after a storm, as plain values: read from the documents, not by the code that is tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of an attempt, as it is in its document."""

    seq: int
    type: str
    at: datetime
    position: int
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class StoredCredit:
    """One credit of an attempt's time; without giver the service gave it."""

    id: str
    length: timedelta
    giver_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One attempt. `responses` are the answers that were marked, by place; empty while it is open.

    credits: of its ledger, in their order. late: the answers that came after its end. is_stopped: a rule ended it.
    """

    id: str
    learner_id: int
    assessment: str
    started_at: datetime
    deadline: datetime
    finished_at: datetime | None
    events: tuple[StoredEvent, ...]
    responses: Mapping[int, str]
    credits: tuple[StoredCredit, ...] = ()
    late: tuple[str, ...] = ()
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything: the attempts; names of people and, where there is a profile, how many attempts are in it, by learner.

    swept_at: when everything that was overdue had just been asked to close.
    """

    attempts: tuple[StoredAttempt, ...]
    names: Mapping[int, str]
    folded: Mapping[int, int]
    swept_at: datetime
