"""Cohorts, memberships and invitations in SQL."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import cohorts, sql
from tracker.storage.cohort_tables import Cohort, Invitation, Membership, Role

LIFE = timedelta(days=14)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Guild:
    """Lena's cohort with one invitation to it, whose token's hash is `hash`."""

    cohort: Cohort
    invitation: Invitation

    def members(self) -> dict[int, Role]:
        """Who is in it, as what."""
        return {place.user_id: place.role for place in cohorts.list_memberships_in(self.cohort.id)}


@pytest.fixture
def guild(cast: Cast) -> Guild:
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    return Guild(cohort, invite(cohort, cast.lena, "hash"))


def invite(cohort: Cohort, lead_id: int, token_hash: str) -> Invitation:
    return cohorts.add_invitation(
        cohort_id=cohort.id, created_by=lead_id, token_hash=token_hash, now=NOON, expires_at=NOON + LIFE
    )


def test_who_makes_a_cohort_is_its_only_lead(guild: Guild, cast: Cast) -> None:
    assert guild.members() == {cast.lena: Role.LEAD}
    assert len(guild.cohort.public_id) == 32


def test_a_place_is_found_with_its_cohort_and_person_only_by_who_has_it(guild: Guild, cast: Cast) -> None:
    place = cohorts.get_membership(guild.cohort.public_id, user_id=cast.lena)

    assert (place.cohort.name, place.user.name, place.role) == ("Guild", "Lena", Role.LEAD)
    with pytest.raises(NotFound):
        cohorts.get_membership(guild.cohort.public_id, user_id=cast.omar)
    with pytest.raises(NotFound):
        cohorts.get_membership("f" * 32, user_id=cast.lena)


def test_a_person_sees_their_own_cohorts_by_name_and_no_others(guild: Guild, cast: Cast) -> None:
    cohorts.add_cohort(name="Apprentices", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    cohorts.add_cohort(name="Foreign", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)

    assert [place.cohort.name for place in cohorts.list_memberships_of(cast.lena)] == ["Apprentices", "Guild"]
    assert cohorts.list_memberships_of(cast.ada) == []


def test_joining_adds_one_member_at_that_moment(guild: Guild, cast: Cast) -> None:
    joined_at = NOON + timedelta(hours=1)
    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=joined_at)

    assert guild.members() == {cast.lena: Role.LEAD, cast.ada: Role.MEMBER}
    assert cohorts.get_membership(guild.cohort.public_id, user_id=cast.ada).joined_at == joined_at


def test_joining_again_changes_nothing_also_for_the_lead(guild: Guild, cast: Cast) -> None:
    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON)
    before = everything()

    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON + timedelta(days=1))
    cohorts.add_member_by_invitation("hash", user_id=cast.lena, agreed_to=Sees.SCORES, now=NOON)

    assert everything() == before
    assert guild.members()[cast.lena] is Role.LEAD


@pytest.mark.parametrize(("late", "works"), [(-MILLISECOND, True), (0 * MILLISECOND, False), (MILLISECOND, False)])
def test_an_invitation_works_until_the_moment_it_expires(
    guild: Guild, cast: Cast, late: timedelta, works: bool
) -> None:
    moment = NOON + LIFE + late

    if works:
        cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=moment)
        assert cohorts.get_invited_cohort("hash", now=moment) is guild.cohort
    else:
        with pytest.raises(NotFound):
            cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=moment)
        with pytest.raises(NotFound):
            cohorts.get_invited_cohort("hash", now=moment)

    assert (cast.ada in guild.members()) is works


def test_a_revoked_invitation_lets_nobody_in_and_throws_nobody_out(guild: Guild, cast: Cast) -> None:
    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON)

    cohorts.revoke_invitation(guild.invitation.public_id, cohort_id=guild.cohort.id, now=NOON)

    with pytest.raises(NotFound):
        cohorts.add_member_by_invitation("hash", user_id=cast.omar, agreed_to=Sees.SCORES, now=NOON)
    assert guild.members() == {cast.lena: Role.LEAD, cast.ada: Role.MEMBER}


def test_an_unknown_invitation_lets_nobody_in(guild: Guild, cast: Cast) -> None:
    with pytest.raises(NotFound):
        cohorts.add_member_by_invitation("other hash", user_id=cast.omar, agreed_to=Sees.SCORES, now=NOON)

    assert guild.members() == {cast.lena: Role.LEAD}


def test_an_invitation_is_revoked_only_through_its_own_cohort(guild: Guild, cast: Cast) -> None:
    foreign = cohorts.add_cohort(name="Foreign", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)

    with pytest.raises(NotFound):
        cohorts.revoke_invitation(guild.invitation.public_id, cohort_id=foreign.id, now=NOON)

    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON)
    assert cast.ada in guild.members()


def test_only_invitations_that_still_work_are_listed_newest_first(guild: Guild, cast: Cast) -> None:
    second, third = invite(guild.cohort, cast.lena, "second"), invite(guild.cohort, cast.lena, "third")
    cohorts.revoke_invitation(second.public_id, cohort_id=guild.cohort.id, now=NOON)

    live = cohorts.list_live_invitations(guild.cohort.id, now=NOON)

    assert [entry.public_id for entry in live] == [third.public_id, guild.invitation.public_id]
    assert cohorts.list_live_invitations(guild.cohort.id, now=NOON + LIFE) == []


def test_a_member_is_removed_once_and_a_lead_never(guild: Guild, cast: Cast) -> None:
    cohorts.add_member_by_invitation("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON)

    assert cohorts.remove_member(guild.cohort.id, user_id=cast.ada)
    assert not cohorts.remove_member(guild.cohort.id, user_id=cast.ada)
    assert not cohorts.remove_member(guild.cohort.id, user_id=cast.lena)
    assert guild.members() == {cast.lena: Role.LEAD}


def test_removing_somebody_from_one_cohort_leaves_their_place_in_another(guild: Guild, cast: Cast) -> None:
    other = cohorts.add_cohort(name="Other", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)
    invite(other, cast.omar, "other")
    for token_hash in ("hash", "other"):
        cohorts.add_member_by_invitation(token_hash, user_id=cast.ada, agreed_to=Sees.SCORES, now=NOON)

    cohorts.remove_member(guild.cohort.id, user_id=cast.ada)

    places = sql.session().scalar(select(func.count()).where(Membership.user_id == cast.ada))
    assert places == 1
