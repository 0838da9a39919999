"""The second factor: set up, asked for, given, lost."""

import logging
from datetime import datetime, timedelta

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import select

from tests.conftest import NOON, PASSWORD, PASSWORD_HASH, Cast
from tests.web.stored import everything
from tracker.errors import BadInput, Conflict, NotFound, SignInNeeded, TooManyMisses
from tracker.services import second_factor
from tracker.storage import accounts, seals, sql
from tracker.storage.identity_tables import RecoveryCode, SecondFactor

STEP = timedelta(seconds=30)


def set_up(user_id: int, *, now: datetime = NOON) -> tuple[TOTP, list[str]]:
    """Switch somebody's second factor on. Gives their app and their recovery codes."""
    app = begin(user_id)
    return app, second_factor.confirm(user_id, password=PASSWORD, code=app.at(now), now=now)


def begin(user_id: int) -> TOTP:
    """Make somebody's key. Gives the app that knows it."""
    second_factor.begin(user_id, now=NOON)
    setup = second_factor.open_state(user_id).setup
    assert setup
    return TOTP(setup.key)


def ticket_of(user_id: int, *, now: datetime) -> str:
    """A ticket to give a code with."""
    ticket = second_factor.ask(user_id, now=now)
    assert ticket
    return ticket


# setting up


def test_nobody_is_asked_for_a_code_before_they_have_confirmed_one(cast: Cast) -> None:
    assert second_factor.ask(cast.ada, now=NOON) is None

    app = begin(cast.ada)
    assert second_factor.ask(cast.ada, now=NOON) is None

    second_factor.confirm(cast.ada, password=PASSWORD, code=app.at(NOON), now=NOON)
    assert second_factor.ask(cast.ada, now=NOON)
    assert second_factor.ask(cast.omar, now=NOON) is None


def test_an_app_is_told_whose_key_it_is_and_of_which_service(cast: Cast) -> None:
    begin(cast.ada)
    setup = second_factor.open_state(cast.ada).setup

    assert setup
    assert len(setup.key) == 32
    assert setup.address == f"otpauth://totp/Skillmark:ada%40example.org?secret={setup.key}&issuer=Skillmark"


def test_beginning_again_makes_another_key_until_one_counts(cast: Cast) -> None:
    first, second = begin(cast.ada), begin(cast.ada)
    assert first.secret != second.secret

    second_factor.confirm(cast.ada, password=PASSWORD, code=second.at(NOON), now=NOON)
    before = everything()
    second_factor.begin(cast.ada, now=NOON)

    assert everything() == before
    assert second_factor.open_state(cast.ada).setup is None


@pytest.mark.parametrize(
    ("password", "code", "field"), [("wrong password!", None, "password"), (PASSWORD, "000000", "code")]
)
def test_without_the_password_and_a_code_it_stays_off(cast: Cast, password: str, code: str | None, field: str) -> None:
    app = begin(cast.ada)

    with pytest.raises(BadInput) as refused:
        second_factor.confirm(cast.ada, password=password, code=code or app.at(NOON), now=NOON)

    assert set(refused.value.fields) == {field}
    assert second_factor.open_state(cast.ada).on_since is None


def test_it_is_confirmed_once(cast: Cast) -> None:
    app, _ = set_up(cast.ada)

    with pytest.raises(Conflict):
        second_factor.confirm(cast.ada, password=PASSWORD, code=app.at(NOON + STEP), now=NOON + STEP)


def test_who_signs_in_elsewhere_only_is_asked_for_no_password(cast: Cast) -> None:
    accounts.renew_password_hash(cast.ada, "", instead_of=PASSWORD_HASH)
    sql.session().expire_all()
    app = begin(cast.ada)

    assert second_factor.confirm(cast.ada, password="", code=app.at(NOON), now=NOON)


def test_neither_key_nor_recovery_codes_can_be_read_in_the_store(cast: Cast) -> None:
    app, codes = set_up(cast.ada)
    stored = repr(everything())

    assert app.secret not in stored
    for code in codes:
        assert code not in stored
        assert code.replace("-", "") not in stored


def test_there_are_ten_recovery_codes_of_80_bits_all_different(cast: Cast) -> None:
    _, codes = set_up(cast.ada)

    assert len(set(codes)) == 10
    assert {len(code.replace("-", "")) * 5 for code in codes} == {80}
    assert second_factor.open_state(cast.ada).codes_left == 10


# giving a code


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_this_step_or_the_one_beside_it_is_taken(cast: Cast, steps: int) -> None:
    app, _ = set_up(cast.ada)
    later = NOON + 10 * STEP

    ticket = ticket_of(cast.ada, now=later)

    assert second_factor.redeem(ticket, code=app.at(later + steps * STEP), now=later) == cast.ada


@pytest.mark.parametrize("steps", [-2, 2])
def test_an_older_or_later_code_is_refused(cast: Cast, steps: int) -> None:
    app, _ = set_up(cast.ada)
    later = NOON + 10 * STEP
    ticket = ticket_of(cast.ada, now=later)

    with pytest.raises(BadInput, match="not right"):
        second_factor.redeem(ticket, code=app.at(later + steps * STEP), now=later)


@pytest.mark.parametrize("steps", [0, -1])
def test_no_code_is_taken_twice_nor_after_a_newer_one(cast: Cast, steps: int) -> None:
    app, _ = set_up(cast.ada)
    later = NOON + 10 * STEP
    second_factor.redeem(ticket_of(cast.ada, now=later), code=app.at(later), now=later)

    with pytest.raises(BadInput):
        second_factor.redeem(ticket_of(cast.ada, now=later), code=app.at(later + steps * STEP), now=later)


def test_the_code_that_switched_it_on_signs_nobody_in(cast: Cast) -> None:
    app, _ = set_up(cast.ada)

    with pytest.raises(BadInput):
        second_factor.redeem(ticket_of(cast.ada, now=NOON), code=app.at(NOON), now=NOON)


def test_a_code_may_be_typed_with_spaces(cast: Cast) -> None:
    app, _ = set_up(cast.ada)
    later = NOON + 10 * STEP
    code = app.at(later)

    assert second_factor.redeem(ticket_of(cast.ada, now=later), code=f" {code[:3]} {code[3:]}", now=later) == cast.ada


def test_somebody_elses_code_is_a_wrong_one(cast: Cast) -> None:
    set_up(cast.ada)
    omars, codes = set_up(cast.omar)
    later = NOON + 10 * STEP

    for code in (omars.at(later), codes[0]):
        with pytest.raises(BadInput):
            second_factor.redeem(ticket_of(cast.ada, now=later), code=code, now=later)


def test_a_recovery_code_stands_in_once_however_it_is_typed(cast: Cast) -> None:
    _, codes = set_up(cast.ada)
    typed = codes[3].replace("-", " ").lower()

    assert second_factor.redeem(ticket_of(cast.ada, now=NOON), code=typed, now=NOON) == cast.ada
    assert second_factor.open_state(cast.ada).codes_left == 9
    with pytest.raises(BadInput):
        second_factor.redeem(ticket_of(cast.ada, now=NOON), code=codes[3], now=NOON)


def test_a_ticket_is_used_once_and_lives_five_minutes(cast: Cast) -> None:
    app, _ = set_up(cast.ada)
    used, late = ticket_of(cast.ada, now=NOON), ticket_of(cast.ada, now=NOON)
    in_time = NOON + timedelta(minutes=5) - STEP
    second_factor.redeem(used, code=app.at(in_time), now=in_time)

    assert second_factor.is_asked(late, now=in_time)
    assert not second_factor.is_asked(used, now=in_time)
    assert not second_factor.is_asked(late, now=NOON + timedelta(minutes=5))
    for ticket in (used, late, "", "unknown"):
        with pytest.raises(SignInNeeded):
            second_factor.redeem(ticket, code=app.at(NOON + 20 * STEP), now=NOON + 10 * STEP)


def test_with_the_fifth_wrong_code_the_ticket_is_over_and_the_next_try_has_to_wait(cast: Cast) -> None:
    app, _ = set_up(cast.ada)
    later = NOON + 10 * STEP
    ticket = ticket_of(cast.ada, now=later)
    for number in range(5):
        assert second_factor.is_asked(ticket, now=later), number
        with pytest.raises(BadInput):
            second_factor.redeem(ticket, code="000000", now=later)

    assert not second_factor.is_asked(ticket, now=later)
    with pytest.raises(TooManyMisses):
        second_factor.redeem(ticket_of(cast.ada, now=later), code=app.at(later), now=later)
    patient = later + timedelta(minutes=1)
    assert second_factor.redeem(ticket_of(cast.ada, now=patient), code=app.at(patient), now=patient) == cast.ada


def test_a_right_code_forgets_the_wrong_ones_before_it(cast: Cast) -> None:
    app, _ = set_up(cast.ada)
    for number in range(1, 4):
        now = NOON + 10 * number * STEP
        ticket = ticket_of(cast.ada, now=now)
        for _ in range(4):
            with pytest.raises(BadInput):
                second_factor.redeem(ticket, code="000000", now=now)
        assert second_factor.redeem(ticket, code=app.at(now), now=now) == cast.ada


# changing it


def test_new_recovery_codes_replace_the_old_ones(cast: Cast) -> None:
    app, old = set_up(cast.ada)
    later = NOON + 10 * STEP

    new = second_factor.renew_codes(cast.ada, password=PASSWORD, code=app.at(later), now=later)

    assert not set(new) & set(old)
    with pytest.raises(BadInput):
        second_factor.redeem(ticket_of(cast.ada, now=later), code=old[0], now=later)
    assert second_factor.redeem(ticket_of(cast.ada, now=later), code=new[0], now=later) == cast.ada


def test_it_is_switched_off_with_the_password_and_a_code_and_with_neither_alone(cast: Cast) -> None:
    app, codes = set_up(cast.ada)
    later = NOON + 10 * STEP
    for password, code in (("wrong password!", app.at(later)), (PASSWORD, "000000")):
        with pytest.raises(BadInput):
            second_factor.switch_off(cast.ada, password=password, code=code, now=later)
    assert second_factor.ask(cast.ada, now=later)

    second_factor.switch_off(cast.ada, password=PASSWORD, code=codes[0], now=later)

    assert second_factor.ask(cast.ada, now=later) is None
    assert rows() == 0


def test_a_lost_one_is_taken_away_with_its_codes_and_tickets_and_nobody_elses(cast: Cast) -> None:
    set_up(cast.ada)
    set_up(cast.omar)
    ticket = ticket_of(cast.ada, now=NOON)

    assert second_factor.remove_by_command("Ada@example.org", now=NOON)

    assert not second_factor.is_asked(ticket, now=NOON)
    assert second_factor.ask(cast.ada, now=NOON) is None
    assert second_factor.ask(cast.omar, now=NOON)
    assert not second_factor.remove(cast.ada, by=None, now=NOON)


def test_who_has_no_account_has_none_to_lose(app: Flask) -> None:
    with pytest.raises(NotFound, match=r"no account with the address eve@example\.org"):
        second_factor.remove_by_command("eve@example.org", now=NOON)


def test_with_another_secret_key_only_recovery_codes_work_and_the_log_says_why(
    app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    authenticator, codes = set_up(cast.ada)
    later = NOON + 10 * STEP
    was = app.extensions[seals.EXTENSION]
    try:
        seals.connect(app, "quite another key that is long enough")
        with caplog.at_level(logging.WARNING), pytest.raises(BadInput):
            second_factor.redeem(ticket_of(cast.ada, now=later), code=authenticator.at(later), now=later)
        assert second_factor.redeem(ticket_of(cast.ada, now=later), code=codes[0], now=later) == cast.ada
    finally:
        app.extensions[seals.EXTENSION] = was
    assert "sealed with another secret key" in caplog.text


# RFC 6238, appendix B: the secret and, of each time, the last six of its eight digits (SHA-1)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(cast: Cast, seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, tz=NOON.tzinfo)
    with sql.writing() as session:
        key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890 in base 32
        session.add(SecondFactor(user_id=cast.ada, sealed_secret=seals.seal(key), made_at=now, last_step=0))

    assert second_factor.confirm(cast.ada, password=PASSWORD, code=code, now=now)


def rows() -> int:
    """How much is kept of anybody's second factor."""
    session = sql.session()
    return len(session.scalars(select(SecondFactor)).all()) + len(session.scalars(select(RecoveryCode)).all())
