"""One attempt in all orders of what can happen to it, against a model that knows only what was promised.

The model keeps a list of what was acknowledged. After every step the stored attempt must be that list, no more and no
less, so that whatever was refused has changed nothing. Time is an argument of every step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pymongo
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pymongo.errors import PyMongoError

from tests.builders import item_at, right_answer, wrong_answer
from tests.conftest import NOON
from tests.paused import paused
from tests.thorough import IS_THOROUGH
from tracker.assessment.attempt import GRACE, REVIEW, Attempt
from tracker.assessment.item_types import Answer
from tracker.assessment.time_ledger import Credit
from tracker.errors import AttemptClosed, BadInput, KeyReused, StaleAnswer, TrackerError
from tracker.scoring.profile import REVISION
from tracker.services import attempts
from tracker.storage import attempts as stored_attempts
from tracker.storage import late_answers, profiles
from tracker.storage.embedded import EmbeddedStore

LIMIT = timedelta(minutes=5)
FIXED, ADAPTIVE = "all", "placement-adaptive"
MILLISECOND = timedelta(milliseconds=1)
SOON = timedelta(seconds=1)
EDGES = [at + offset for at in (timedelta(0), GRACE) for offset in (-MILLISECOND, timedelta(0), MILLISECOND)]
"""Moments that decide, counted from the deadline."""
BUSY_SECONDS = 0.05
learner_ids = count(1)


@dataclass(frozen=True)
class Done:
    """What was acknowledged: an event without its number and its moment."""

    type: str
    position: int = REVIEW
    then: int = REVIEW
    answer: Answer = ()
    key: str = ""


@dataclass(frozen=True)
class Sent:
    """An answer as a page sent it, from the newest number that the page knew.

    is_of_form: the place was there; otherwise it names another place's item.
    """

    seq: int
    position: int
    is_of_form: bool
    item_version: str
    given: tuple[str, ...]
    answer: Answer
    then: int | None
    key: str

    def is_done_by(self, done: Done) -> bool:
        """Whether this has been acknowledged."""
        said = (done.type, done.position, done.answer) == ("answered", self.position, self.answer)
        return said and self.then in (None, done.then)

    @property
    def late_id(self) -> object:
        return self.key or (self.seq, self.position, self.answer)


@dataclass
class Model:
    """What was promised of one attempt."""

    places: int
    is_adaptive: bool
    done: list[Done] = field(default_factory=lambda: [Done("started", then=0)])
    credits: list[timedelta] = field(default_factory=list)
    finished_at: datetime | None = None
    late: dict[object, tuple[int, Answer]] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        return len(self.done)

    @property
    def position(self) -> int:
        return self.done[-1].then

    @property
    def deadline(self) -> datetime:
        return NOON + LIMIT + sum(self.credits, timedelta())

    @property
    def answers(self) -> dict[int, Answer]:
        return {done.position: done.answer for done in self.done if done.type == "answered"}

    def look(self, now: datetime) -> None:
        """Whoever looks when time and grace are over closes it, at its deadline."""
        if self.finished_at is None and now > self.deadline + GRACE:
            self.finish(self.deadline)

    def finish(self, at: datetime) -> None:
        self.done.append(Done("finished"))
        self.finished_at = at

    def refusal(self, seq: int, *, fits: bool) -> type[TrackerError] | None:
        """Why a change from this number is refused; None when it is taken."""
        if self.finished_at:
            return AttemptClosed
        if seq != self.seq:
            return StaleAnswer
        return None if fits else BadInput

    def answer(self, sent: Sent) -> type[TrackerError] | None:
        """Why an answer is refused, kept as late if it must be; None when it is taken, or was before."""
        known = [done for done in self.done if sent.key and done.key == sent.key]
        if known:
            return None if sent.is_done_by(known[0]) else KeyReused
        if any(sent.is_done_by(done) for done in self.done[sent.seq : sent.seq + 1]):
            return None
        refusal = self.refusal(sent.seq, fits=self._fits(sent))
        if refusal is None:
            then = sent.position + 1 if sent.then is None else sent.then
            self.done.append(Done("answered", sent.position, then, sent.answer, sent.key))
        if refusal is AttemptClosed and sent.is_of_form:
            return self._keep_late(sent)
        return refusal

    def _fits(self, sent: Sent) -> bool:
        if not self.is_adaptive:
            return sent.position < self.places and sent.then in range(REVIEW, self.places)
        is_last = sent.position == self.places - 1
        return is_last and sent.then in (None, sent.position)

    def _keep_late(self, sent: Sent) -> type[TrackerError]:
        if sent.answer == self.answers.get(sent.position, ()):
            return AttemptClosed
        kept = self.late.setdefault(sent.late_id, (sent.position, sent.answer))
        return AttemptClosed if kept == (sent.position, sent.answer) else KeyReused


moments = st.sampled_from([SOON] * 18 + EDGES)
pages = st.integers(0, 1)
places = st.integers(0, 2)
ways = st.sampled_from(["right", "right", "wrong", "nothing"])


class AttemptMachine(RuleBasedStateMachine):
    """An attempt, two pages that show it, and what can happen."""

    slug = FIXED
    store: EmbeddedStore

    @initialize(seed=st.integers(0, 9), ripe=st.integers(0, 15))
    def start(self, seed: int, ripe: int) -> None:
        self.now = NOON
        self.learner_id = next(learner_ids)
        self.attempt = attempts.start_attempt(self.slug, learner_id=self.learner_id, now=NOON, seed=seed)
        self.model = Model(len(self.attempt.form), is_adaptive=self.attempt.plan is not None)
        self.pages = [1, 1]
        self.sent: list[Sent] = []
        self.read = self.attempt
        self.ripe = ripe  # so many events come before its time is near its end
        self.has_stood_still = False  # it takes a tenth of a second: once an attempt is enough

    # what pages do

    @rule(page=pages, when=moments, position=places, way=ways, stays=st.booleans(), then=places, has_key=st.booleans())
    def answer_any_place(
        self, page: int, when: timedelta, position: int, way: str, stays: bool, then: int, has_key: bool
    ) -> None:
        going = None if self.model.is_adaptive else then if then < self.model.places else REVIEW
        self._answer(
            page, self._move_on(when), self._sent(page, position, way, position if stays else going, has_key=has_key)
        )

    @precondition(lambda self: self.model.position != REVIEW)
    @rule(page=pages, when=moments, way=ways, stays=st.booleans(), has_key=st.booleans())
    def answer_what_is_shown(self, page: int, when: timedelta, way: str, stays: bool, has_key: bool) -> None:
        position = self.model.position
        following = position + 1 if position + 1 < self.model.places else REVIEW
        then = position if stays else None if self.model.is_adaptive else following
        self._answer(page, self._move_on(when), self._sent(page, position, way, then, has_key=has_key))

    @precondition(lambda self: self.sent)
    @rule(page=pages, when=moments, draw=st.data())
    def send_an_answer_again(self, page: int, when: timedelta, draw: st.DataObject) -> None:
        self._answer(page, self._move_on(when), draw.draw(st.sampled_from(self.sent)))

    @precondition(lambda self: any(sent.key for sent in self.sent))
    @rule(page=pages, when=moments, way=ways, is_fresh=st.booleans(), draw=st.data())
    def use_a_key_again(self, page: int, when: timedelta, way: str, is_fresh: bool, draw: st.DataObject) -> None:
        used = draw.draw(st.sampled_from([sent for sent in self.sent if sent.key]))
        again = replace(self._sent(page, used.position, way, used.then, has_key=False), key=used.key)
        self._answer(page, self._move_on(when), again if is_fresh else replace(again, seq=used.seq))

    @precondition(lambda self: not self.has_stood_still)
    @rule(page=pages, when=moments, way=ways, has_key=st.booleans())
    def answer_while_the_store_stands_still(self, page: int, when: timedelta, way: str, has_key: bool) -> None:
        """Whether it is saved is not known then; sent again, it is, and once."""
        position = max(self.model.position, 0)
        sent = self._sent(page, position, way, position, has_key=has_key)
        self.has_stood_still = True
        now = self._move_on(when)
        with paused(self.store), pymongo.timeout(BUSY_SECONDS), pytest.raises(PyMongoError):
            self._submit(sent, now)
        self._answer(page, now, sent)

    @rule(page=pages, when=moments, then=places)
    def move(self, page: int, when: timedelta, then: int) -> None:
        seq = self.pages[page]
        fits = not self.model.is_adaptive and then < self.model.places
        self._change(
            page,
            when,
            Done("moved", then=then),
            lambda now: attempts.move(self.attempt.id, learner_id=self.learner_id, seq=seq, then=then, arrived_at=now),
            fits=fits,
        )

    @rule(page=pages, when=moments, position=places, is_on=st.booleans())
    def flag(self, page: int, when: timedelta, position: int, is_on: bool) -> None:
        asked: dict[str, Any] = {"seq": self.pages[page], "position": position, "is_on": is_on}
        then = self.model.position
        fits = not self.model.is_adaptive and position < self.model.places
        self._change(
            page,
            when,
            Done("flagged" if is_on else "unflagged", position, then),
            lambda now: attempts.flag(self.attempt.id, learner_id=self.learner_id, then=then, arrived_at=now, **asked),
            fits=fits,
        )

    @rule(page=pages, when=moments)
    def open_a_page(self, page: int, when: timedelta) -> None:
        now = self._move_on(when)
        self.model.look(now)
        position = self.model.position
        refusal = AttemptClosed if self.model.finished_at else None
        opened = self._expect(
            refusal, lambda: attempts.take_over(self.attempt.id, learner_id=self.learner_id, arrived_at=now)
        )
        if opened:
            self.model.done.append(Done("opened", position, position))
            self.pages[page] = opened.seq

    @rule(page=pages, when=moments)
    def look(self, page: int, when: timedelta) -> None:
        now = self._move_on(when)
        self.model.look(now)
        shown = attempts.get_attempt(self.attempt.id, learner_id=self.learner_id, now=now)
        self.pages[page] = shown.seq
        self.read = shown

    @precondition(lambda self: self.model.seq >= self.ripe)
    @rule(page=pages, when=st.sampled_from(EDGES))
    def finish(self, page: int, when: timedelta) -> None:
        seq = self.pages[page]
        now = self._move_on(when)
        self.model.look(now)
        refusal = self.model.refusal(seq, fits=True)
        finished = self._expect(
            None if refusal is AttemptClosed else refusal,
            lambda: attempts.finish_attempt(self.attempt.id, learner_id=self.learner_id, seq=seq, now=now),
        )
        if finished and self.model.finished_at is None:
            self.model.finish(min(now, self.model.deadline))

    # what others do

    @precondition(lambda self: self.model.finished_at is None and self.now + SOON <= self.model.deadline + GRACE)
    @rule()
    def start_again(self) -> None:
        now = self._move_on(SOON)
        assert attempts.start_attempt(self.slug, learner_id=self.learner_id, now=now).id == self.attempt.id

    @rule(length=st.integers(1, 600), is_fresh=st.booleans(), when=moments)
    def extend(self, length: int, is_fresh: bool, when: timedelta) -> None:
        """Time that is given to an attempt as it was read, a moment ago or long before."""
        now = self._move_on(when)
        if is_fresh:
            self.model.look(now)
            self.read = attempts.get_attempt(self.attempt.id, learner_id=self.learner_id, now=now)
        credit = Credit(f"c{self.now}", now, timedelta(seconds=length), giver_id=None, reason="an outage")
        is_given = stored_attempts.add_credit(self.read, credit) is not None
        is_as_read = len(self.read.time.credits) == len(self.model.credits)
        assert is_given == (is_as_read and self.model.finished_at is None)
        if is_given:
            self.model.credits.append(credit.length)

    @rule(when=moments)
    def sweep(self, when: timedelta) -> None:
        now = self._move_on(when)
        self.model.look(now)
        attempts.sweep(now)

    # what must always hold

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self) -> None:
        stored = stored_attempts.get(self.attempt.id, learner_id=self.learner_id)
        assert [event.seq for event in stored.events] == list(range(1, len(stored.events) + 1))
        done = [Done(event.type, event.position, event.then, event.answer, event.key) for event in stored.events]
        assert done == self.model.done
        assert len(stored.form) == self.model.places
        assert [credit.length for credit in stored.time.credits] == self.model.credits
        assert (stored.deadline, stored.finished_at) == (self.model.deadline, self.model.finished_at)
        assert bool(stored.report) == stored.is_finished
        kept = [(late.position, late.answer) for late in late_answers.list_of(self.attempt.id)]
        assert kept == list(self.model.late.values())

    def teardown(self) -> None:
        """In the end it is closed, marked as it was answered, and scored once."""
        now = max(self.now, self.model.deadline) + GRACE + MILLISECOND
        self.model.look(now)
        attempts.sweep(now)
        self.what_is_stored_is_what_was_acknowledged()
        stored = stored_attempts.get(self.attempt.id, learner_id=self.learner_id)
        ids = {place.item_id: position for position, place in enumerate(stored.form)}
        marked = {ids[response.item_id]: response.answer for response in stored.responses}
        assert {position: marked[position] for position in self.model.answers} == self.model.answers
        profile = profiles.find(self.learner_id, revision=REVISION)
        assert profile
        assert profile.attempts == 1

    # how

    def _move_on(self, when: timedelta) -> datetime:
        """The moment of this step: in a second, or at an edge unless that is past."""
        is_soon = when not in EDGES or self.model.seq < self.ripe
        self.now = max(self.now, self.now + SOON if is_soon else self.model.deadline + when)
        return self.now

    def _sent(self, page: int, position: int, way: str, then: int | None, *, has_key: bool) -> Sent:
        is_of_form = position < len(self.attempt.form)
        item = item_at(self.attempt, position if is_of_form else 0)
        given = {"right": right_answer, "wrong": wrong_answer, "nothing": lambda _: []}[way](item)
        key = f"k{len(self.sent)}" if has_key else ""
        answer = item.body.read(given)
        sent = Sent(self.pages[page], position, is_of_form, item.version, tuple(given), answer, then, key)
        self.sent.append(sent)
        return sent

    def _submit(self, sent: Sent, now: datetime) -> Attempt:
        return attempts.submit_response(
            self.attempt.id,
            learner_id=self.learner_id,
            seq=sent.seq,
            position=sent.position,
            item_version=sent.item_version,
            sent=sent.given,
            then=sent.then,
            arrived_at=now,
            key=sent.key,
        )

    def _answer(self, page: int, now: datetime, sent: Sent) -> None:
        self.model.look(now)
        before = self.model.seq
        saved = self._expect(self.model.answer(sent), lambda: self._submit(sent, now))
        if saved is None:
            return
        self.pages[page] = saved.seq
        if self.model.seq > before and sent.then is None:
            self._follow(saved, now)

    def _follow(self, saved: Attempt, now: datetime) -> None:
        """What an adaptive attempt decided by itself: one more place, or the end."""
        self.attempt = saved
        if saved.stopped_by:
            self.model.done[-1] = replace(self.model.done[-1], then=REVIEW)
            self.model.finish(min(now, self.model.deadline))
        else:
            self.model.places += 1

    def _change(
        self, page: int, when: timedelta, done: Done, act: Callable[[datetime], Attempt], *, fits: bool
    ) -> None:
        """Something that a page asks for; when it is what came next anyway, it is the same request again."""
        now = self._move_on(when)
        self.model.look(now)
        seq = self.pages[page]
        following = self.model.done[seq : seq + 1]
        is_repeat = any(
            (one.type, one.position, one.then) == (done.type, done.position, done.then)
            or (one.type == done.type != "moved" and one.position == done.position)
            for one in following
        )
        changed = self._expect(None if is_repeat else self.model.refusal(seq, fits=fits), lambda: act(now))
        if changed:
            self.pages[page] = changed.seq
            if not is_repeat:
                self.model.done.append(done)

    def _expect(self, refusal: type[TrackerError] | None, act: Callable[[], Attempt]) -> Attempt | None:
        """What an act gives; None when it was refused as it had to be."""
        if refusal is None:
            return act()
        with pytest.raises(refusal):
            act()
        return None


class AdaptiveMachine(AttemptMachine):
    """The same with an attempt whose form grows."""

    slug = ADAPTIVE


@pytest.fixture
def here(small_app: Flask, store: EmbeddedStore) -> Iterator[None]:
    """The small bank's app, and the store that can stand still."""
    AttemptMachine.store = store
    yield
    del AttemptMachine.store


@pytest.mark.parametrize("machine", [AttemptMachine, AdaptiveMachine], ids=["fixed", "adaptive"])
def test_an_attempt_is_what_was_acknowledged_in_every_order(here: None, machine: type[AttemptMachine]) -> None:
    examples = 400 if IS_THOROUGH else 40
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=not IS_THOROUGH,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
