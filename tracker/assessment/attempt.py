"""An attempt: what one person was served and did. Everything but its header follows from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from tracker.assessment.assembly import Placement
from tracker.assessment.assignment import AssignedTerms
from tracker.assessment.item_types import Answer
from tracker.assessment.response import Response
from tracker.assessment.score import Report
from tracker.assessment.time_ledger import GRACE, Credit, TimeLedger

MOST_CHANGES = 1000
"""An attempt with this many events takes nothing more that stays at its place: nobody changes their mind that often."""

MOST_EVENTS = 1100
"""With this many it only finishes; until then its learner can still go on, to where they finish it."""

MOST_SIGNALS = 200
"""An attempt remembers no more signals than this."""

SIGNALS = ("left", "pasted")
"""What a page notices."""

REVIEW = -1
"""The place after the last item: the list of all answers, before finishing."""

Stop = Literal["time", "length", "exhausted", "precision", "classification", "gain"]
"""The rule that ended an adaptive attempt; `scoring.selection.stopping` says what each means."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `position` is the place it is about, `then` the place served next.

    started: serves place 0. answered: `answer` for `position` was saved. moved: another place was asked for. opened: a
    page showed the attempt; pages from before it are out of date. flagged and unflagged: the learner marked `position`
    to come back to, or no longer. finished: no more answers are taken.
    key: of the request that began the attempt, sent an answer or opened a page, so that the same again is known; empty
    without one.
    """

    seq: int
    type: Literal["started", "answered", "moved", "opened", "flagged", "unflagged", "finished"]
    at: datetime
    position: int
    then: int
    answer: Answer = ()
    key: str = ""

    def is_answer(self, position: int, answer: Answer, then: int | None) -> bool:
        """Whether it saved this answer and served `then`; None where the request left open what comes next."""
        saved = (self.type, self.position, self.answer) == ("answered", position, answer)
        return saved and then in (None, self.then)


@dataclass(frozen=True, slots=True)
class Signal:
    """What a page noticed at a place: that it was left for so many seconds, or that something was pasted.

    No event, so it makes no page out of date, and no part of any score.
    """

    type: str
    at: datetime
    position: int
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What an adaptive attempt follows: the topics it covers, at most how many items, and the parameters' revision."""

    topic_ids: tuple[str, ...]
    item_count: int
    parameters: int

    @property
    def is_of_one_topic(self) -> bool:
        """Whether it is about a topic's ability; otherwise it is about its areas'."""
        return len(self.topic_ids) == 1


@dataclass(frozen=True)
class Attempt:
    """One attempt. `responses` and `report` are there once it is finished; all else follows from `events`.

    time: what the deadline follows from. plan: of an adaptive attempt, whose form grows by one place an answer; None
    with a fixed form. assignment: None when nobody assigned it. stopped_by: the rule that ended it.
    """

    id: str
    learner_id: int
    assessment_slug: str
    assessment_name: str
    form: tuple[Placement, ...]
    seed: int
    started_at: datetime
    time: TimeLedger
    events: tuple[Event, ...]
    finished_at: datetime | None
    responses: tuple[Response, ...]
    report: Report | None = None
    plan: Plan | None = None
    assignment: AssignedTerms | None = None
    stopped_by: Stop | None = None
    signals: tuple[Signal, ...] = ()

    @property
    def seq(self) -> int:
        """The newest event's number."""
        return self.events[-1].seq

    @property
    def deadline(self) -> datetime:
        """When its time is over."""
        return self.time.deadline(self.started_at)

    @property
    def position(self) -> int:
        """The place to show: an index of the form, or REVIEW."""
        return self.events[-1].then

    def place_after(self, position: int) -> int | None:
        """What comes after a place of the form: the next or REVIEW; None where the answer leads on."""
        if self.plan:
            return None
        return position + 1 if position + 1 < len(self.form) else REVIEW

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the items in its form."""
        return tuple(place.item_version for place in self.form)

    @property
    def item_count(self) -> int:
        """How many items it has; an adaptive one, at most."""
        return self.plan.item_count if self.plan else len(self.form)

    @property
    def scored(self) -> tuple[Response, ...]:
        """The responses that count: those to items under review do not."""
        return tuple(response for response in self.responses if response.unscored is None)

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def ran_out(self) -> bool:
        """Whether time, not the learner, finished it."""
        return self.finished_at == self.deadline

    def is_released(self, now: datetime) -> bool:
        """Whether its learner may see the keys of its items, once it is finished."""
        return self.assignment is None or self.assignment.is_released(now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open although its time, and the grace, are over."""
        return not self.is_finished and now > self.deadline + GRACE

    def over_at(self, now: datetime) -> datetime | None:
        """When it ended, if it is still open although a rule has stopped it or it is overdue."""
        if self.stopped_by and not self.is_finished:
            return min(self.events[-1].at, self.deadline)
        return self.deadline if self.is_overdue(now) else None

    @cached_property
    def answers(self) -> Mapping[int, Answer]:
        """The newest answer by place, left-out ones too; a place never answered is absent."""
        return {event.position: event.answer for event in self.events if event.type == "answered"}

    @cached_property
    def answered_at(self) -> Mapping[int, datetime]:
        """When the newest answer of each place was saved."""
        return {event.position: event.at for event in self.events if event.type == "answered"}

    @cached_property
    def seconds(self) -> Mapping[int, float]:
        """Time spent by place: from being served to the next event, over all visits."""
        spent: dict[int, float] = {}
        for served, left in zip(self.events, self.events[1:], strict=False):
            if served.then != REVIEW:
                elapsed = max(0.0, (left.at - served.at).total_seconds())  # a server's clock may be set back
                spent[served.then] = spent.get(served.then, 0.0) + elapsed
        return spent

    @cached_property
    def flags(self) -> frozenset[int]:
        """The places that the learner marked to come back to."""
        newest = {event.position: event.type for event in self.events if event.type in ("flagged", "unflagged")}
        return frozenset(position for position, kind in newest.items() if kind == "flagged")

    def count_signals(self, kind: str) -> int:
        """How many signals of this kind its pages sent."""
        return sum(signal.type == kind for signal in self.signals)

    def credited(self, credit: Credit) -> "Attempt":
        """The attempt with one more credit in its time."""
        return replace(self, time=replace(self.time, credits=(*self.time.credits, credit)))

    @property
    def newest_opened(self) -> Event | None:
        """When the newest page that shows the attempt was opened."""
        return next((event for event in reversed(self.events) if event.type == "opened"), None)

    def find_event(self, key: str) -> Event | None:
        """What came of the request with this key."""
        return next((event for event in self.events if key and event.key == key), None)

    def is_repeat(self, seq: int, *, position: int, answer: Answer, then: int | None) -> bool:
        """Whether the event after `seq` is this very answer: the same request, sent again.

        then: None where the request left open what comes next.
        """
        return any(event.seq == seq + 1 and event.is_answer(position, answer, then) for event in self.events)

    def is_repeated_flag(self, seq: int, *, position: int, is_on: bool) -> bool:
        """Whether the event after `seq` is this very flag: the same request, sent again."""
        wanted = (seq + 1, "flagged" if is_on else "unflagged", position)
        return any((event.seq, event.type, event.position) == wanted for event in self.events)

    def is_repeated_move(self, seq: int, *, then: int) -> bool:
        """Whether the event after `seq` is this very move: the same request, sent again."""
        return any(event.seq == seq + 1 and (event.type, event.then) == ("moved", then) for event in self.events)
