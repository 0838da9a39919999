"""How passwords are hashed, checked and judged."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from tests.conftest import PASSWORD, PASSWORD_HASH
from tracker.errors import BadInput
from tracker.services import passwords

MEBIBYTE = 1024


@pytest.fixture(scope="module")
def real_hash() -> str:
    """A hash made with the real parameters."""
    return passwords.hash_of(PASSWORD)


def test_passwords_are_hashed_with_argon2id_of_46_mebibytes_two_passes_one_lane(real_hash: str) -> None:
    parameters = extract_parameters(real_hash)

    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (46 * MEBIBYTE, 2, 1)
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)


def test_the_same_password_is_never_hashed_the_same_way_twice(real_hash: str) -> None:
    assert passwords.hash_of(PASSWORD) != real_hash
    assert PASSWORD not in real_hash


def test_only_the_very_password_is_right(real_hash: str) -> None:
    assert passwords.is_right(real_hash, PASSWORD)
    assert not passwords.is_right(real_hash, PASSWORD.upper())
    assert not passwords.is_right(real_hash, "")
    assert not passwords.is_right("no hash at all", PASSWORD)


def test_without_a_hash_no_password_is_right_and_the_same_work_is_done(real_hash: str) -> None:
    assert extract_parameters(passwords._NOBODY) == extract_parameters(real_hash)

    wrong = fastest(real_hash)
    unknown = fastest(None)

    assert not passwords.is_right(None, PASSWORD)
    assert unknown > wrong / 2


def test_a_hash_with_other_parameters_is_outdated_and_still_right(real_hash: str) -> None:
    assert passwords.is_outdated(PASSWORD_HASH)
    assert passwords.is_right(PASSWORD_HASH, PASSWORD)
    assert not passwords.is_outdated(real_hash)


def test_many_at_once_wait_for_each_other_and_all_get_their_answer(real_hash: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda number: passwords.is_right(real_hash, PASSWORD + "!" * (number % 2)), range(6)))

    assert answers == [True, False] * 3


def test_no_more_than_two_are_hashed_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(PasswordHasher):
        at_work, most, lock = 0, 0, Lock()

        def hash(self, *words: Any, **options: Any) -> str:
            with self.lock:
                Counting.at_work += 1
                Counting.most = max(Counting.most, Counting.at_work)
            hashed = super().hash(*words, **options)
            with self.lock:
                Counting.at_work -= 1
            return hashed

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=2, memory_cost=8 * MEBIBYTE, parallelism=1))
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(passwords.hash_of, [PASSWORD] * 32))) == 32

    assert Counting.most == 2


@pytest.mark.parametrize("password", ["aB3$efgh9012", "correct horse battery", "пароль из слов", "x7 k3 w9 qmrtz"])
def test_a_long_password_is_good_whatever_it_is_made_of(password: str) -> None:
    passwords.check_strength(password, email="ada@example.org", name="Ada")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", "Use 12 to 256 characters"),
        ("x1y2z" * 52, "Use 12 to 256 characters"),
        ("aaaaaaaaaaaaaaaa", "more than a few different characters"),
        ("abcdabcdabcdabcd", "more than a few different characters"),
        ("administrator", "Many people use one like this"),
        ("P@ssw0rd2026", "Many people use one like this"),
        ("Password12345!", "Many people use one like this"),
        ("drowssapdrowssap", "Many people use one like this"),
        ("1qaz2wsx3edc4rfv", "Many people use one like this"),
        ("manchesterunited", "Many people use one like this"),
        ("September2026", "Many people use one like this"),
        ("skillmark1234", "Many people use one like this"),
        ("letmein" * 30, "Many people use one like this"),
        ("lovelace is my name", "does not contain your name or address"),
        ("LOVELACE2026!", "does not contain your name or address"),
        ("countess.of@numbers.example", "does not contain your name or address"),
        ("i am Countess.Of secrets", "does not contain your name or address"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refusal:
        passwords.check_strength(password, email="countess.of@numbers.example", name="Lovelace")

    assert set(refusal.value.fields) == {"password"}
    assert password not in str(refusal.value)


def test_a_name_too_short_to_give_anything_away_may_be_in_the_password() -> None:
    passwords.check_strength("a canada goose flies", email="ada@example.org", name="Ada")


def fastest(password_hash: str | None) -> float:
    """The shortest of three checks, in seconds; other work on the machine only makes checks longer."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        passwords.is_right(password_hash, "a wrong password")
        times.append(time.perf_counter() - begun)
    return min(times)
