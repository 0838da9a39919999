"""Cohorts: who may do what, what a lead sees, and what an outsider never learns."""

import csv
import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.builders import take
from tests.conftest import NOON, Cast, add_person
from tests.services.watching import watched_commands, watched_statements
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.config import Config
from tracker.errors import Conflict, NotFound
from tracker.services import accounts, attempts, cohorts
from tracker.services.cohorts import INVITATION_LIFE, Mirror, Review
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import sql
from tracker.storage.cohort_tables import Invitation, Membership, Role

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
    return [row.user.name for row in cohorts.review(guild.id, lead_id=cast.lena, now=NOON).rows]


def foreign_id(cast: Cast) -> str:
    """The public id of Omar's cohort."""
    return cohorts.list_memberships(cast.omar)[0].cohort.public_id


def invitation_id(guild: Guild, cast: Cast) -> str:
    """The public id of the invitation to Lena's cohort."""
    return cohorts.review(guild.id, lead_id=cast.lena, now=NOON).invitations[0].public_id


# what only a lead may do: by the names of the acts

LEAD_ACTS: dict[str, Callable[[str, int, Cast], object]] = {
    "review": lambda cohort_id, user_id, _cast: cohorts.review(cohort_id, lead_id=user_id, now=NOON),
    "export": lambda cohort_id, user_id, _cast: cohorts.export_csv(cohort_id, lead_id=user_id, now=NOON),
    "invite": lambda cohort_id, user_id, _cast: cohorts.invite(cohort_id, lead_id=user_id, now=NOON),
    "revoke": lambda cohort_id, user_id, _cast: cohorts.revoke_invitation(
        cohort_id, invitation_id=sql.session().scalars(select(Invitation.public_id)).one(), lead_id=user_id, now=NOON
    ),
    "remove": lambda cohort_id, user_id, cast: cohorts.remove_member(cohort_id, member_id=cast.ada, lead_id=user_id),
}
MEMBER_ACTS: dict[str, Callable[[str, int, Cast], object]] = {
    "open": lambda cohort_id, user_id, _cast: cohorts.open_cohort(cohort_id, user_id=user_id, now=NOON),
    "leave": lambda cohort_id, user_id, _cast: cohorts.leave(cohort_id, user_id=user_id),
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
    cohorts.remove_member(own, member_id=cast.ada, lead_id=cast.omar)

    assert everything() == before
    assert members(guild, cast) == ["Ada"]


# creating and inviting


def test_who_makes_a_cohort_leads_it(cast: Cast) -> None:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)

    assert isinstance(cohorts.open_cohort(cohort.public_id, user_id=cast.lena, now=NOON), Review)
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
    assert cohorts.get_invited_cohort(guild.token, now=NOON).name == "Guild"
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
            cohorts.get_invited_cohort(token, now=moment)
        with pytest.raises(NotFound) as refused:
            cohorts.join(token, user_id=cast.omar, now=moment)
        reasons |= {str(shown.value), str(refused.value)}

    assert len(reasons) == 1
    assert "Omar" not in members(guild, cast)


def test_revoking_one_invitation_leaves_the_others(guild: Guild, cast: Cast) -> None:
    cohorts.invite(guild.id, lead_id=cast.lena, now=NOON + MILLISECOND)
    cohorts.revoke_invitation(guild.id, invitation_id=invitation_id(guild, cast), lead_id=cast.lena, now=NOON)

    assert cohorts.join(guild.token, user_id=cast.omar, now=NOON).public_id == guild.id


# joining, leaving, removing


def test_joining_again_changes_nothing(guild: Guild, cast: Cast) -> None:
    before = everything()

    cohorts.join(guild.token, user_id=cast.ada, now=NOON + timedelta(days=1))

    assert everything() == before


def test_a_lead_who_follows_the_own_link_stays_the_lead(guild: Guild, cast: Cast) -> None:
    cohorts.join(guild.token, user_id=cast.lena, now=NOON)

    assert isinstance(cohorts.open_cohort(guild.id, user_id=cast.lena, now=NOON), Review)
    assert members(guild, cast) == ["Ada"]


def test_joining_many_times_at_once_gives_one_place(app: Flask, guild: Guild, cast: Cast) -> None:
    def join(_number: int) -> str:
        with app.app_context():
            return cohorts.join(guild.token, user_id=cast.omar, now=NOON).name

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(join, range(6))) == ["Guild"] * 6

    assert sql.session().scalar(select(func.count()).where(Membership.user_id == cast.omar)) == 2


def test_an_invitation_revoked_between_looking_and_joining_lets_nobody_in(guild: Guild, cast: Cast) -> None:
    cohorts.get_invited_cohort(guild.token, now=NOON)
    cohorts.revoke_invitation(guild.id, invitation_id=invitation_id(guild, cast), lead_id=cast.lena, now=NOON)

    with pytest.raises(NotFound):
        stored_cohorts.add_member_by_invitation(
            hashlib.sha256(guild.token.encode()).hexdigest(), user_id=cast.omar, agreed_to=Sees.LEVELS, now=NOON
        )

    assert members(guild, cast) == ["Ada"]


def test_who_leaves_is_seen_by_the_lead_no_more_and_keeps_their_results(guild: Guild, cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)

    cohorts.leave(guild.id, user_id=cast.ada)

    assert members(guild, cast) == []
    assert cohorts.list_memberships(cast.ada) == []
    assert len(attempts.list_attempts(cast.ada, now=NOON)) == 1
    with pytest.raises(NotFound):
        cohorts.open_cohort(guild.id, user_id=cast.ada, now=NOON)


def test_leaving_twice_is_not_found_the_second_time(guild: Guild, cast: Cast) -> None:
    cohorts.leave(guild.id, user_id=cast.ada)

    with pytest.raises(NotFound):
        cohorts.leave(guild.id, user_id=cast.ada)


def test_the_lead_cannot_leave(guild: Guild, cast: Cast) -> None:
    before = everything()

    with pytest.raises(Conflict, match="You lead this cohort"):
        cohorts.leave(guild.id, user_id=cast.lena)

    assert everything() == before


def test_a_member_who_was_removed_is_out_and_can_be_invited_again(guild: Guild, cast: Cast) -> None:
    cohorts.remove_member(guild.id, member_id=cast.ada, lead_id=cast.lena)
    cohorts.remove_member(guild.id, member_id=cast.ada, lead_id=cast.lena)
    assert members(guild, cast) == []

    cohorts.join(guild.token, user_id=cast.ada, now=NOON)
    assert members(guild, cast) == ["Ada"]


def test_a_lead_cannot_be_removed_not_even_by_themselves(guild: Guild, cast: Cast) -> None:
    cohorts.remove_member(guild.id, member_id=cast.lena, lead_id=cast.lena)

    assert isinstance(cohorts.open_cohort(guild.id, user_id=cast.lena, now=NOON), Review)


# what a lead sees


def test_a_review_has_a_row_for_each_member_and_none_for_the_lead(guild: Guild, cast: Cast) -> None:
    review = cohorts.review(guild.id, lead_id=cast.lena, now=NOON)

    assert [row.user.id for row in review.rows] == [cast.ada]
    assert [area.slug for area in review.areas] == ["language", "frameworks", "databases", "apis", "tools"]
    assert [len(row.cells) for row in review.rows] == [5]
    assert len(review.invitations) == 1


def test_a_cell_shows_score_interval_and_last_activity_only_where_there_is_evidence(guild: Guild, cast: Cast) -> None:
    take("databases", learner_id=cast.ada, now=NOON)

    (row,) = cohorts.review(guild.id, lead_id=cast.lena, now=NOON).rows

    databases = row.cells[2]
    assert databases.score.low < databases.score.value < databases.score.high
    assert databases.score.level is not None
    assert (databases.last_answered, row.last_answered) == (NOON, NOON)
    assert [cell.score.level for at, cell in enumerate(row.cells) if at != 2] == [None] * 4
    assert [cell.last_answered for at, cell in enumerate(row.cells) if at != 2] == [None] * 4


def test_who_needs_help_first_comes_first_and_who_has_no_evidence_last(guild: Guild, cast: Cast) -> None:
    for name in ("Strong", "Weak", "New"):
        person = add_person(f"{name}@example.org", name)
        cohorts.join(guild.token, user_id=person, now=NOON)
        if name != "New":
            take("tools", learner_id=person, now=NOON, wrong=range(12) if name == "Weak" else ())
    take("tools", learner_id=cast.ada, now=NOON, wrong=range(6))

    assert members(guild, cast) == ["Weak", "Ada", "Strong", "New"]


def test_the_middle_of_an_area_counts_only_members_with_evidence_there(guild: Guild, cast: Cast) -> None:
    cohorts.join(guild.token, user_id=cast.omar, now=NOON)
    take("tools", learner_id=cast.ada, now=NOON)
    take("tools", learner_id=cast.lena, now=NOON, wrong=range(12))

    review = cohorts.review(guild.id, lead_id=cast.lena, now=NOON)

    adas = next(row for row in review.rows if row.user.id == cast.ada)
    assert [(middle.score, middle.members) for middle in review.middles] == [(None, 0)] * 4 + [
        (adas.cells[4].score.value, 1)
    ]


def test_a_member_sees_of_themselves_exactly_what_the_lead_sees(guild: Guild, cast: Cast) -> None:
    take("databases", learner_id=cast.ada, now=NOON)
    later = NOON + timedelta(days=3)

    mirror = cohorts.open_cohort(guild.id, user_id=cast.ada, now=later)

    (row,) = cohorts.review(guild.id, lead_id=cast.lena, now=later).rows
    assert isinstance(mirror, Mirror)
    assert mirror.row == row
    assert mirror.cohort.name == "Guild"


def test_a_review_asks_each_store_as_often_for_many_members_as_for_one(
    app: Flask, guild: Guild, cast: Cast, config: Config
) -> None:
    def count() -> tuple[int, list[str], int]:
        sql.session().rollback()
        sql.session().expunge_all()
        with watched_commands(config) as commands, watched_statements() as statements:
            review = cohorts.review(guild.id, lead_id=cast.lena, now=NOON)
        selects = [statement for statement in statements if statement.startswith("SELECT")]
        assert set(statements) - set(selects) <= {"BEGIN"}
        return len(review.rows), commands, len(selects)

    alone = count()
    for number in range(12):
        person = add_person(f"{number}@example.org", f"Member {number}")
        cohorts.join(guild.token, user_id=person, now=NOON)
        if number < 2:
            take("tools", learner_id=person, now=NOON)
    many = count()

    whose_cohort_who_is_in_it_and_its_invitations = 3
    assert alone == (1, ["find"], whose_cohort_who_is_in_it_and_its_invitations)
    assert many == (13, ["find"], whose_cohort_who_is_in_it_and_its_invitations)


# the export


def exported(guild: Guild, cast: Cast) -> list[list[str]]:
    return list(csv.reader(io.StringIO(cohorts.export_csv(guild.id, lead_id=cast.lena, now=NOON))))


def test_the_export_has_a_line_a_member_with_five_columns_an_area(guild: Guild, cast: Cast) -> None:
    take("databases", learner_id=cast.ada, now=NOON)

    header, line = exported(guild, cast)

    (row,) = cohorts.review(guild.id, lead_id=cast.lena, now=NOON).rows
    score = row.cells[2].score
    assert len(header) == len(line) == 2 + 5 * 5 + 1
    assert header[12:17] == ["Databases", "Databases low", "Databases high", "Databases level", "Databases answers"]
    assert line[:2] == ["Ada", "ada@example.org"]
    assert line[12:17] == [str(score.value), str(score.low), str(score.high), score.level, "12"]
    assert line[2:7] == ["", "", "", "not enough evidence yet", "0"]
    assert line[-1] == "2026-11-02 12:00"


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
def test_no_cell_of_the_export_can_be_taken_for_a_formula(guild: Guild, cast: Cast, name: str) -> None:
    accounts.update_profile(cast.ada, name=name, zone="UTC")
    sql.session().expire_all()

    assert exported(guild, cast)[1][0] == f"'{name}"


def test_separators_quotes_and_accents_in_a_name_survive_the_export(guild: Guild, cast: Cast) -> None:
    name = 'Ünsal, "Ada"; O\'Neil'
    accounts.update_profile(cast.ada, name=name, zone="UTC")
    sql.session().expire_all()

    assert exported(guild, cast)[1][0] == name


def test_an_address_that_looks_like_a_formula_is_made_plain_too(guild: Guild, cast: Cast) -> None:
    cohorts.join(guild.token, user_id=add_person("=cmd@example.org", "Mallory"), now=NOON)

    assert [line[1] for line in exported(guild, cast)[1:]] == ["ada@example.org", "'=cmd@example.org"]


def test_a_cohort_without_members_exports_its_header(cast: Cast) -> None:
    cohort = cohorts.create_cohort("Empty", lead_id=cast.lena, now=NOON)

    assert len(cohorts.export_csv(cohort.public_id, lead_id=cast.lena, now=NOON).splitlines()) == 1
