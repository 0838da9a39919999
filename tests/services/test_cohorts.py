"""Cohorts: who may do what, and what an outsider never learns."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import Conflict, NotFound
from tracker.services import attempts, cohort_people, cohorts, matrix
from tracker.services.cohorts import INVITATION_LIFE
from tracker.services.matrix import Wanted
from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort, Invitation, Membership, Role

MILLISECOND = timedelta(milliseconds=1)
UNKNOWN = "f" * 32


@dataclass(frozen=True)
class Guild:
    """Lena's cohort, its public id, and the token of an invitation to it."""

    id: str
    token: str


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort; Ada is in it, Omar is not but leads a cohort of his own."""
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    cohorts.create_cohort("Foreign", lead_id=cast.omar, now=NOON)
    return Guild(cohort.public_id, token)


def members(guild: Guild, cast: Cast) -> list[str]:
    """The names that Lena sees."""
    cohort = cohorts.get_led(guild.id, lead_id=cast.lena)
    return [row.user.name for row in matrix.make_matrix(cohort, Wanted(), NOON).rows]


def foreign_id(cast: Cast) -> str:
    """The public id of Omar's cohort."""
    return cohorts.list_memberships(cast.omar)[0].cohort.public_id


def invitation_id(guild: Guild, cast: Cast) -> str:
    """The public id of the invitation to Lena's cohort."""
    return cohort_people.open_people(guild.id, lead_id=cast.lena, page=1, now=NOON).links[0].public_id


# what only a lead may do: by the names of the acts

LEAD_ACTS: dict[str, Callable[[str, int, Cast], object]] = {
    "invite": lambda cohort_id, user_id, _cast: cohorts.invite(cohort_id, lead_id=user_id, now=NOON),
    "revoke": lambda cohort_id, user_id, _cast: cohorts.revoke_invitation(
        cohort_id, invitation_id=sql.session().scalars(select(Invitation.public_id)).one(), lead_id=user_id, now=NOON
    ),
    "remove": lambda cohort_id, user_id, cast: cohorts.remove_member(
        cohort_id, member_id=cast.ada, lead_id=user_id, now=NOON
    ),
}
MEMBER_ACTS: dict[str, Callable[[str, int, Cast], object]] = {
    "open": lambda cohort_id, user_id, _cast: cohorts.open_cohort(cohort_id, user_id=user_id, now=NOON),
    "leave": lambda cohort_id, user_id, _cast: cohorts.leave(cohort_id, user_id=user_id, now=NOON),
}


@pytest.mark.parametrize("act", LEAD_ACTS | MEMBER_ACTS)
def test_to_an_outsider_a_foreign_cohort_is_not_found_and_nothing_changes(guild: Guild, cast: Cast, act: str) -> None:
    before = everything()

    with pytest.raises(NotFound) as foreign:
        (LEAD_ACTS | MEMBER_ACTS)[act](guild.id, cast.omar, cast)
    with pytest.raises(NotFound) as unknown:
        (LEAD_ACTS | MEMBER_ACTS)[act](UNKNOWN, cast.omar, cast)

    assert str(foreign.value) == str(unknown.value)
    assert everything() == before


@pytest.mark.parametrize("act", LEAD_ACTS)
def test_to_a_member_what_only_the_lead_may_do_is_not_found_and_nothing_changes(
    guild: Guild, cast: Cast, act: str
) -> None:
    before = everything()

    with pytest.raises(NotFound):
        LEAD_ACTS[act](guild.id, cast.ada, cast)

    assert everything() == before


@pytest.mark.parametrize("act", LEAD_ACTS)
def test_the_lead_may_do_all_of_it(guild: Guild, cast: Cast, act: str) -> None:
    LEAD_ACTS[act](guild.id, cast.lena, cast)


def test_who_leads_one_cohort_cannot_reach_into_another_through_it(guild: Guild, cast: Cast) -> None:
    own = foreign_id(cast)
    before = everything()

    with pytest.raises(NotFound):
        cohorts.revoke_invitation(own, invitation_id=invitation_id(guild, cast), lead_id=cast.omar, now=NOON)
    cohorts.remove_member(own, member_id=cast.ada, lead_id=cast.omar, now=NOON)

    assert everything() == before
    assert members(guild, cast) == ["Ada"]


# creating and inviting


def test_who_makes_a_cohort_leads_it(cast: Cast) -> None:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)

    assert isinstance(cohorts.open_cohort(cohort.public_id, user_id=cast.lena, now=NOON), Cohort)
    assert [(place.cohort.name, place.role) for place in cohorts.list_memberships(cast.lena)] == [("Guild", Role.LEAD)]
    assert cohorts.list_memberships(cast.omar) == []


def test_an_invitation_is_a_token_of_256_bits_of_which_only_the_hash_is_stored(guild: Guild) -> None:
    assert len(guild.token) == 43
    assert sql.session().scalars(select(Invitation.token_hash)).all() == [
        hashlib.sha256(guild.token.encode()).hexdigest()
    ]
    assert guild.token not in repr(everything())


def test_every_invitation_is_another(guild: Guild, cast: Cast) -> None:
    tokens = {cohorts.invite(guild.id, lead_id=cast.lena, now=NOON) for _ in range(5)}

    assert len(tokens | {guild.token}) == 6


def test_an_invitation_names_its_cohort_before_anybody_joins(guild: Guild, cast: Cast) -> None:
    invited = cohorts.open_invitation(guild.token, user_id=cast.omar, now=NOON)

    assert (invited.cohort.name, invited.has_place) == ("Guild", False)
    assert members(guild, cast) == ["Ada"]


@pytest.mark.parametrize(("late", "works"), [(-MILLISECOND, True), (0 * MILLISECOND, False)])
def test_an_invitation_works_for_two_weeks(guild: Guild, cast: Cast, late: timedelta, works: bool) -> None:
    moment = NOON + timedelta(days=14) + late

    if works:
        cohorts.join(guild.token, user_id=cast.omar, now=moment)
    else:
        with pytest.raises(NotFound, match="Ask for a new link"):
            cohorts.join(guild.token, user_id=cast.omar, now=moment)

    assert ("Omar" in members(guild, cast)) is works


def test_a_revoked_an_expired_and_an_unknown_invitation_are_refused_in_the_same_words(guild: Guild, cast: Cast) -> None:
    revoked = cohorts.invite(guild.id, lead_id=cast.lena, now=NOON)
    cohorts.revoke_invitation(guild.id, invitation_id=invitation_id(guild, cast), lead_id=cast.lena, now=NOON)
    late = NOON + INVITATION_LIFE
    reasons = set()

    for token, moment in ((revoked, NOON), (guild.token, late), ("no such token", NOON)):
        with pytest.raises(NotFound) as shown:
            cohorts.open_invitation(token, user_id=cast.omar, now=moment)
        with pytest.raises(NotFound) as refused:
            cohorts.join(token, user_id=cast.omar, now=moment)
        reasons |= {str(shown.value), str(refused.value)}

    assert len(reasons) == 1
    assert "Omar" not in members(guild, cast)


def test_revoking_one_invitation_leaves_the_others(guild: Guild, cast: Cast) -> None:
    cohorts.invite(guild.id, lead_id=cast.lena, now=NOON + MILLISECOND)
    cohorts.revoke_invitation(guild.id, invitation_id=invitation_id(guild, cast), lead_id=cast.lena, now=NOON)

    assert cohorts.join(guild.token, user_id=cast.omar, now=NOON).cohort.public_id == guild.id


# joining, leaving, removing


def test_joining_again_changes_nothing(guild: Guild, cast: Cast) -> None:
    before = everything()

    cohorts.join(guild.token, user_id=cast.ada, now=NOON + timedelta(days=1))

    assert everything() == before


def test_a_lead_who_follows_the_own_link_stays_the_lead(guild: Guild, cast: Cast) -> None:
    cohorts.join(guild.token, user_id=cast.lena, now=NOON)

    assert isinstance(cohorts.open_cohort(guild.id, user_id=cast.lena, now=NOON), Cohort)
    assert members(guild, cast) == ["Ada"]


def test_joining_many_times_at_once_gives_one_place(app: Flask, guild: Guild, cast: Cast) -> None:
    def join(_number: int) -> str:
        with app.app_context():
            return cohorts.join(guild.token, user_id=cast.omar, now=NOON).cohort.name

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(join, range(6))) == ["Guild"] * 6

    assert sql.session().scalar(select(func.count()).where(Membership.user_id == cast.omar)) == 2


def test_who_leaves_is_seen_by_the_lead_no_more_and_keeps_their_results(guild: Guild, cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)

    cohorts.leave(guild.id, user_id=cast.ada, now=NOON)

    assert members(guild, cast) == []
    assert cohorts.list_memberships(cast.ada) == []
    assert len(attempts.list_attempts(cast.ada, now=NOON)) == 1
    with pytest.raises(NotFound):
        cohorts.open_cohort(guild.id, user_id=cast.ada, now=NOON)


def test_leaving_twice_is_not_found_the_second_time(guild: Guild, cast: Cast) -> None:
    cohorts.leave(guild.id, user_id=cast.ada, now=NOON)

    with pytest.raises(NotFound):
        cohorts.leave(guild.id, user_id=cast.ada, now=NOON)


def test_the_lead_cannot_leave(guild: Guild, cast: Cast) -> None:
    before = everything()

    with pytest.raises(Conflict, match="You lead this cohort alone"):
        cohorts.leave(guild.id, user_id=cast.lena, now=NOON)

    assert everything() == before


def test_a_member_who_was_removed_is_out_and_can_be_invited_again(guild: Guild, cast: Cast) -> None:
    cohorts.remove_member(guild.id, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    cohorts.remove_member(guild.id, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    assert members(guild, cast) == []

    cohorts.join(guild.token, user_id=cast.ada, now=NOON)
    assert members(guild, cast) == ["Ada"]


def test_a_lead_cannot_be_removed_not_even_by_themselves(guild: Guild, cast: Cast) -> None:
    cohorts.remove_member(guild.id, member_id=cast.lena, lead_id=cast.lena, now=NOON)

    assert isinstance(cohorts.open_cohort(guild.id, user_id=cast.lena, now=NOON), Cohort)
