"""What the tables hold of a person: every table is told of, and nobody is shown what nobody should have."""

from flask import Flask

from tests.conftest import Cast
from tests.services.full_life import live
from tracker.storage import accounts, personal_rows
from tracker.storage.audit_tables import Erasure
from tracker.storage.personal_rows import IMPERSONAL_TABLES, PERSONAL_TABLES, PersonalTable
from tracker.storage.sql import Base

SECRET = ("hash", "secret", "salt")


def test_every_table_is_exported_or_says_why_not(app: Flask) -> None:
    told = [kept.table.__tablename__ for kept in PERSONAL_TABLES] + [table.__tablename__ for table in IMPERSONAL_TABLES]

    assert sorted(told) == sorted(Base.metadata.tables)
    assert all(IMPERSONAL_TABLES.values())


def test_of_somebody_in_every_table_every_table_tells_something(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)
    user = accounts.get_user(life.id)

    silent = [kept.table for kept in PERSONAL_TABLES if not personal_rows.list_rows(kept, user)]

    assert silent == [Erasure]


def test_of_an_outsider_nothing_is_told_but_what_is_theirs(cast: Cast) -> None:
    live(friend_id=cast.lena, learner_id=cast.omar)
    ada = accounts.get_user(cast.ada)

    told = [kept.name for kept in PERSONAL_TABLES if personal_rows.list_rows(kept, ada)]

    assert told == ["account"]


def test_no_hash_and_no_secret_is_told(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)
    user = accounts.get_user(life.id)

    columns = {column for kept in PERSONAL_TABLES for row in personal_rows.list_rows(kept, user) for column in row}

    assert not [column for column in columns if any(word in column for word in SECRET)]


def test_people_and_cohorts_have_their_names_and_oneself_is_you(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)
    user = accounts.get_user(life.id)

    (note,) = personal_rows.list_rows(_table("notes"), user)
    (look,) = personal_rows.list_rows(_table("looks"), user)[-1:]

    assert (note["cohort"], note["user"], note["author"]) == ("Joined", "you", "Lena")
    assert look["looker"] == "Lena"


def _table(name: str) -> PersonalTable:
    return next(kept for kept in PERSONAL_TABLES if kept.name == name)
