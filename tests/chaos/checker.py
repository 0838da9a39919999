"""Whether what the stores hold can be, after what the clients were told: a pure function over both.

Clients and server read the same clock. Every answer of a storm is a text of its own, so each stored answer is known to
be one request's. The server numbers events; a request says from which number (`seq`) it was made and becomes the next.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

from tests.chaos.history import History, Look, Request
from tests.chaos.stored import Stored, StoredAttempt, StoredEvent

GRACE = timedelta(seconds=5)
"""What is promised, said again: the checker takes no number from what it checks."""
TICK = timedelta(milliseconds=1)
"""Stored moments are cut to the millisecond."""
EVENTS = {"answer": "answered", "flagged": "flagged", "unflagged": "unflagged"}
"""What becomes of a request that names the number it was made from."""
MOST_LATE = 50
"""How many late answers an attempt must keep."""
Change = tuple[str, int, int, str]
"""The event that a request becomes: its type, the number it is made from, its place and its text."""

Kind = Literal[
    "lost",
    "doubled",
    "phantom",
    "older than acknowledged",
    "key reused",
    "late",
    "closed early",
    "left open",
    "misdated",
    "wrong reply",
]


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken: where, and how."""

    kind: Kind
    where: str
    how: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.how}"


@dataclass(frozen=True)
class Case:
    """One stored attempt and everything the clients saw of it. `limit` is its assessment's, not what is stored."""

    attempt: StoredAttempt
    limit: timedelta
    requests: Sequence[Request]
    looks: Sequence[Look]

    @cached_property
    def changes(self) -> dict[Change, list[Request]]:
        """All sendings of each change that names the number it was made from."""
        sent = defaultdict(list)
        for request in self.requests:
            if request.kind in EVENTS:
                sent[EVENTS[request.kind], request.seq, request.position, request.text].append(request)
        return sent

    def sent_as(self, kind: str) -> list[Request]:
        """All sendings of this kind."""
        return [request for request in self.requests if request.kind == kind]

    @property
    def answered(self) -> list[StoredEvent]:
        """The stored answers, in the order they are stored."""
        return [event for event in self.attempt.events if event.type == "answered"]

    @property
    def deadline(self) -> datetime:
        """When its time is over, by what is promised: the limit, and every credit of its ledger."""
        return (
            self.attempt.started_at + self.limit + sum((credit.length for credit in self.attempt.credits), timedelta())
        )

    @cached_property
    def asked_at(self) -> datetime | None:
        """When somebody first asked for its end, or for what made a rule end it; None when only time can have."""
        ends = self.sent_as("finish")
        if self.attempt.is_stopped and self.answered:
            last = _change(self.answered[-1])
            ends += self.changes.get(last, [])
        return min((request.sent_at for request in ends), default=None)


def _change(event: StoredEvent) -> Change:
    return event.type, event.seq - 1, event.position, event.text


def check(history: History, stored: Stored, *, limits: Mapping[str, timedelta]) -> list[Violation]:
    """Every promise that was broken; nothing when all were kept. limits: how long each assessment may take, by slug."""
    by_attempt, looks = defaultdict(list), defaultdict(list)
    for request in history.requests:
        by_attempt[request.attempt_id].append(request)
    for look in history.looks:
        looks[look.attempt_id].append(look)
    found = [*_missing_attempts(history, stored), *_unsent_attempts(history, stored), *_two_at_once(stored)]
    found += [*_profiles(stored), *_names(history, stored), *_wrong_replies(history)]
    for attempt in stored.attempts:
        case = Case(attempt, limits[attempt.assessment], by_attempt[attempt.id], looks[attempt.id])
        for rule in RULES:
            found += (Violation(kind, f"attempt {attempt.id}", how) for kind, how in rule(case))
        found += _left_open(case, stored.swept_at)
    return found


Found = Iterator[tuple[Kind, str]]


def _acknowledged_are_there(case: Case) -> Found:
    there = {_change(event) for event in case.attempt.events}
    for change, sendings in case.changes.items():
        if any(sending.is_acknowledged for sending in sendings) and change not in there:
            kind, seq, position, text = change
            yield "lost", f"{text or kind} was acknowledged as event {seq + 1}, for place {position}"
    opened = {event.seq for event in case.attempt.events if event.type == "opened"}
    for sending in case.sent_as("opened"):
        if sending.is_acknowledged and sending.seq + 1 not in opened:
            yield "lost", f"a page was told that it is event {sending.seq + 1}"
    if any(sending.is_acknowledged for sending in case.sent_as("finish")) and case.attempt.finished_at is None:
        yield "lost", "its end was acknowledged"


def _ledger_only_grows(case: Case) -> Found:
    """Every credit that was acknowledged is in it, once, with a reason, and none that nobody gave."""
    ids = [credit.id for credit in case.attempt.credits]
    given = defaultdict(list)
    for sending in case.sent_as("credit"):
        given[sending.text].append(sending)
    for credit_id, sendings in given.items():
        if any(sending.is_acknowledged for sending in sendings) and credit_id not in ids:
            yield "lost", f"credit {credit_id} was acknowledged"
    for credit_id in sorted({each for each in ids if ids.count(each) > 1}):
        yield "doubled", f"credit {credit_id} is there {ids.count(credit_id)} times"
    for credit in case.attempt.credits:
        if credit.giver_id is not None and credit.id not in given:
            yield "phantom", f"nobody gave credit {credit.id}"
        if not credit.reason or credit.length <= timedelta():
            yield "phantom", f"credit {credit.id} of {credit.length} has the reason {credit.reason!r}"
    for look in case.looks:
        if look.ends_at and look.ends_at > case.deadline:
            yield "closed early", f"a page said that it ends at {look.ends_at}, its ledger says {case.deadline}"


def _newest_are_marked(case: Case) -> Found:
    if case.attempt.finished_at is None:
        return
    newest = {event.position: event.text for event in case.answered}
    for position, text in newest.items():
        marked = case.attempt.responses.get(position, "")
        if marked != text:
            yield "lost", f"{marked or 'nothing'} was marked for place {position} instead of {text}"


def _all_is_there_once(case: Case) -> Found:
    numbers = [event.seq for event in case.attempt.events]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "doubled", f"its events are numbered {numbers}"
    texts = [event.text for event in case.answered]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield "doubled", f"{text} is stored {texts.count(text)} times"
    keys = [event.key for event in case.answered if event.key]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "doubled", f"the key {key} is stored {keys.count(key)} times"
    for text in sorted({text for text in case.attempt.late if case.attempt.late.count(text) > 1 or text in texts}):
        yield (
            "doubled",
            f"{text} is kept as late {case.attempt.late.count(text)} times, taken {texts.count(text)} times",
        )
    ends = [event.type for event in case.attempt.events].count("finished")
    if ends > 1:
        yield "doubled", f"it was finished {ends} times"


def _stored_were_sent(case: Case) -> Found:
    for event in case.attempt.events:
        if event.type not in EVENTS.values():
            continue
        sendings = case.changes.get(_change(event), [])
        what = f"{event.text or event.type} for place {event.position} as event {event.seq}"
        if not sendings:
            yield "phantom", f"nobody sent {what}"
        elif all(sending.is_refused for sending in sendings):
            yield "phantom", f"{what} was refused and is stored"
    opened = [event.type for event in case.attempt.events].count("opened")
    if opened > len(case.sent_as("opened")):
        yield "phantom", f"{opened} pages took over, {len(case.sent_as('opened'))} asked for it"
    sent = {request.text for request in case.sent_as("answer")}
    for text in case.attempt.late:
        if text not in sent:
            yield "phantom", f"nobody sent {text}, which is kept as late"


def _late_are_kept(case: Case) -> Found:
    """What was refused because the attempt was over is kept, unless very much was."""
    if len(case.attempt.late) >= MOST_LATE:
        return
    for request in case.sent_as("answer"):
        if request.outcome == "closed" and request.text not in case.attempt.late:
            yield "lost", f"{request.text} was refused as late and is not kept"


def _keys_name_one_answer(case: Case) -> Found:
    """The key of an answer that was taken is refused with another one, and with no other."""
    by_key = defaultdict(set)
    for request in case.sent_as("answer"):
        if request.key:
            by_key[request.key].add(request)
    for key, requests in by_key.items():
        taken = {request.text for request in requests if request.is_acknowledged}
        if len(taken) > 1:
            yield "key reused", f"{key} was taken for {sorted(taken)}"
        if len({request.text for request in requests}) == 1 and any(r.outcome == "key reused" for r in requests):
            yield "wrong reply", f"{key} was called used, but only one answer came with it"


def _none_gives_way_to_an_older(case: Case) -> Found:
    """A request that was made from a number older than one acknowledged before it was first sent must be refused."""
    acknowledged = sorted(
        (request.told_at, request.seq + 1) for request in case.requests if request.is_acknowledged and request.told_at
    )
    moments = [moment for moment, _ in acknowledged]
    newest = [0]
    for _, number in acknowledged:
        newest.append(max(newest[-1], number))
    for (kind, seq, position, text), sendings in case.changes.items():
        first = min(sending.sent_at for sending in sendings)
        known = newest[bisect_left(moments, first)]
        if seq < known and any(sending.is_acknowledged for sending in sendings):
            yield "older than acknowledged", f"{text or kind} for place {position}, from {seq}, was taken after {known}"
    for look in case.looks:
        known = newest[bisect_left(moments, look.sent_at)]
        if look.seq < known:
            yield "older than acknowledged", f"a page was made from {look.seq} after {known} was acknowledged"


def _pages_show_what_is_stored(case: Case) -> Found:
    for look in case.looks:
        texts = [event.text for event in case.answered if event.position == look.position and event.seq <= look.seq]
        if look.text != (texts[-1] if texts else ""):
            yield "older than acknowledged", f"number {look.seq} showed {look.text or 'nothing'}, not {texts[-1:]}"


def _none_is_late(case: Case) -> Found:
    last = case.deadline + GRACE
    for event in case.answered:
        sendings = case.changes.get(_change(event))
        if not sendings:
            continue
        first, told = min(sending.sent_at for sending in sendings), [sending.told_at for sending in sendings]
        if first > last + TICK:
            yield "late", f"{event.text} was first sent {first - case.deadline} after the deadline and taken"
        if event.at > last:
            yield "late", f"{event.text} was taken {event.at - case.deadline} after the deadline"
        if event.at < first - TICK or (None not in told and event.at > max(moment for moment in told if moment)):
            yield "misdated", f"{event.text} is dated {event.at}, but was sent at {first} and answered at {told[-1]}"


def _times_are_kept(case: Case) -> Found:
    attempt = case.attempt
    if attempt.deadline != case.deadline:
        kind: Kind = "late" if attempt.deadline > case.deadline else "closed early"
        yield kind, f"its deadline is {attempt.deadline}, not {case.deadline}"
    if attempt.finished_at is None:
        return
    asked = case.asked_at
    if attempt.finished_at > case.deadline:
        yield "late", f"it ended {attempt.finished_at - case.deadline} after its deadline"
    if attempt.finished_at < case.deadline and (asked is None or attempt.finished_at < asked - TICK):
        yield "closed early", f"it ended {case.deadline - attempt.finished_at} before its deadline, unasked"


def _refusals_are_right(case: Case) -> Found:
    """Closed must be closed; stale must have been overtaken by something else."""
    by_number = {event.seq: event for event in case.attempt.events}
    asked = case.asked_at
    for sending in case.requests:
        told = sending.told_at
        if sending.outcome == "closed" and told and told <= case.deadline + GRACE and not (asked and asked < told):
            what = sending.text or sending.kind
            yield "closed early", f"{what} was refused {case.deadline - told} before the deadline"
    for (kind, seq, position, text), sendings in case.changes.items():
        if any(sending.outcome == "stale" for sending in sendings):
            other = by_number.get(seq + 1)
            if other is None or _change(other) == (kind, seq, position, text):
                yield "wrong reply", f"{text or kind}, from {seq}, was called stale, but nothing else came after {seq}"


RULES = (
    _acknowledged_are_there,
    _ledger_only_grows,
    _newest_are_marked,
    _all_is_there_once,
    _stored_were_sent,
    _late_are_kept,
    _keys_name_one_answer,
    _none_gives_way_to_an_older,
    _pages_show_what_is_stored,
    _none_is_late,
    _times_are_kept,
    _refusals_are_right,
)


def _left_open(case: Case, swept_at: datetime) -> Iterator[Violation]:
    if case.attempt.finished_at is None and case.deadline + GRACE < swept_at - TICK:
        yield Violation("left open", f"attempt {case.attempt.id}", f"its time was over at {case.deadline}")


def _missing_attempts(history: History, stored: Stored) -> Iterator[Violation]:
    """An acknowledgement names its attempt; one of an attempt that is nowhere has no case to be seen in."""
    there = {attempt.id for attempt in stored.attempts}
    lost = {
        request.attempt_id
        for request in history.requests
        if request.is_acknowledged and request.attempt_id and request.attempt_id not in there
    }
    for attempt_id in sorted(lost):
        yield Violation("lost", f"attempt {attempt_id}", "the whole of it")


def _unsent_attempts(history: History, stored: Stored) -> Iterator[Violation]:
    starts = defaultdict(list)
    for request in history.requests:
        if request.kind == "start":
            starts[request.learner_id, request.assessment].append(request)
    for attempt in stored.attempts:
        if not any(_covers(start, attempt.started_at) for start in starts[attempt.learner_id, attempt.assessment]):
            yield Violation("phantom", f"attempt {attempt.id}", f"nobody started it at {attempt.started_at}")


def _covers(request: Request, moment: datetime) -> bool:
    """Whether a request can have been done at a moment: after it was sent and, where it was answered, before that."""
    return request.sent_at - TICK <= moment and (request.told_at is None or moment <= request.told_at)


def _two_at_once(stored: Stored) -> Iterator[Violation]:
    by_owner = defaultdict(list)
    for attempt in stored.attempts:
        by_owner[attempt.learner_id, attempt.assessment].append(attempt)
    for (learner_id, assessment), attempts in by_owner.items():
        attempts.sort(key=lambda attempt: attempt.started_at)
        for one, next_one in pairwise(attempts):
            if one.finished_at is None or next_one.started_at < one.finished_at:
                yield Violation(
                    "doubled", f"learner {learner_id}", f"{one.id} and {next_one.id} of {assessment} were open at once"
                )


def _profiles(stored: Stored) -> Iterator[Violation]:
    """After the sweep every profile is made from each finished attempt once."""
    finished: dict[int, int] = defaultdict(int)
    for attempt in stored.attempts:
        finished[attempt.learner_id] += attempt.finished_at is not None
    for learner_id, count in finished.items():
        folded = stored.folded.get(learner_id, 0)
        if folded != count:
            kind: Kind = "doubled" if folded > count else "lost"
            yield Violation(kind, f"learner {learner_id}", f"{count} attempts are over, {folded} are in the profile")


def _names(history: History, stored: Stored) -> Iterator[Violation]:
    """A name is the newest acknowledged one, or one that was sent after it and not answered; whenever it is seen."""
    allowed: dict[int, set[str]] = defaultdict(set)
    seen = [(request.learner_id, request) for request in history.requests if request.kind in {"rename", "name seen"}]
    for learner_id, request in seen:
        if request.kind == "name seen":
            yield from _unknown_name(learner_id, request.text, allowed[learner_id])
        elif request.is_acknowledged:
            allowed[learner_id] = {request.text}
        elif allowed[learner_id]:
            allowed[learner_id].add(request.text)
    for learner_id, names in allowed.items():
        yield from _unknown_name(learner_id, stored.names.get(learner_id, "nothing"), names)


def _unknown_name(learner_id: int, name: str, allowed: set[str]) -> Iterator[Violation]:
    if allowed and name not in allowed:
        yield Violation("lost", f"learner {learner_id}", f"was called {name} instead of {sorted(allowed)}")


def _wrong_replies(history: History) -> Iterator[Violation]:
    for request in history.requests:
        if request.outcome == "wrong":
            yield Violation("wrong reply", f"learner {request.learner_id}", f"{request.status} to {request}")
