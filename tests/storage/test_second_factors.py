"""Second factors, their sealed keys and recovery codes in SQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from tests.conftest import NOON, Cast
from tracker.storage import seals, second_factors


def switch_on(user_id: int, *code_hashes: str, step: int = 100) -> None:
    """A second factor that counts."""
    second_factors.begin(user_id, sealed_secret="sealed", now=NOON)
    assert second_factors.confirm(user_id, step=step, code_hashes=code_hashes, now=NOON)


def test_a_sealed_secret_is_opened_by_the_same_secret_key_alone(app: Flask) -> None:
    sealed = seals.seal("a secret")
    assert "a secret" not in sealed
    assert seals.unseal(sealed) == "a secret"
    assert seals.seal("a secret") != sealed
    assert seals.unseal(sealed[:-4] + "AAA=") is None

    was = app.extensions[seals.EXTENSION]
    try:
        seals.connect(app, "another secret key that is long enough")
        assert seals.unseal(sealed) is None
    finally:
        app.extensions[seals.EXTENSION] = was


def test_one_that_counts_is_neither_replaced_nor_confirmed_again(cast: Cast) -> None:
    switch_on(cast.ada, "a")

    second_factors.begin(cast.ada, sealed_secret="another", now=NOON)
    assert not second_factors.confirm(cast.ada, step=200, code_hashes=["b"], now=NOON)

    found = second_factors.find(cast.ada)
    assert found
    assert (found.sealed_secret, found.last_step) == ("sealed", 100)
    assert not second_factors.take_code(cast.ada, "b")


@pytest.mark.parametrize(("step", "is_taken"), [(99, False), (100, False), (101, True)])
def test_only_a_newer_step_is_taken(cast: Cast, step: int, is_taken: bool) -> None:
    switch_on(cast.ada)

    assert second_factors.take_step(cast.ada, step) is is_taken


def test_no_step_is_taken_of_one_that_is_not_confirmed(cast: Cast) -> None:
    second_factors.begin(cast.ada, sealed_secret="sealed", now=NOON)

    assert not second_factors.take_step(cast.ada, 200)


def test_of_many_at_once_one_takes_a_step_and_one_takes_a_code(app: Flask, cast: Cast) -> None:
    switch_on(cast.ada, "a")

    def take(_: int) -> tuple[bool, bool]:
        with app.app_context():
            return second_factors.take_step(cast.ada, 101), second_factors.take_code(cast.ada, "a")

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(8)))

    assert [sum(one) for one in zip(*taken, strict=True)] == [1, 1]


def test_codes_are_counted_replaced_and_go_with_it(cast: Cast) -> None:
    switch_on(cast.ada, "a", "b")
    switch_on(cast.omar, "a")
    assert second_factors.count_codes(cast.ada) == 2

    second_factors.replace_codes(cast.ada, ["c"])
    assert (second_factors.take_code(cast.ada, "a"), second_factors.count_codes(cast.ada)) == (False, 1)

    assert second_factors.remove(cast.ada)
    assert not second_factors.remove(cast.ada)
    assert second_factors.find(cast.ada) is None
    assert (second_factors.count_codes(cast.ada), second_factors.count_codes(cast.omar)) == (0, 1)
