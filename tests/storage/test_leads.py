"""Who leads a cohort, in SQL: there is always somebody who does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.storage import cohorts, leads, sql
from tracker.storage.cohort_tables import Cohort, Membership, Role
from tracker.storage.mails import Letter
from tracker.storage.tables import Mail

LETTER = Letter(key="lead", address="ada@example.org", subject="You lead", text="Now.", due_at=NOON)
WAYS_OUT: dict[str, Callable[..., bool]] = {
    "make_member": partial(leads.make_member, agreed_to=Sees.LEVELS),
    "remove_lead": leads.remove_lead,
}


@pytest.fixture
def guild(cast: Cast) -> Cohort:
    """Lena's cohort with Ada in it."""
    cohort = cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.SCORES, now=NOON)
    with sql.writing() as session:
        session.add(Membership(cohort_id=cohort.id, user_id=cast.ada, role=Role.MEMBER, joined_at=NOON))
    return cohort


def leading(cohort: Cohort) -> set[int]:
    """Who leads it."""
    return {place.user_id for place in cohorts.list_leads(cohort.id)}


def test_a_member_is_made_a_lead_and_told_in_one_write(guild: Cohort, cast: Cast) -> None:
    assert leads.make_lead(guild.id, user_id=cast.ada, letter=LETTER, now=NOON)

    assert leading(guild) == {cast.lena, cast.ada}
    assert sql.session().scalars(select(Mail.address)).all() == ["ada@example.org"]


def test_who_is_no_member_is_neither_made_a_lead_nor_told(guild: Cohort, cast: Cast) -> None:
    before = everything()

    assert not leads.make_lead(guild.id, user_id=cast.omar, letter=LETTER, now=NOON)
    assert not leads.make_lead(guild.id, user_id=cast.lena, letter=LETTER, now=NOON)

    assert everything() == before


def test_a_lead_becomes_a_member_at_what_they_agreed_to_while_another_leads(guild: Cohort, cast: Cast) -> None:
    leads.make_lead(guild.id, user_id=cast.ada, letter=LETTER, now=NOON)

    assert leads.make_member(guild.id, user_id=cast.lena, agreed_to=Sees.LEVELS)

    sql.session().expire_all()
    place = cohorts.get_membership(guild.public_id, user_id=cast.lena)
    assert (place.role, place.agreed_to) == (Role.MEMBER, Sees.LEVELS)
    assert leading(guild) == {cast.ada}


def test_a_lead_who_becomes_a_member_agrees_to_no_more_than_is_asked_for_at_the_write(
    guild: Cohort, cast: Cast
) -> None:
    leads.make_lead(guild.id, user_id=cast.ada, letter=LETTER, now=NOON)

    leads.make_member(guild.id, user_id=cast.lena, agreed_to=Sees.ANSWERS)

    sql.session().expire_all()
    assert cohorts.get_membership(guild.public_id, user_id=cast.lena).agreed_to is Sees.SCORES


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_the_last_lead_stays_and_a_member_is_no_lead(guild: Cohort, cast: Cast, way_out: str) -> None:
    before = everything()

    assert not WAYS_OUT[way_out](guild.id, user_id=cast.lena)
    assert not WAYS_OUT[way_out](guild.id, user_id=cast.ada)

    assert everything() == before


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_of_two_leads_who_go_at_once_one_stays(app: Flask, guild: Cohort, cast: Cast, way_out: str) -> None:
    leads.make_lead(guild.id, user_id=cast.ada, letter=LETTER, now=NOON)
    together = Barrier(2)

    def go(user_id: int) -> bool:
        with app.app_context():
            together.wait()
            return WAYS_OUT[way_out](guild.id, user_id=user_id)

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(go, (cast.lena, cast.ada)))

    sql.session().rollback()
    sql.session().expire_all()
    assert sorted(went) == [False, True]
    assert len(leading(guild)) == 1
