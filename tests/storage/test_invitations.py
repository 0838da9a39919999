"""Invitations in SQL: what works, how many it lets in, and what is stored with its mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOON, Cast, add_person
from tests.web.stored import everything
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.errors import Conflict, NotFound
from tracker.storage import cohorts, invitations, join_requests, sql
from tracker.storage.cohort_tables import Cohort, Invitation, Role
from tracker.storage.mails import Letter
from tracker.storage.tables import Mail

LIFE = timedelta(days=14)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def guild(cast: Cast) -> Cohort:
    """Lena's cohort, whose leads see scores; an invitation to it has the token's hash `hash`."""
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.SCORES, now=NOON)
    invitations.add_invitation(invitation(cohort, cast, "hash"))
    return cohort


def invitation(
    cohort: Cohort, cast: Cast, token_hash: str, *, most_uses: int | None = None, address: str | None = None
) -> Invitation:
    return invitations.make_invitation(
        cohort_id=cohort.id,
        created_by=cast.lena,
        token_hash=token_hash,
        now=NOON,
        expires_at=NOON + LIFE,
        most_uses=most_uses,
        address=address,
    )


def mailed(cohort: Cohort, cast: Cast, *addresses: str) -> dict[str, tuple[Invitation, Letter]]:
    return {
        address: (
            invitation(cohort, cast, f"hash of {address}", most_uses=1, address=address),
            Letter(key=f"invitation/{address}", address=address, subject="Come", text="Here.", due_at=NOON),
        )
        for address in addresses
    }


def roles(cohort: Cohort) -> dict[int, Role]:
    """Who is in it, as what."""
    return {place.user_id: place.role for place in cohorts.list_memberships_in(cohort.id)}


def join(token_hash: str, user_id: int, agreed_to: Sees = Sees.SCORES) -> None:
    invitations.join(token_hash, user_id=user_id, agreed_to=agreed_to, now=NOON)


def test_joining_adds_one_member_at_that_moment_and_uses_one_place(guild: Cohort, cast: Cast) -> None:
    joined_at = NOON + timedelta(hours=1)

    invitations.join("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=joined_at)

    place = cohorts.get_membership(guild.public_id, user_id=cast.ada)
    assert (place.role, place.agreed_to, place.joined_at, place.may_mentor) == (
        Role.MEMBER,
        Sees.SCORES,
        joined_at,
        False,
    )
    assert sql.session().scalars(select(Invitation.uses)).all() == [1]


def test_joining_again_changes_nothing_also_for_the_lead(guild: Cohort, cast: Cast) -> None:
    join("hash", cast.ada)
    before = everything()

    join("hash", cast.ada, Sees.LEVELS)
    join("hash", cast.lena)

    assert everything() == before


def test_nobody_agrees_to_more_than_the_leads_ask_for(guild: Cohort, cast: Cast) -> None:
    join("hash", cast.ada, Sees.ANSWERS)
    join("hash", cast.omar, Sees.LEVELS)

    agreed = {place.user_id: place.agreed_to for place in cohorts.list_memberships_in(guild.id)}
    assert (agreed[cast.ada], agreed[cast.omar]) == (Sees.SCORES, Sees.LEVELS)


@pytest.mark.parametrize(("late", "works"), [(-MILLISECOND, True), (0 * MILLISECOND, False), (MILLISECOND, False)])
def test_an_invitation_works_until_the_moment_it_expires(
    guild: Cohort, cast: Cast, late: timedelta, works: bool
) -> None:
    moment = NOON + LIFE + late

    if works:
        invitations.join("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=moment)
        assert invitations.get_working("hash", now=moment).cohort is guild
    else:
        with pytest.raises(NotFound):
            invitations.join("hash", user_id=cast.ada, agreed_to=Sees.SCORES, now=moment)
        with pytest.raises(NotFound):
            invitations.get_working("hash", now=moment)

    assert (cast.ada in roles(guild)) is works


def test_a_revoked_invitation_lets_nobody_in_and_throws_nobody_out(guild: Cohort, cast: Cast) -> None:
    join("hash", cast.ada)
    (live,) = invitations.list_live(guild.id, now=NOON)

    invitations.revoke(live.public_id, cohort_id=guild.id, now=NOON)

    with pytest.raises(NotFound):
        join("hash", cast.omar)
    assert roles(guild) == {cast.lena: Role.LEAD, cast.ada: Role.MEMBER}


def test_an_unknown_invitation_lets_nobody_in(guild: Cohort, cast: Cast) -> None:
    with pytest.raises(NotFound):
        join("other hash", cast.omar)

    assert roles(guild) == {cast.lena: Role.LEAD}


def test_nobody_joins_an_archived_cohort_until_it_is_restored(guild: Cohort, cast: Cast) -> None:
    cohorts.set_archived(guild.id, NOON)

    with pytest.raises(NotFound):
        join("hash", cast.ada)
    assert roles(guild) == {cast.lena: Role.LEAD}

    cohorts.set_archived(guild.id, None)
    join("hash", cast.ada)
    assert cast.ada in roles(guild)


def test_an_archived_cohort_invites_nobody(guild: Cohort, cast: Cast) -> None:
    cohorts.set_archived(guild.id, NOON)
    before = everything()

    with pytest.raises(Conflict, match="archived"):
        invitations.add_invitation(invitation(guild, cast, "another hash"))
    with pytest.raises(Conflict, match="archived"):
        invitations.add_mailed(guild.id, mailed(guild, cast, "one@example.org"), now=NOON)

    assert everything() == before


def test_an_invitation_is_revoked_only_through_its_own_cohort(guild: Cohort, cast: Cast) -> None:
    foreign = cohorts.add_cohort(name="Foreign", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)
    (live,) = invitations.list_live(guild.id, now=NOON)

    with pytest.raises(NotFound):
        invitations.revoke(live.public_id, cohort_id=foreign.id, now=NOON)

    join("hash", cast.ada)
    assert cast.ada in roles(guild)


def test_only_invitations_that_still_let_somebody_in_are_listed_newest_first(guild: Cohort, cast: Cast) -> None:
    (first,) = invitations.list_live(guild.id, now=NOON)
    revoked, used, last = (
        invitation(guild, cast, token_hash, most_uses=1) for token_hash in ("revoked", "used", "last")
    )
    for made in (revoked, used, last):
        invitations.add_invitation(made)
    invitations.revoke(revoked.public_id, cohort_id=guild.id, now=NOON)
    join("used", cast.ada)

    live = invitations.list_live(guild.id, now=NOON)

    assert [entry.public_id for entry in live] == [last.public_id, first.public_id]
    assert invitations.list_live(guild.id, now=NOON + LIFE) == []


def test_a_link_for_three_lets_exactly_three_of_eight_in_at_once(app: Flask, guild: Cohort, cast: Cast) -> None:
    invitations.add_invitation(invitation(guild, cast, "for three", most_uses=3))
    people = [add_person(f"{number}@example.org", str(number)) for number in range(8)]
    together = Barrier(len(people))

    def follow(person: int) -> bool:
        with app.app_context():
            together.wait()
            try:
                join("for three", person)
            except NotFound:
                return False
            return True

    with ThreadPoolExecutor(len(people)) as pool:
        came_in = list(pool.map(follow, people))

    sql.session().rollback()
    sql.session().expire_all()
    members = [user_id for user_id, role in roles(guild).items() if role is Role.MEMBER]
    assert sorted(members) == sorted(person for person, is_in in zip(people, came_in, strict=True) if is_in)
    assert len(members) == 3
    assert sql.session().scalar(select(Invitation.uses).where(Invitation.token_hash == "for three")) == 3


def test_a_full_link_turns_others_away_and_uses_nothing_up_for_who_is_in(guild: Cohort, cast: Cast) -> None:
    invitations.add_invitation(invitation(guild, cast, "for one", most_uses=1))
    join("for one", cast.ada)
    before = everything()

    join("for one", cast.ada)
    join("for one", cast.lena)
    with pytest.raises(NotFound):
        join("for one", cast.omar)

    assert everything() == before


def test_where_a_lead_lets_people_in_following_a_link_is_asking_once(guild: Cohort, cast: Cast) -> None:
    cohorts.change_settings(guild.id, name="Guild", sees=Sees.SCORES, joining=Joining.APPROVED)

    join("hash", cast.ada, Sees.LEVELS)
    join("hash", cast.ada, Sees.SCORES)

    (request,) = join_requests.list_in(guild.id)
    assert (request.user.name, request.agreed_to, request.asked_at) == ("Ada", Sees.LEVELS, NOON)
    assert roles(guild) == {cast.lena: Role.LEAD}
    assert invitations.has_place(guild.id, user_id=cast.ada)
    assert sql.session().scalars(select(Invitation.uses)).all() == [1]


def test_addresses_that_need_no_invitation_get_none_and_the_others_one_with_its_mail(guild: Cohort, cast: Cast) -> None:
    join("hash", cast.ada)
    cohorts.change_settings(guild.id, name="Guild", sees=Sees.SCORES, joining=Joining.APPROVED)
    join("hash", cast.omar)
    invitations.add_mailed(guild.id, mailed(guild, cast, "invited@example.org"), now=NOON)

    known = invitations.add_mailed(
        guild.id,
        mailed(
            guild, cast, "ada@example.org", "omar@example.org", "lena@example.org", "invited@example.org", "new@x.org"
        ),
        now=NOON,
    )

    assert known.inside == {"ada@example.org", "lena@example.org"}
    assert known.waiting == {"omar@example.org"}
    assert known.invited == {"invited@example.org"}
    assert [live.address for live in invitations.list_live(guild.id, now=NOON)] == [
        "new@x.org",
        "invited@example.org",
        None,
    ]
    assert sql.session().scalars(select(Mail.address)).all() == ["invited@example.org", "new@x.org"]


def test_of_a_list_nothing_is_stored_when_one_of_its_mails_cannot_be(guild: Cohort, cast: Cast) -> None:
    both = mailed(guild, cast, "one@example.org", "two@example.org")
    both["two@example.org"][0].token_hash = "hash"
    before = everything()

    with pytest.raises(IntegrityError):
        invitations.add_mailed(guild.id, both, now=NOON)

    assert everything() == before
