"""Who waits to be let in, in SQL."""

import pytest

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.errors import Conflict
from tracker.storage import cohorts, join_requests, sql
from tracker.storage.cohort_tables import Cohort, JoinRequest, Role


@pytest.fixture
def guild(cast: Cast) -> Cohort:
    """Lena's cohort; Ada waits to be let in and agreed to levels."""
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.SCORES, now=NOON)
    with sql.writing() as session:
        session.add(JoinRequest(cohort_id=cohort.id, user_id=cast.ada, agreed_to=Sees.LEVELS, asked_at=NOON))
    return cohort


def test_who_waits_is_seen_by_both_sides(guild: Cohort, cast: Cast) -> None:
    assert [request.user.name for request in join_requests.list_in(guild.id)] == ["Ada"]
    assert [request.cohort.name for request in join_requests.list_of(cast.ada)] == ["Guild"]
    assert join_requests.list_of(cast.omar) == []


def test_who_is_let_in_is_a_member_at_what_they_agreed_to(guild: Cohort, cast: Cast) -> None:
    assert join_requests.let_in(guild.id, user_id=cast.ada, now=NOON)

    place = cohorts.get_membership(guild.public_id, user_id=cast.ada)
    assert (place.role, place.agreed_to, place.joined_at) == (Role.MEMBER, Sees.LEVELS, NOON)
    assert join_requests.list_in(guild.id) == []


def test_an_archived_cohort_lets_nobody_in_who_goes_on_waiting(guild: Cohort, cast: Cast) -> None:
    cohorts.set_archived(guild.id, NOON)
    before = everything()

    with pytest.raises(Conflict, match="archived"):
        join_requests.let_in(guild.id, user_id=cast.ada, now=NOON)

    assert everything() == before


def test_who_was_refused_is_no_member_and_waits_no_more(guild: Cohort, cast: Cast) -> None:
    assert join_requests.remove(guild.id, user_id=cast.ada)

    assert join_requests.list_in(guild.id) == []
    assert not cohorts.is_in(guild.id, user_id=cast.ada)


def test_who_does_not_wait_is_neither_let_in_nor_refused(guild: Cohort, cast: Cast) -> None:
    before = everything()

    assert not join_requests.let_in(guild.id, user_id=cast.omar, now=NOON)
    assert not join_requests.remove(guild.id, user_id=cast.omar)

    assert everything() == before
