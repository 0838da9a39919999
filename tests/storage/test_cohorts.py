"""Cohorts and memberships in SQL."""

import pytest
from sqlalchemy import func, select

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import cohorts, exports, sql
from tracker.storage.cohort_tables import Cohort, ExportFormat, JoinRequest, Membership, Role


@pytest.fixture
def guild(cast: Cast) -> Cohort:
    """Lena's cohort."""
    return cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.SCORES, now=NOON)


def roles(cohort: Cohort) -> dict[int, Role]:
    """Who is in it, as what."""
    return {place.user_id: place.role for place in cohorts.list_memberships_in(cohort.id)}


def test_who_makes_a_cohort_is_its_only_lead(guild: Cohort, cast: Cast) -> None:
    assert roles(guild) == {cast.lena: Role.LEAD}
    assert len(guild.public_id) == 32


def test_a_place_is_found_with_its_cohort_and_person_only_by_who_has_it(guild: Cohort, cast: Cast) -> None:
    place = cohorts.get_membership(guild.public_id, user_id=cast.lena)

    assert (place.cohort.name, place.user.name, place.role) == ("Guild", "Lena", Role.LEAD)
    with pytest.raises(NotFound):
        cohorts.get_membership(guild.public_id, user_id=cast.omar)
    with pytest.raises(NotFound):
        cohorts.get_membership("f" * 32, user_id=cast.lena)


def test_a_person_sees_their_own_cohorts_by_name_and_no_others(guild: Cohort, cast: Cast) -> None:
    cohorts.add_cohort(name="Apprentices", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)
    cohorts.add_cohort(name="Foreign", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)

    assert [place.cohort.name for place in cohorts.list_memberships_of(cast.lena)] == ["Apprentices", "Guild"]
    assert cohorts.list_memberships_of(cast.ada) == []


def test_a_member_is_removed_once_and_a_lead_never(guild: Cohort, cast: Cast) -> None:
    join(guild, cast.ada)

    assert cohorts.remove_member(guild.id, user_id=cast.ada)
    assert not cohorts.remove_member(guild.id, user_id=cast.ada)
    assert not cohorts.remove_member(guild.id, user_id=cast.lena)
    assert roles(guild) == {cast.lena: Role.LEAD}


def test_removing_somebody_from_one_cohort_leaves_their_place_in_another(guild: Cohort, cast: Cast) -> None:
    other = cohorts.add_cohort(name="Other", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)
    join(guild, cast.ada)
    join(other, cast.ada)

    cohorts.remove_member(guild.id, user_id=cast.ada)

    places = sql.session().scalar(select(func.count()).where(Membership.user_id == cast.ada))
    assert places == 1


def test_members_are_listed_by_name_a_page_at_a_time_and_counted_without_leads(guild: Cohort, cast: Cast) -> None:
    for member in (cast.vera, cast.ada, cast.omar):
        join(guild, member)

    listed = [[member.user.name for member in cohorts.list_members(guild.id, skip=skip, most=2)] for skip in (0, 2)]

    assert listed == [["Ada", "Omar"], ["Vera"]]
    assert cohorts.count_members(guild.id) == 3
    assert [lead.user.name for lead in cohorts.list_leads(guild.id)] == ["Lena"]


def test_it_is_counted_how_many_members_agreed_to_what(guild: Cohort, cast: Cast) -> None:
    join(guild, cast.ada, Sees.SCORES)
    join(guild, cast.omar)
    join(guild, cast.vera)

    assert cohorts.count_agreed(guild.id) == {Sees.LEVELS: 2, Sees.SCORES: 1}


@pytest.mark.parametrize(("agreed_to", "kept"), [(Sees.LEVELS, 0), (Sees.SCORES, 1), (Sees.ANSWERS, 1)])
def test_whoever_agrees_to_less_takes_the_exports_of_the_cohort_away(
    guild: Cohort, cast: Cast, agreed_to: Sees, kept: int
) -> None:
    cohorts.change_settings(guild.id, name="Guild", sees=Sees.ANSWERS, joining=Joining.OPEN)
    join(guild, cast.ada, Sees.SCORES)
    export(guild, cast.lena)

    assert cohorts.agree(guild.id, user_id=cast.ada, agreed_to=agreed_to, may_mentor=True)

    assert len(exports.list_in(guild.id)) == kept
    membership = cohorts.get_membership(guild.public_id, user_id=cast.ada)
    assert (membership.agreed_to, membership.may_mentor) == (agreed_to, True)


def test_nobody_agrees_to_more_than_the_leads_ask_for_at_the_write(guild: Cohort, cast: Cast) -> None:
    join(guild, cast.ada)
    before = everything()

    assert not cohorts.agree(guild.id, user_id=cast.ada, agreed_to=Sees.ANSWERS, may_mentor=True)

    assert everything() == before


def test_a_lead_agrees_to_nothing(guild: Cohort, cast: Cast) -> None:
    before = everything()

    with pytest.raises(NotFound):
        cohorts.agree(guild.id, user_id=cast.lena, agreed_to=Sees.LEVELS, may_mentor=True)

    assert everything() == before


@pytest.mark.parametrize(("sees", "kept"), [(Sees.LEVELS, 0), (Sees.SCORES, 1), (Sees.ANSWERS, 1)])
def test_leads_who_are_to_see_less_keep_no_exports(guild: Cohort, cast: Cast, sees: Sees, kept: int) -> None:
    export(guild, cast.lena)

    cohorts.change_settings(guild.id, name="New", sees=sees, joining=Joining.APPROVED)

    assert len(exports.list_in(guild.id)) == kept
    assert (guild.name, guild.sees, guild.joining) == ("New", sees, Joining.APPROVED)


def test_what_leads_do_not_ask_for_any_more_is_not_agreed_to_any_more(guild: Cohort, cast: Cast) -> None:
    join(guild, cast.ada, Sees.SCORES)
    join(guild, cast.vera, Sees.LEVELS)
    with sql.writing() as session:
        session.add(JoinRequest(cohort_id=guild.id, user_id=cast.omar, agreed_to=Sees.SCORES, asked_at=NOON))

    for sees in (Sees.LEVELS, Sees.ANSWERS):
        cohorts.change_settings(guild.id, name="Guild", sees=sees, joining=Joining.OPEN)

    sql.session().expire_all()
    assert cohorts.count_agreed(guild.id) == {Sees.LEVELS: 2}
    assert sql.session().scalars(select(JoinRequest.agreed_to)).all() == [Sees.LEVELS]


def test_who_is_removed_is_in_no_export_any_more(guild: Cohort, cast: Cast) -> None:
    join(guild, cast.ada)
    export(guild, cast.lena)

    cohorts.remove_member(guild.id, user_id=cast.omar)
    assert len(exports.list_in(guild.id)) == 1
    cohorts.remove_member(guild.id, user_id=cast.ada)

    assert exports.list_in(guild.id) == []


def test_a_cohort_is_archived_as_of_a_moment_and_restored(guild: Cohort) -> None:
    cohorts.set_archived(guild.id, NOON)
    assert cohorts.get_cohort(guild.public_id).archived_at == NOON

    cohorts.set_archived(guild.id, None)
    assert cohorts.get_cohort(guild.public_id).archived_at is None


def join(cohort: Cohort, user_id: int, agreed_to: Sees = Sees.LEVELS) -> None:
    """Make somebody a member."""
    with sql.writing() as session:
        session.add(
            Membership(cohort_id=cohort.id, user_id=user_id, role=Role.MEMBER, agreed_to=agreed_to, joined_at=NOON)
        )


def export(cohort: Cohort, lead_id: int) -> None:
    """Ask for the cohort's results as a file."""
    exports.add(cohort_id=cohort.id, asked_by=lead_id, format=ExportFormat.CSV, now=NOON)
