"""Wrong tries to get in: counted for any text that names an account, slower and slower, never for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, PASSWORD, Cast
from tracker.errors import BadInput, SignInRefused, TooManyMisses
from tracker.services import accounts, misses, second_factor
from tracker.storage import sql
from tracker.storage.identity_tables import Miss

SECOND = timedelta(seconds=1)
ADA = "ada@example.org"


def waits_after(account: str, tries: int) -> list[int]:
    """How many seconds each try after the first few had to wait, each made as soon as it could be."""
    now, waits = NOON, []
    for _ in range(tries):
        try:
            misses.count_try(account, now=now)
        except TooManyMisses as error:
            waits.append(error.seconds)
            now += error.seconds * SECOND
            misses.count_try(account, now=now)
    return waits


def stored_misses() -> list[Miss]:
    sql.session().rollback()
    sql.session().expire_all()
    return list(sql.session().scalars(select(Miss)))


def test_five_tries_are_free_and_then_the_pause_grows_to_a_minute(app: Flask) -> None:
    assert waits_after("eve", 14) == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_one_accounts_misses_are_not_anothers(app: Flask) -> None:
    waits_after("eve", 5)
    misses.count_try("adam", now=NOON)
    with pytest.raises(TooManyMisses, match="Please wait 2 seconds"):
        misses.count_try("eve", now=NOON)


def test_a_try_in_the_pause_is_not_counted_and_does_not_make_it_longer(app: Flask) -> None:
    waits_after("eve", 5)
    for _ in range(3):
        with pytest.raises(TooManyMisses):
            misses.count_try("eve", now=NOON + SECOND)
    misses.count_try("eve", now=NOON + 2 * SECOND)
    assert [miss.count for miss in stored_misses()] == [6]


def test_misses_are_forgotten_with_a_success_and_after_a_day(app: Flask) -> None:
    waits_after("eve", 5)
    misses.forget("eve")
    assert stored_misses() == []
    waits_after("eve", 5)
    waits_after("adam", 5)
    misses.count_try("eve", now=NOON + misses.FORGOTTEN_AFTER)
    assert [miss.count for miss in stored_misses()] == [1]


def test_of_many_tries_at_once_no_more_get_through_than_one_after_the_other(app: Flask) -> None:
    barrier = Barrier(12)

    def get_through(_number: int) -> bool:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                misses.count_try("eve", now=NOON)
            except TooManyMisses:
                return False
            return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(get_through, range(12))) == misses.FREE


def test_what_is_stored_does_not_tell_whose_misses_they_are(app: Flask) -> None:
    misses.count_try(ADA, now=NOON)
    (miss,) = stored_misses()
    assert len(miss.account_hash) == 64
    assert "ada" not in miss.account_hash


def test_signing_in_counts_misses_for_known_and_unknown_addresses_alike(cast: Cast) -> None:
    for email in (ADA, "nobody@example.org"):
        for _ in range(5):
            with pytest.raises(SignInRefused):
                accounts.check_password(email=email, password="not the password", now=NOON)
        with pytest.raises(TooManyMisses, match="Please wait 2 seconds"):
            accounts.check_password(email=email.upper(), password="not the password", now=NOON)


@pytest.mark.parametrize(
    "prove",
    [
        lambda ada: second_factor.prove_again(ada, password="not the password", code="", now=NOON),
        lambda ada: accounts.change_password(ada, token="", current="not the password", new="", now=NOON),
    ],
    ids=["prove again", "change the password"],
)
def test_passwords_guessed_in_a_session_are_slowed_and_signing_in_is_not(
    cast: Cast, prove: Callable[[int], None]
) -> None:
    for _ in range(5):
        with pytest.raises(BadInput):
            prove(cast.ada)
    with pytest.raises(TooManyMisses, match="Please wait 2 seconds"):
        prove(cast.ada)

    assert accounts.check_password(email=ADA, password=PASSWORD, now=NOON).user_id == cast.ada
    with pytest.raises(TooManyMisses):
        prove(cast.ada)
    second_factor.prove_again(cast.ada, password=PASSWORD, code="", now=NOON + 2 * SECOND)
    assert stored_misses() == []


def test_the_right_password_is_refused_in_the_pause_and_after_it_ends_the_counting(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            accounts.check_password(email=ADA, password="not the password", now=NOON)
    with pytest.raises(TooManyMisses):
        accounts.check_password(email=ADA, password=PASSWORD, now=NOON + SECOND)
    assert accounts.check_password(email=ADA, password=PASSWORD, now=NOON + 2 * SECOND).user_id == cast.ada
    assert stored_misses() == []
