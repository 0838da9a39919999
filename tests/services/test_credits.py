"""More time for an open attempt: who may give it, once, and never after the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.builders import answer
from tests.conftest import NOON, Cast
from tests.services.test_attempts import at_once
from tests.web.stored import everything
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import GRACE, Attempt
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import assignments, attempts, cohorts, credits, members
from tracker.storage import accounts

MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def cohort(cast: Cast) -> str:
    """Lena's cohort with Ada in it."""
    made = cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(made.public_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    return made.public_id


@pytest.fixture
def attempt(cast: Cast, cohort: str) -> Attempt:
    """Ada's attempt at the language quiz, just started."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


def give(attempt: Attempt, giver_id: int | None, **fields: Any) -> Attempt:
    parameters = {"length": 5 * MINUTE, "reason": "The alarm rang.", "credit_id": "c1", "now": NOON + MINUTE}
    return credits.give_credit(attempt.id, giver_id=giver_id, **{**parameters, **fields})


def get(attempt: Attempt, **moments: Any) -> Attempt:
    return attempts.get_attempt(attempt.id, learner_id=attempt.learner_id, **{"now": NOON, **moments})


def test_a_lead_gives_time_and_the_learner_sees_how_much_from_whom_and_why(attempt: Attempt, cast: Cast) -> None:
    credited = give(attempt, cast.lena)

    assert get(attempt) == credited
    assert credited.deadline == attempt.deadline + 5 * MINUTE
    assert credited.seq == attempt.seq
    assert credits.list_time_lines(credited)[1:] == ("Lena added 5 minutes: The alarm rang.",)


def test_no_page_of_the_learner_goes_out_of_date_by_it(attempt: Attempt, cast: Cast) -> None:
    give(attempt, cast.lena)

    assert answer(attempt).answers


def test_an_answer_counts_that_only_the_credit_makes_timely(attempt: Attempt, cast: Cast) -> None:
    give(attempt, cast.lena)

    late = attempt.deadline + 5 * MINUTE + GRACE
    assert answer(attempt, arrived_at=late).answers


def test_the_same_credit_again_changes_nothing_even_after_the_end(attempt: Attempt, cast: Cast) -> None:
    credited = give(attempt, cast.lena)
    assert give(attempt, cast.lena) == credited
    finished = attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=NOON + MINUTE)

    assert give(attempt, cast.lena) == finished


def test_another_credit_adds_to_the_first(attempt: Attempt, cast: Cast) -> None:
    give(attempt, cast.lena)

    credited = give(attempt, cast.lena, credit_id="c2", length=MINUTE)

    assert credited.deadline == attempt.deadline + 6 * MINUTE
    assert [credit.id for credit in credited.time.credits] == ["c1", "c2"]


def test_an_admin_gives_time_to_anybody(attempt: Attempt, cast: Cast) -> None:
    accounts.set_admin(cast.vera)

    assert give(attempt, cast.vera).time.credits[0].giver_id == cast.vera


def test_who_runs_the_service_gives_time_in_its_name(attempt: Attempt) -> None:
    assert credits.list_time_lines(give(attempt, None))[1:] == ("Skillmark added 5 minutes: The alarm rang.",)


@pytest.mark.parametrize("who", ["omar", "ada", "vera"])
def test_nobody_else_gives_time(attempt: Attempt, cast: Cast, who: str) -> None:
    before = everything()

    with pytest.raises(NotFound):
        give(attempt, getattr(cast, who))

    assert everything() == before


def test_a_lead_gives_none_to_a_lead_nor_to_who_has_left(attempt: Attempt, cast: Cast, cohort: str) -> None:
    lenas = attempts.start_attempt("language", learner_id=cast.lena, now=NOON)
    with pytest.raises(NotFound):
        give(lenas, cast.lena)
    cohorts.leave(cohort, user_id=cast.ada, now=NOON)
    with pytest.raises(NotFound):
        give(attempt, cast.lena)


def test_for_an_unknown_attempt_the_answer_is_the_same(attempt: Attempt, cast: Cast) -> None:
    with pytest.raises(NotFound):
        credits.give_credit("0" * 32, giver_id=cast.lena, length=MINUTE, reason="x", credit_id="c1", now=NOON)


@pytest.mark.parametrize("length", [timedelta(), MINUTE - MILLISECOND, 120 * MINUTE + MILLISECOND, -MINUTE])
def test_less_than_a_minute_or_more_than_two_hours_are_refused(attempt: Attempt, cast: Cast, length: timedelta) -> None:
    with pytest.raises(BadInput):
        give(attempt, cast.lena, length=length)

    assert get(attempt) == attempt


def test_without_a_reason_nothing_is_given(attempt: Attempt, cast: Cast) -> None:
    with pytest.raises(BadInput):
        give(attempt, cast.lena, reason=" ")

    assert get(attempt) == attempt


def test_once_the_attempt_is_over_time_is_refused(attempt: Attempt, cast: Cast) -> None:
    over = attempt.deadline + GRACE + MILLISECOND

    with pytest.raises(Conflict):
        give(attempt, cast.lena, now=over)

    closed = get(attempt, now=over)
    assert (closed.finished_at, closed.time.credits) == (attempt.deadline, ())


def test_in_the_grace_an_attempt_is_open_still(attempt: Attempt, cast: Cast) -> None:
    assert give(attempt, cast.lena, now=attempt.deadline + GRACE).deadline == attempt.deadline + 5 * MINUTE


@pytest.mark.parametrize("_round", range(5))
def test_of_a_credit_and_a_closing_at_once_one_wins_and_the_other_sees_it(
    app: Flask, attempt: Attempt, cast: Cast, _round: int
) -> None:
    over = attempt.deadline + GRACE + MILLISECOND
    acts: list[Callable[[], Attempt]] = [
        lambda: give(attempt, cast.lena, now=attempt.deadline + GRACE),
        lambda: get(attempt, now=over),
    ]

    given, seen = at_once(app, acts)

    known = get(attempt, now=over)
    assert seen == known
    if known.is_finished:
        assert isinstance(given, Conflict)
        assert known.time.credits == ()
    else:
        assert given == known
        assert len(known.time.credits) == 1


def test_the_same_credit_many_times_at_once_is_given_once(app: Flask, attempt: Attempt, cast: Cast) -> None:
    given = at_once(app, [lambda: give(attempt, cast.lena)] * 5)

    assert given == [get(attempt)] * 5
    assert len(get(attempt).time.credits) == 1


def test_different_credits_at_once_are_all_given(app: Flask, attempt: Attempt, cast: Cast) -> None:
    acts = [lambda number=number: give(attempt, cast.lena, credit_id=f"c{number}") for number in range(4)]

    at_once(app, acts)

    assert get(attempt).deadline == attempt.deadline + 20 * MINUTE


# what a lead sees


def test_a_lead_sees_of_an_attempt_its_name_and_its_end_while_it_is_open(
    attempt: Attempt, cast: Cast, cohort: str
) -> None:
    def seen(now: Any) -> list[tuple[str, Any]]:
        member = members.open_member(cohort, member_id=cast.ada, lead_id=cast.lena, now=now)
        return [(one.name, one.ends_at) for one in member.person.open_attempts]

    assert seen(NOON) == [(attempt.assessment_name, attempt.deadline)]
    assert seen(attempt.deadline + GRACE + MILLISECOND) == []


@pytest.mark.parametrize("who", ["omar", "ada", "vera"])
def test_nobody_but_the_lead_opens_a_member(attempt: Attempt, cast: Cast, cohort: str, who: str) -> None:
    with pytest.raises(NotFound):
        members.open_member(cohort, member_id=cast.ada, lead_id=getattr(cast, who), now=NOON)


def test_a_lead_gives_no_time_to_an_attempt_of_somebody_else_by_a_members_page(cast: Cast, cohort: str) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)

    with pytest.raises(NotFound):
        members.give_time(
            cohort,
            omars.id,
            member_id=cast.ada,
            lead_id=cast.lena,
            minutes=5,
            reason="x",
            credit_id="c1",
            now=NOON,
        )

    assert get(omars) == omars


# an attempt that a cohort assigned


@pytest.fixture
def foreign_cohort(cast: Cast) -> str:
    """Omar's cohort, which Ada is in, too."""
    made = cohorts.create_cohort("Friends", lead_id=cast.omar, now=NOON)
    cohorts.join(cohorts.invite(made.public_id, lead_id=cast.omar, now=NOON), user_id=cast.ada, now=NOON)
    return made.public_id


def assigned_by(cohort: str, cast: Cast, **terms: Any) -> Attempt:
    """Ada's attempt, just started, at what Lena assigned to a cohort."""
    usual: dict[str, Any] = {
        "assessment_slug": "language",
        "opens_at": None,
        "closes_at": NOON + 60 * MINUTE,
        "attempts_allowed": 1,
        "release": Release.AT_ONCE,
    }
    made = assignments.make_assignment(cohort, lead_id=cast.lena, now=NOON, **{**usual, **terms})
    return assignments.start_assigned(made.public_id, learner_id=cast.ada, now=NOON)


def test_time_for_an_assigned_attempt_comes_from_the_lead_who_assigned_it_not_from_another(
    cast: Cast, cohort: str, foreign_cohort: str
) -> None:
    assigned = assigned_by(cohort, cast)

    with pytest.raises(NotFound):
        give(assigned, cast.omar)

    assert get(assigned) == assigned
    assert give(assigned, cast.lena).deadline == assigned.deadline + 5 * MINUTE


def test_of_an_assigned_attempt_only_the_lead_who_assigned_it_sees_anything(
    cast: Cast, cohort: str, foreign_cohort: str
) -> None:
    assigned = assigned_by(cohort, cast)
    own = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    def seen(public_id: str, lead_id: int) -> set[str]:
        member = members.open_member(public_id, member_id=cast.ada, lead_id=lead_id, now=NOON)
        return {one.id for one in member.person.open_attempts}

    assert seen(cohort, cast.lena) == {own.id, assigned.id}
    assert seen(foreign_cohort, cast.omar) == {own.id}


def test_an_admin_gives_time_to_an_assigned_attempt(cast: Cast, cohort: str) -> None:
    accounts.set_admin(cast.vera)

    assert give(assigned_by(cohort, cast), cast.vera).time.credits


def test_time_that_the_end_of_an_assignment_would_cut_off_whole_is_refused(cast: Cast, cohort: str) -> None:
    assigned = assigned_by(cohort, cast, closes_at=NOON + 10 * MINUTE)

    with pytest.raises(Conflict, match="assignment"):
        give(assigned, cast.lena)

    assert get(assigned) == assigned


def test_of_time_that_reaches_beyond_the_end_of_an_assignment_what_fits_is_given(cast: Cast, cohort: str) -> None:
    assigned = assigned_by(cohort, cast, closes_at=NOON + 17 * MINUTE)

    assert give(assigned, cast.lena).deadline == NOON + 17 * MINUTE
    assert give(assigned, cast.lena).time.credits == get(assigned).time.credits
