"""Assignments in SQL."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.assignment import Release
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import assignments, cohorts, sql
from tracker.storage.cohort_tables import Assignment, Cohort, Membership, Role
from tracker.storage.tables import User

DAY = timedelta(days=1)


@pytest.fixture
def guild(cast: Cast) -> Cohort:
    """Lena's cohort with Ada in it."""
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    add_member(cohort, cast.ada)
    return cohort


def add_member(cohort: Cohort, user_id: int) -> None:
    with sql.writing() as session:
        session.add(Membership(cohort_id=cohort.id, user_id=user_id, role=Role.MEMBER, joined_at=NOON))


def assign(cohort: Cohort, cast: Cast, **fields: Any) -> Assignment:
    """The language quiz for a week, one attempt; a test names what differs."""
    terms: dict[str, Any] = {
        "assessment_slug": "language",
        "opens_at": NOON,
        "closes_at": NOON + 7 * DAY,
        "attempts_allowed": 1,
        "release": Release.AFTER_DEADLINE,
        "now": NOON,
    }
    return assignments.add(cohort_id=cohort.id, made_by=cast.lena, **{**terms, **fields})


def assigned_ids(user_id: int, *, closing_after: datetime = NOON) -> list[str]:
    return [one.public_id for one in assignments.list_assigned_to(user_id, closing_after=closing_after)]


def test_an_assignment_comes_back_with_its_terms_and_with_ones_place_in_its_cohort(guild: Cohort, cast: Cast) -> None:
    made = assign(guild, cast, attempts_allowed=3)
    sql.session().expire_all()

    found, role = assignments.get(made.public_id, user_id=cast.ada)

    assert role is Role.MEMBER
    assert (found.assessment_slug, found.attempts_allowed, found.release) == ("language", 3, Release.AFTER_DEADLINE)
    assert (found.opens_at, found.closes_at, found.withdrawn_at) == (NOON, NOON + 7 * DAY, None)
    assert found.cohort.name == "Guild"
    assert assignments.get(made.public_id, user_id=cast.lena)[1] is Role.LEAD


def test_it_is_not_found_by_an_outsider_nor_by_who_has_left(guild: Cohort, cast: Cast) -> None:
    made = assign(guild, cast)
    cohorts.remove_member(guild.id, user_id=cast.ada)

    for user_id in (cast.omar, cast.ada):
        with pytest.raises(NotFound):
            assignments.get(made.public_id, user_id=user_id)
    with pytest.raises(NotFound):
        assignments.get("0" * 32, user_id=cast.lena)


def test_members_get_theirs_with_the_nearest_end_first_and_leads_and_outsiders_none(guild: Cohort, cast: Cast) -> None:
    late, soon = assign(guild, cast), assign(guild, cast, closes_at=NOON + DAY)

    assert assigned_ids(cast.ada) == [soon.public_id, late.public_id]
    assert assigned_ids(cast.ada, closing_after=NOON + DAY) == [late.public_id]
    assert assigned_ids(cast.lena) == assigned_ids(cast.omar) == []


def test_what_was_withdrawn_is_on_the_leads_list_only_and_keeps_its_first_moment(guild: Cohort, cast: Cast) -> None:
    first, second = assign(guild, cast), assign(guild, cast, now=NOON + DAY)
    assignments.withdraw(first, now=NOON + DAY)
    assignments.withdraw(first, now=NOON + 2 * DAY)
    sql.session().expire_all()

    assert assigned_ids(cast.ada) == [second.public_id]
    assert [one.withdrawn_at for one in assignments.list_in(guild.id)] == [None, NOON + DAY]


def test_withdrawing_one_leaves_all_others_alone(guild: Cohort, cast: Cast) -> None:
    other = assign(guild, cast)
    assignments.withdraw(assign(guild, cast), now=NOON)

    assert assigned_ids(cast.ada) == [other.public_id]


def test_an_assignment_goes_with_its_cohort_and_stays_without_its_maker(guild: Cohort, cast: Cast) -> None:
    assign(guild, cast)
    with sql.writing() as session:
        session.execute(delete(Membership).where(Membership.user_id == cast.lena))
        session.execute(delete(User).where(User.id == cast.lena))
    assert sql.session().scalars(select(Assignment.made_by)).all() == [None]

    with sql.writing() as session:
        session.execute(delete(Cohort).where(Cohort.id == guild.id))
    assert everything()["assignments"] == []


def test_one_for_some_is_found_by_these_and_the_lead_only(guild: Cohort, cast: Cast) -> None:
    add_member(guild, cast.omar)
    made = assign(guild, cast, learner_ids=[cast.ada])

    assert assigned_ids(cast.ada) == [made.public_id]
    assert assigned_ids(cast.omar) == []
    assert [user.id for user in assignments.list_learners(made)] == [cast.ada]
    assert assignments.list_learner_ids([made.id]) == {made.id: {cast.ada}}
    assert assignments.get(made.public_id, user_id=cast.lena)[1] is Role.LEAD
    with pytest.raises(NotFound):
        assignments.get(made.public_id, user_id=cast.omar)


def test_nothing_is_stored_when_somebody_named_is_no_member(guild: Cohort, cast: Cast) -> None:
    before = everything()

    for strangers in ([cast.ada, cast.omar], [cast.lena], [cast.ada, 2**31 - 1]):
        with pytest.raises(NotFound):
            assign(guild, cast, learner_ids=strangers)

    assert everything() == before


def test_one_for_all_is_for_those_who_join_later_and_no_more_for_those_who_left(guild: Cohort, cast: Cast) -> None:
    made = assign(guild, cast)
    cohorts.remove_member(guild.id, user_id=cast.ada)
    add_member(guild, cast.omar)

    assert [user.id for user in assignments.list_learners(made)] == [cast.omar]
    assert [user.id for user in assignments.list_members(guild.id)] == [cast.omar]


def test_who_was_named_and_left_is_no_learner_of_it(guild: Cohort, cast: Cast) -> None:
    made = assign(guild, cast, learner_ids=[cast.ada])
    cohorts.remove_member(guild.id, user_id=cast.ada)

    assert assignments.list_learners(made) == []
    assert assigned_ids(cast.ada) == []
