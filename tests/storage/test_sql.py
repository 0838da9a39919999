"""What SQL keeps to on either database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from tests.conftest import NOON, Cast
from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort, Membership, Role
from tracker.storage.tables import SignIn, User

A_COHORT = {"public_id": "c" * 32, "name": "Guild", "created_at": NOON}


def count_cohorts() -> int:
    """How many cohorts there are for somebody else."""
    with sql.db.engine.connect() as stranger:
        return stranger.scalars(select(func.count()).select_from(Cohort)).one()


def a_sign_in(user_id: int, *, at: datetime = NOON) -> SignIn:
    return SignIn(token_hash=f"{user_id}", public_id=f"{user_id}", user_id=user_id, started_at=at, seen_at=at)


def write_and_be_interrupted() -> None:
    with sql.writing() as session:
        session.execute(insert(Cohort).values(**A_COHORT))
        raise KeyboardInterrupt


def test_nobody_sees_a_change_before_it_is_whole(app: Flask) -> None:
    with sql.writing() as session:
        session.execute(insert(Cohort).values(**A_COHORT))
        before = count_cohorts()

    assert (before, count_cohorts()) == (0, 1)


def test_any_error_takes_the_whole_change_back(app: Flask) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted()

    assert count_cohorts() == 0
    assert sql.session().scalars(select(Cohort)).all() == []


def test_a_membership_of_nobody_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError), sql.writing() as session:
        session.add(Membership(cohort_id=1, user_id=1, role=Role.MEMBER, joined_at=NOON))

    assert sql.session().scalars(select(Membership)).all() == []


def test_with_a_person_go_their_sign_ins_and_memberships_and_nobody_elses(cast: Cast) -> None:
    with sql.writing() as session:
        cohort = Cohort(**A_COHORT)
        session.add(cohort)
        session.flush()
        for user_id in (cast.ada, cast.lena):
            session.add(Membership(cohort_id=cohort.id, user_id=user_id, role=Role.MEMBER, joined_at=NOON))
            session.add(a_sign_in(user_id))

    with sql.writing() as session:
        session.execute(delete(User).where(User.id == cast.ada))

    assert sql.session().scalars(select(Membership.user_id)).all() == [cast.lena]
    assert sql.session().scalars(select(SignIn.user_id)).all() == [cast.lena]


def test_a_moment_comes_back_aware_and_in_utc(cast: Cast) -> None:
    in_tokyo = datetime(2026, 11, 2, 21, tzinfo=timezone(timedelta(hours=9)))
    with sql.writing() as session:
        session.add(a_sign_in(cast.ada, at=in_tokyo))
    sql.session().expire_all()

    found = sql.session().scalars(select(SignIn.started_at)).one()

    assert found == NOON
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused_and_not_stored(cast: Cast) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a time zone"), sql.writing() as session:
        session.add(a_sign_in(cast.ada, at=naive))

    assert sql.session().scalars(select(SignIn)).all() == []
