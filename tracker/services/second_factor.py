"""The second factor: codes of an authenticator app (TOTP, RFC 6238) beside the password, and codes to recover with."""

import logging
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError

from tracker.errors import BadInput, Conflict, SignInNeeded
from tracker.services import audit, misses, tickets
from tracker.services.accounts import get_by_address, is_own_password
from tracker.services.tickets import hash_of
from tracker.storage import accounts, seals, second_factors
from tracker.storage.identity_tables import Purpose

ISSUER = "Skillmark"
STEPS_ASIDE = 1
TICKET_LIFE = timedelta(minutes=5)
RECOVERY_CODES = 10
RECOVERY_BYTES = 10

_APP_CODE = re.compile(r"[0-9]{6}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """Somebody's second factor: since when it is on, if it is, and how many recovery codes are left.

    setup: what an authenticator app needs to know while it is being set up.
    """

    on_since: datetime | None
    codes_left: int
    setup: "Setup | None"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator app needs to know: the key to type, or all of it as one address to scan."""

    key: str
    address: str


def open_state(user_id: int) -> State:
    """How far somebody is with their second factor."""
    user = accounts.get_user(user_id)
    factor = second_factors.find(user_id)
    is_on = factor is not None and factor.confirmed_at is not None
    key = seals.unseal(factor.sealed_secret) if factor and not is_on else None
    return State(
        on_since=factor.confirmed_at if factor else None,
        codes_left=second_factors.count_codes(user_id) if is_on else 0,
        setup=Setup(key, TOTP(key).provisioning_uri(name=user.email, issuer_name=ISSUER)) if key else None,
    )


def is_on(user_id: int) -> bool:
    """Whether somebody is asked for a code."""
    factor = second_factors.find(user_id)
    return factor is not None and factor.confirmed_at is not None


def begin(user_id: int, *, now: datetime) -> None:
    """Make a key for an authenticator app; it counts once it is confirmed. One that counts already stays."""
    second_factors.begin(user_id, sealed_secret=seals.seal(random_base32()), now=now)


def drop(user_id: int) -> None:
    """Forget a key that was never confirmed. One that counts stays."""
    second_factors.drop(user_id)


def confirm(user_id: int, *, password: str, code: str, now: datetime) -> list[str]:
    """Switch it on with the password and a first code of the app. Returns: the recovery codes, to be shown once.

    Raises: BadInput, TooManyMisses; Conflict when there is nothing to confirm.
    """
    _check_password(user_id, password, now)
    account = _account(user_id)
    misses.count_try(account, now=now)
    factor = second_factors.find(user_id)
    step = _step_of(factor.sealed_secret, code, now) if factor else None
    if step is None:
        raise _wrong_code()
    codes = _new_codes()
    if not second_factors.confirm(user_id, step=step, code_hashes=map(_hash, codes), now=now):
        raise Conflict("It is on already. Nothing was changed.")
    misses.forget(account)
    audit.record("second-factor.on", actor_id=user_id, subject=f"user:{user_id}", now=now)
    return codes


def renew_codes(user_id: int, *, password: str, code: str, now: datetime) -> list[str]:
    """Make new recovery codes; the old ones work no more. Returns: them, to be shown once.

    Raises: BadInput, TooManyMisses.
    """
    _prove(user_id, password=password, code=code, now=now)
    codes = _new_codes()
    second_factors.replace_codes(user_id, map(_hash, codes))
    audit.record("second-factor.codes", actor_id=user_id, subject=f"user:{user_id}", now=now)
    return codes


def switch_off(user_id: int, *, password: str, code: str, now: datetime) -> None:
    """Ask for no code any more. Raises: BadInput, TooManyMisses."""
    _prove(user_id, password=password, code=code, now=now)
    remove(user_id, by=user_id, now=now)


def remove(user_id: int, *, by: int | None, now: datetime) -> bool:
    """Take somebody's second factor away, whoever does it: a lost phone. Says whether there was one."""
    removed = second_factors.remove(user_id)
    tickets.void(Purpose.SECOND_FACTOR, user_id=user_id)
    if removed:
        audit.record("second-factor.off", actor_id=by, subject=f"user:{user_id}", now=now)
    return removed


def remove_by_command(email: str, *, now: datetime) -> bool:
    """Take away the second factor of whoever has this address. Says whether there was one. Raises: NotFound."""
    return remove(get_by_address(email).id, by=None, now=now)


def ask(user_id: int, *, now: datetime, password_hash: str | None = None) -> str | None:
    """A ticket to give a code with, for somebody who has proved all else; None when no code is asked of them.

    password_hash: what their password was checked against, if it was. Raises: SignInRefused when it was changed since.
    """
    if not is_on(user_id):
        return None
    return tickets.issue(Purpose.SECOND_FACTOR, user_id=user_id, life=TICKET_LIFE, now=now, password_hash=password_hash)


def prove_again(user_id: int, *, password: str, code: str, now: datetime) -> None:
    """Let pass who shows once more who they are, by their password, and by a code if codes are asked of them.

    Raises: BadInput, TooManyMisses.
    """
    _check_password(user_id, password, now)
    if is_on(user_id):
        _take(user_id, code, now)


def is_asked(ticket: str, *, now: datetime) -> bool:
    """Whether a code can still be given with this ticket."""
    return tickets.find_holder(ticket, purpose=Purpose.SECOND_FACTOR, now=now) is not None


def redeem(ticket: str, *, code: str, now: datetime) -> int:
    """Use a ticket with a code up. Returns: whose they are.

    Raises: BadInput for a wrong code, TooManyMisses, SignInNeeded when the ticket is over.
    """
    user_id = tickets.find_holder(ticket, purpose=Purpose.SECOND_FACTOR, now=now)
    if user_id is None:
        raise SignInNeeded
    try:
        _take(user_id, code, now)
    except BadInput:
        if misses.is_slowed(_account(user_id)):
            tickets.take(ticket, purpose=Purpose.SECOND_FACTOR, now=now)
        raise
    if tickets.take(ticket, purpose=Purpose.SECOND_FACTOR, now=now) is None:
        raise SignInNeeded
    return user_id


def _prove(user_id: int, *, password: str, code: str, now: datetime) -> None:
    _check_password(user_id, password, now)
    _take(user_id, code, now)


def _check_password(user_id: int, password: str, now: datetime) -> None:
    """Who signs in elsewhere only has no password to give. Raises: BadInput, TooManyMisses."""
    password_hash = accounts.get_user(user_id).password_hash
    if password_hash and not is_own_password(user_id, password_hash, password, now=now):
        raise BadInput({"password": ["This is not your password."]})


def _take(user_id: int, code: str, now: datetime) -> None:
    """Use a code of the app or a recovery code up. Raises: BadInput, TooManyMisses."""
    account = _account(user_id)
    misses.count_try(account, now=now)
    plain = _plain(code)
    taken = _take_step(user_id, plain, now) if _APP_CODE.fullmatch(plain) else _take_recovery_code(user_id, plain, now)
    if not taken:
        raise _wrong_code()
    misses.forget(account)


def _take_step(user_id: int, code: str, now: datetime) -> bool:
    factor = second_factors.find(user_id)
    step = _step_of(factor.sealed_secret, code, now) if factor else None
    return step is not None and second_factors.take_step(user_id, step)


def _take_recovery_code(user_id: int, code: str, now: datetime) -> bool:
    if not second_factors.take_code(user_id, _hash(code)):
        return False
    audit.record("second-factor.recovered", actor_id=user_id, subject=f"user:{user_id}", now=now)
    return True


def _step_of(sealed_secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, this one or the one before or after; None for a wrong code."""
    secret = seals.unseal(sealed_secret)
    if secret is None:
        log.warning("A second factor was sealed with another secret key: only a recovery code helps, or its removal")
        return None
    try:
        return TOTP(secret).verify_and_get_timecode(_plain(code), for_time=now, valid_window=STEPS_ASIDE)
    except OTPVerificationError:
        return None


def _wrong_code() -> BadInput:
    return BadInput({"code": ["This code is not right, or it was used already. Wait for the next one and type that."]})


def _account(user_id: int) -> str:
    """What misses are counted under: apart from those of the password, which who misses here has."""
    return f"second factor of {user_id}"


def _new_codes() -> list[str]:
    return [_grouped(b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _plain(code: str) -> str:
    """A code without what makes it easy to read."""
    return re.sub(r"[\s-]", "", code).upper()


def _hash(code: str) -> str:
    return hash_of(_plain(code))
