"""Users and their sign-ins in SQL."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, PASSWORD_HASH, Cast
from tests.web.stored import everything
from tracker.errors import Conflict, NotFound
from tracker.storage import accounts, sql
from tracker.storage.tables import SignIn

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


def sign_in(user_id: int, token_hash: str = "t") -> None:
    """A sign-in that started at noon."""
    accounts.add_sign_in(token_hash=token_hash, user_id=user_id, now=NOON, ended_before=NOON - 12 * HOUR)


def hashes() -> set[str]:
    return set(sql.session().scalars(select(SignIn.token_hash)))


def test_a_person_is_kept_as_they_signed_up(app: Flask) -> None:
    user = accounts.add_user(
        email="ada@example.org", name="Ada", zone="Europe/Berlin", password_hash="hash", is_admin=False, now=NOON
    )
    sql.session().expire_all()

    found = accounts.get_user(user.id)

    assert (found.email, found.name, found.zone, found.password_hash) == (
        "ada@example.org",
        "Ada",
        "Europe/Berlin",
        "hash",
    )
    assert (found.is_admin, found.created_at) == (False, NOON)
    assert accounts.find_user_by_email("ada@example.org") is found


def test_an_address_belongs_to_one_person_and_the_first_stays_untouched(cast: Cast) -> None:
    before = everything()

    with pytest.raises(Conflict, match="Sign in instead"):
        accounts.add_user(
            email="ada@example.org", name="Omar", zone="UTC", password_hash="other", is_admin=True, now=NOON
        )

    assert everything() == before


def test_an_unknown_person_is_not_found(cast: Cast) -> None:
    assert accounts.find_user_by_email("nobody@example.org") is None
    with pytest.raises(NotFound):
        accounts.get_user(0)


def test_what_is_changed_of_one_person_is_not_changed_of_another(cast: Cast) -> None:
    accounts.set_profile(cast.ada, name="Ada L.", zone="Asia/Tokyo")
    accounts.set_password_hash(cast.ada, "new hash")
    accounts.set_admin(cast.ada)
    sql.session().expire_all()

    ada, omar = accounts.get_user(cast.ada), accounts.get_user(cast.omar)
    assert (ada.name, ada.zone, ada.password_hash, ada.is_admin) == ("Ada L.", "Asia/Tokyo", "new hash", True)
    assert (omar.name, omar.zone, omar.password_hash, omar.is_admin) == ("Omar", "UTC", PASSWORD_HASH, False)


def test_a_sign_in_is_found_with_its_person_by_its_tokens_hash(cast: Cast) -> None:
    sign_in(cast.ada, "ada's")
    sign_in(cast.omar, "omar's")

    found = accounts.find_sign_in("ada's", started_after=NOON - HOUR, seen_after=NOON - HOUR)

    assert found is not None
    assert found.user.id == cast.ada
    assert accounts.find_sign_in("nobody's", started_after=NOON - HOUR, seen_after=NOON - HOUR) is None


@pytest.mark.parametrize(("since_start", "since_seen"), [(MILLISECOND, 0 * HOUR), (0 * HOUR, MILLISECOND)])
def test_a_sign_in_ends_at_the_very_edge_of_either_time(
    cast: Cast, since_start: timedelta, since_seen: timedelta
) -> None:
    sign_in(cast.ada)

    assert accounts.find_sign_in("t", started_after=NOON - MILLISECOND, seen_after=NOON - MILLISECOND)
    edge = accounts.find_sign_in(
        "t", started_after=NOON - MILLISECOND + since_start, seen_after=NOON - MILLISECOND + since_seen
    )
    assert edge is None


def test_using_a_sign_in_moves_only_when_it_was_seen(cast: Cast) -> None:
    sign_in(cast.ada)
    accounts.set_seen("t", NOON + HOUR)
    sql.session().expire_all()

    found = accounts.find_sign_in("t", started_after=NOON - HOUR, seen_after=NOON)

    assert found is not None
    assert (found.started_at, found.seen_at) == (NOON, NOON + HOUR)


def test_ending_one_sign_in_leaves_the_others(cast: Cast) -> None:
    sign_in(cast.ada, "phone")
    sign_in(cast.ada, "laptop")

    accounts.remove_sign_in("phone")
    accounts.remove_sign_in("phone")

    assert hashes() == {"laptop"}


def test_signing_in_clears_away_only_what_ended_long_ago(cast: Cast) -> None:
    sign_in(cast.omar, "yesterday")
    later = NOON + 13 * HOUR

    accounts.add_sign_in(token_hash="today", user_id=cast.ada, now=later, ended_before=NOON)
    assert hashes() == {"yesterday", "today"}

    accounts.add_sign_in(token_hash="again", user_id=cast.ada, now=later, ended_before=NOON + MILLISECOND)
    assert hashes() == {"today", "again"}


def test_a_new_password_ends_all_other_sign_ins_of_this_person_only(cast: Cast) -> None:
    sign_in(cast.ada, "here")
    sign_in(cast.ada, "there")
    sign_in(cast.omar, "omar's")

    accounts.change_password_hash(cast.ada, "new hash", but="here")
    sql.session().expire_all()

    assert hashes() == {"here", "omar's"}
    assert accounts.get_user(cast.ada).password_hash == "new hash"
    assert accounts.get_user(cast.omar).password_hash == PASSWORD_HASH
