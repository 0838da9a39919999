"""The checker, on stories made by hand: a sound one, then the same with one thing wrong."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.chaos.checker import TICK, check
from tests.chaos.history import History, Kind, Look, Outcome, Request
from tests.chaos.stored import Stored, StoredAttempt, StoredCredit, StoredEvent
from tests.conftest import NOON

ADA = 1
LIMITS = {"all": timedelta(minutes=1)}
DEADLINE = NOON + LIMITS["all"]
SWEPT = DEADLINE + timedelta(minutes=5)


def at(seconds: float) -> datetime:
    """So long after Ada started."""
    return NOON + timedelta(seconds=seconds)


def sent(
    kind: Kind,
    second: float,
    *,
    seq: int = 0,
    position: int = -1,
    text: str = "",
    outcome: Outcome = "acknowledged",
    is_told: bool = True,
) -> Request:
    """Something Ada sent, answered half a second later."""
    attempt_id = "" if kind == "rename" or (kind == "start" and not is_told) else "a1"
    told_at = at(second + 0.5) if is_told else None
    return Request(kind, ADA, at(second), told_at, outcome, attempt_id, "all", seq, position, text)


def answer(second: float, seq: int, position: int, text: str, outcome: Outcome = "acknowledged") -> Request:
    """An answer that Ada sent."""
    return sent("answer", second, seq=seq, position=position, text=text, outcome=outcome)


def stored_answer(second: float, seq: int, position: int, text: str) -> StoredEvent:
    """The event that such an answer becomes."""
    return StoredEvent(seq, "answered", at(second), position, text)


STARTED = StoredEvent(1, "started", at(0), -1, "")
FIRST, SECOND, CHANGED = (stored_answer(10, 2, 0, "x"), stored_answer(12, 3, 1, "y"), stored_answer(14, 4, 0, "z"))
FINISHED = StoredEvent(5, "finished", at(20), -1, "")
REQUESTS = [
    sent("start", -0.2),
    answer(9.8, 1, 0, "x"),
    answer(11.8, 2, 1, "y"),
    answer(13.8, 3, 0, "z"),
    sent("finish", 19.8, seq=4),
]
ATTEMPT = StoredAttempt(
    "a1", ADA, "all", at(0), DEADLINE, at(20), (STARTED, FIRST, SECOND, CHANGED, FINISHED), {0: "z", 1: "y"}
)
OPEN = replace(ATTEMPT, finished_at=None, events=ATTEMPT.events[:-1], responses={})
RAN_OUT = replace(ATTEMPT, finished_at=DEADLINE, events=(*ATTEMPT.events[:-1], replace(FINISHED, at=DEADLINE)))


def found(
    *attempts: StoredAttempt,
    requests: list[Request] = REQUESTS,
    looks: tuple[Look, ...] = (),
    names: dict[int, str] | None = None,
    folded: int | None = None,
    swept_at: datetime = SWEPT,
) -> set[str]:
    """The kinds of what the checker finds."""
    if folded is None:
        folded = sum(attempt.finished_at is not None for attempt in attempts)
    stored = Stored(attempts, names or {}, {ADA: folded} if folded else {}, swept_at)
    return {violation.kind for violation in check(History(list(requests), list(looks)), stored, limits=LIMITS)}


def without(event: StoredEvent) -> StoredAttempt:
    """Ada's attempt without an answer; the events after it are numbered anew."""
    kept = [each for each in ATTEMPT.events if each != event]
    return replace(ATTEMPT, events=tuple(replace(each, seq=number) for number, each in enumerate(kept, start=1)))


def test_a_sound_story_breaks_no_promise() -> None:
    looks = (Look("a1", at(13), 3, 0, "x"), Look("a1", at(15), 4, 0, "z"), Look("a1", at(15), 4, -1, ""))
    assert found(ATTEMPT, looks=looks) == set()


def test_an_attempt_that_ran_out_of_time_is_sound_without_a_wish_to_finish() -> None:
    assert found(RAN_OUT, requests=REQUESTS[:-1]) == set()


def test_what_has_no_reply_may_be_stored_or_not() -> None:
    silent = [replace(request, outcome="unknown", told_at=None) for request in REQUESTS[1:]]
    assert found(ATTEMPT, requests=[REQUESTS[0], *silent]) == set()
    bare = replace(OPEN, events=(STARTED,))
    assert found(bare, requests=[REQUESTS[0], *silent], swept_at=at(30)) == set()


def test_a_start_without_a_reply_may_have_made_an_attempt() -> None:
    silent = sent("start", -0.2, outcome="unknown", is_told=False)
    assert found(ATTEMPT, requests=[silent, *REQUESTS[1:]]) == set()


def test_what_was_sent_again_is_acknowledged_again() -> None:
    assert found(ATTEMPT, requests=[*REQUESTS, answer(16, 1, 0, "x")]) == set()


def test_a_stale_answer_is_refused_and_not_stored() -> None:
    assert found(ATTEMPT, requests=[*REQUESTS, answer(16, 2, 0, "old", "stale")]) == set()


def test_an_answer_after_the_end_is_refused_and_kept_once_as_late() -> None:
    late = answer(21, 5, 0, "more", "closed")
    assert found(replace(ATTEMPT, late=("more",)), requests=[*REQUESTS, late]) == set()
    assert found(ATTEMPT, requests=[*REQUESTS, late]) == {"lost"}
    assert found(replace(ATTEMPT, late=("more", "more")), requests=[*REQUESTS, late]) == {"doubled"}
    assert found(replace(ATTEMPT, late=("more",))) == {"phantom"}


def test_an_acknowledged_answer_that_is_not_stored_is_lost() -> None:
    assert "lost" in found(without(CHANGED))


def test_an_acknowledged_attempt_that_is_nowhere_is_lost() -> None:
    assert "lost" in found()


def test_an_acknowledged_end_that_did_not_happen_is_lost() -> None:
    assert found(OPEN, swept_at=at(30)) == {"lost"}


def test_an_older_answer_that_was_marked_means_the_newest_is_lost() -> None:
    assert found(replace(ATTEMPT, responses={0: "x", 1: "y"})) == {"lost"}


def test_an_attempt_that_is_not_in_the_profile_is_lost() -> None:
    assert found(ATTEMPT, folded=0) == {"lost"}


def test_an_attempt_that_is_in_the_profile_twice_is_doubled() -> None:
    assert found(ATTEMPT, folded=2) == {"doubled"}


def test_an_answer_stored_twice_is_doubled() -> None:
    again = stored_answer(14, 5, 0, "z")
    assert "doubled" in found(replace(ATTEMPT, events=(*ATTEMPT.events[:-1], again, replace(FINISHED, seq=6))))


def test_an_attempt_closed_twice_is_doubled() -> None:
    assert "doubled" in found(replace(ATTEMPT, events=(*ATTEMPT.events, FINISHED)))


def test_two_attempts_open_at_once_are_doubled() -> None:
    other = replace(ATTEMPT, id="a2", started_at=at(0.2), deadline=at(60.2), events=(STARTED,), responses={})
    assert "doubled" in found(ATTEMPT, other, folded=2)


def test_an_answer_that_nobody_sent_is_a_phantom() -> None:
    assert found(ATTEMPT, requests=[request for request in REQUESTS if request.text != "y"]) == {"phantom"}


def test_an_answer_stored_at_another_place_is_a_phantom_and_lost() -> None:
    moved = replace(ATTEMPT, events=(STARTED, FIRST, replace(SECOND, position=2), CHANGED, FINISHED))
    assert {"phantom", "lost"} <= found(moved)


def test_an_answer_that_was_refused_and_is_stored_is_a_phantom() -> None:
    refused = [replace(request, outcome="stale") if request.text == "z" else request for request in REQUESTS]
    assert "phantom" in found(ATTEMPT, requests=refused)


def test_an_attempt_that_nobody_started_is_a_phantom() -> None:
    assert found(ATTEMPT, requests=REQUESTS[1:]) == {"phantom"}


def test_an_answer_from_an_old_page_must_not_take_the_place_of_a_newer_one() -> None:
    taken = replace(ATTEMPT, events=(STARTED, FIRST, SECOND, CHANGED, stored_answer(16, 3, 0, "old"), FINISHED))
    assert "older than acknowledged" in found(taken, requests=[*REQUESTS, answer(16, 2, 0, "old")])


def test_a_page_must_know_what_was_acknowledged_before_it_was_asked_for() -> None:
    assert found(ATTEMPT, looks=(Look("a1", at(16), 3, 1, "y"),)) == {"older than acknowledged"}


def test_a_page_must_show_the_newest_answer_it_knows() -> None:
    assert found(ATTEMPT, looks=(Look("a1", at(16), 4, 0, "x"),)) == {"older than acknowledged"}


def test_an_answer_within_the_grace_is_taken() -> None:
    last = stored_answer(64.9, 5, 1, "last")
    attempt = replace(
        RAN_OUT, events=(*OPEN.events, last, replace(FINISHED, seq=6, at=DEADLINE)), responses={0: "z", 1: "last"}
    )
    requests = [*REQUESTS[:-1], answer(64.8, 4, 1, "last")]
    assert found(attempt, requests=requests) == set()


@pytest.mark.parametrize("dated", [66, 59], ids=["dated as it came", "dated back"])
def test_an_answer_after_the_grace_is_late_whatever_its_date(dated: float) -> None:
    last = stored_answer(dated, 5, 1, "last")
    attempt = replace(RAN_OUT, events=(*OPEN.events, last, replace(FINISHED, seq=6)), responses={0: "z", 1: "last"})
    assert "late" in found(attempt, requests=[*REQUESTS[:-1], answer(65.8, 4, 1, "last")])


def test_an_attempt_that_ends_after_its_deadline_is_late() -> None:
    assert found(replace(ATTEMPT, finished_at=at(61)), requests=REQUESTS[:-1]) == {"late"}


def test_a_deadline_that_was_moved_is_found() -> None:
    assert "late" in found(replace(ATTEMPT, deadline=at(70)))
    assert "closed early" in found(replace(ATTEMPT, deadline=at(50)))


def test_an_end_before_the_deadline_that_nobody_asked_for_is_early() -> None:
    assert found(ATTEMPT, requests=REQUESTS[:-1]) == {"closed early"}


def test_an_answer_refused_as_closed_before_the_deadline_is_early() -> None:
    requests = [*REQUESTS[:-1], answer(30, 4, 1, "more", "closed")]
    assert found(replace(RAN_OUT, late=("more",)), requests=requests) == {"closed early"}


def test_an_attempt_open_after_the_sweep_was_left_open() -> None:
    assert found(OPEN, requests=REQUESTS[:-1]) == {"left open"}
    assert found(OPEN, requests=REQUESTS[:-1], swept_at=at(65)) == set()


@pytest.mark.parametrize("dated", [9.5, 10.5])
def test_an_answer_dated_outside_of_its_request_is_misdated(dated: float) -> None:
    first = replace(FIRST, at=at(dated))
    assert found(replace(ATTEMPT, events=(STARTED, first, SECOND, CHANGED, FINISHED))) == {"misdated"}


def test_stale_is_a_wrong_reply_to_what_is_stored() -> None:
    assert found(ATTEMPT, requests=[*REQUESTS, answer(16, 1, 0, "x", "stale")]) == {"wrong reply"}


def test_stale_is_a_wrong_reply_when_nothing_else_came() -> None:
    assert found(OPEN, requests=[*REQUESTS[:-1], answer(16, 4, 1, "more", "stale")], swept_at=at(30)) == {"wrong reply"}


def test_a_reply_that_is_none_of_those_promised_is_wrong() -> None:
    assert found(ATTEMPT, requests=[*REQUESTS, answer(21, 1, 0, "x", "wrong")]) == {"wrong reply"}


def flag(second: float, seq: int, outcome: Outcome = "acknowledged") -> Request:
    """A flag for the first place."""
    return sent("flagged", second, seq=seq, position=0, outcome=outcome)


FLAGGED, OPENED = StoredEvent(5, "flagged", at(16), 0, ""), StoredEvent(6, "opened", at(17), 0, "")
MARKED = replace(ATTEMPT, events=(*OPEN.events, FLAGGED, OPENED, replace(FINISHED, seq=7)))


def test_flags_and_opened_pages_are_there_when_they_were_acknowledged() -> None:
    requests = [*REQUESTS, flag(15.8, 4), sent("opened", 16.8, seq=5)]
    assert found(MARKED, requests=requests) == set()
    assert found(ATTEMPT, requests=[*REQUESTS, flag(15.8, 4)]) == {"lost"}
    assert found(ATTEMPT, requests=[*REQUESTS, sent("opened", 16.8, seq=4)]) == {"lost"}


def test_flags_and_opened_pages_that_nobody_asked_for_are_phantoms() -> None:
    assert found(MARKED, requests=[*REQUESTS, flag(15.8, 4)]) == {"phantom"}
    assert found(MARKED, requests=[*REQUESTS, sent("opened", 16.8, seq=5)]) == {"phantom"}


def test_after_another_page_took_over_an_older_one_must_be_refused() -> None:
    old = stored_answer(18, 7, 0, "old")
    taken = replace(MARKED, events=(*MARKED.events[:-1], old, replace(FINISHED, seq=8)), responses={0: "old", 1: "y"})
    requests = [*REQUESTS, flag(15.8, 4), sent("opened", 16.8, seq=5), answer(17.9, 3, 0, "old")]
    assert "older than acknowledged" in found(taken, requests=requests)


def keyed(second: float, seq: int, text: str, outcome: Outcome = "acknowledged") -> Request:
    """An answer to the first place with the key `k`."""
    return replace(answer(second, seq, 0, text, outcome), key="k")


def test_a_key_that_was_used_is_refused_with_another_answer() -> None:
    first = [REQUESTS[0], keyed(9.8, 1, "x"), *REQUESTS[2:]]
    assert found(ATTEMPT, requests=[*first, keyed(15, 4, "other", "key reused")]) == set()
    assert found(ATTEMPT, requests=[*first, keyed(15, 1, "x", "key reused")]) == {"wrong reply"}
    taken = replace(OPEN, events=(*OPEN.events, stored_answer(15, 5, 0, "other")))
    assert found(taken, requests=[*first[:-1], keyed(14.8, 4, "other")], swept_at=at(30)) == {"key reused"}


def test_a_key_that_is_stored_twice_is_doubled() -> None:
    events = tuple(replace(event, key="k") if event.type == "answered" else event for event in ATTEMPT.events)
    assert found(replace(ATTEMPT, events=events)) == {"doubled"}


LENA = 2
CREDIT = StoredCredit("c1", timedelta(minutes=1), LENA, "a fire alarm")
EXTENDED = replace(OPEN, credits=(CREDIT,), deadline=DEADLINE + CREDIT.length)
GIVEN = sent("credit", 19, text="c1")


def test_time_that_was_given_is_in_the_ledger_once() -> None:
    requests = [*REQUESTS[:-1], GIVEN, GIVEN]
    assert found(EXTENDED, requests=requests, swept_at=at(30)) == set()
    assert found(OPEN, requests=requests, swept_at=at(30)) == {"lost"}
    twice = replace(EXTENDED, credits=(CREDIT, CREDIT), deadline=DEADLINE + 2 * CREDIT.length)
    assert found(twice, requests=requests, swept_at=at(30)) == {"doubled"}


def test_time_that_nobody_gave_or_without_a_reason_is_a_phantom() -> None:
    assert found(EXTENDED, requests=REQUESTS[:-1], swept_at=at(30)) == {"phantom"}
    for_nothing = replace(EXTENDED, credits=(replace(CREDIT, giver_id=None, reason=""),))
    assert found(for_nothing, requests=REQUESTS[:-1], swept_at=at(30)) == {"phantom"}


def test_time_for_an_outage_is_given_by_nobody() -> None:
    credit = replace(CREDIT, giver_id=None, reason="We could not be reached.")
    assert found(replace(EXTENDED, credits=(credit,)), requests=REQUESTS[:-1], swept_at=at(30)) == set()


def test_an_attempt_closed_before_what_its_ledger_says_is_early() -> None:
    early = replace(RAN_OUT, credits=(CREDIT,), deadline=EXTENDED.deadline)
    assert found(early, requests=[*REQUESTS[:-1], GIVEN]) == {"closed early"}


def test_a_page_must_not_have_said_more_time_than_there_is() -> None:
    look = Look("a1", at(15), 4, 0, "z", ends_at=DEADLINE + TICK)
    assert found(ATTEMPT, looks=(look,)) == {"closed early"}
    assert found(ATTEMPT, looks=(replace(look, ends_at=DEADLINE),)) == set()


def test_an_attempt_may_end_at_the_answer_after_which_a_rule_stopped_it() -> None:
    stopped = replace(ATTEMPT, finished_at=CHANGED.at, is_stopped=True)
    assert found(stopped, requests=REQUESTS[:-1]) == set()
    assert found(replace(stopped, is_stopped=False), requests=REQUESTS[:-1]) == {"closed early"}


def named(second: float, name: str, *, is_told: bool = True, kind: Kind = "rename") -> Request:
    """Ada takes a name, or sees hers."""
    outcome: Outcome = "acknowledged" if is_told else "unknown"
    return sent(kind, second, text=name, outcome=outcome, is_told=is_told)


def test_an_acknowledged_name_is_kept() -> None:
    requests = [*REQUESTS, named(30, "Ada 1"), named(32, "Ada 2")]
    assert found(ATTEMPT, requests=requests, names={ADA: "Ada 2"}) == set()
    assert found(ATTEMPT, requests=requests, names={ADA: "Ada 1"}) == {"lost"}


def test_a_name_without_a_reply_may_be_kept_or_not() -> None:
    requests = [*REQUESTS, named(30, "Ada 1"), named(32, "Ada 2", is_told=False)]
    assert found(ATTEMPT, requests=requests, names={ADA: "Ada 2"}) == set()
    assert found(ATTEMPT, requests=requests, names={ADA: "Ada 1"}) == set()


def test_a_name_that_was_lost_for_a_while_is_found_where_it_was_seen() -> None:
    requests = [*REQUESTS, named(30, "Ada 1"), named(32, "Ada", kind="name seen"), named(33, "Ada 2")]
    assert found(ATTEMPT, requests=requests, names={ADA: "Ada 2"}) == {"lost"}
