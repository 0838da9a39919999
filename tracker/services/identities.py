"""Accounts elsewhere: whom they sign in here, and linking them to accounts.

An account here is found by its address alone only when both sides know whose the address is and nobody's account there
signs in here yet: an address that was given to somebody else there brings them into nobody's account. It is linked once
its person is in, after the second factor. So nobody comes into an account that somebody else made with their address,
and nobody keeps a way into an account that is not theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from tracker.errors import Conflict, NotFound, NotVouched
from tracker.services import account_letters, audit
from tracker.services.accounts import normal_address
from tracker.storage import accounts, identities
from tracker.storage.identity_tables import Identity
from tracker.storage.tables import User

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for: their account there, and what it says of them. email: empty when unknown."""

    issuer: str
    subject: str
    email: str = ""
    is_email_verified: bool = False
    name: str = ""


def sign_in(vouched: Vouched, *, now: datetime) -> int:
    """Find or make the account of somebody whom the provider vouches for. Returns: their id.

    Raises: NotVouched, Conflict.
    """
    user = _find(vouched) or _by_address(vouched, now=now)
    if user.disabled_at:
        raise NotVouched("You cannot be signed in that way. Please ask whoever runs Skillmark here.")
    return user.id


def keep(vouched: Vouched, *, user_id: int, now: datetime) -> None:
    """Let the account elsewhere by which somebody has just come in sign them in from now on, whatever their address.

    Raises: NotVouched, Conflict.
    """
    if _find(vouched) is None:
        _refuse_another(vouched, user_id=user_id)
        _link(vouched, user=accounts.get_user(user_id), now=now)


def link(vouched: Vouched, *, user_id: int, now: datetime) -> None:
    """Let an account elsewhere sign in somebody who is signed in now. Raises: NotVouched, Conflict."""
    user = accounts.get_user(user_id)
    if user.verified_at is None and not (vouched.is_email_verified and _address(vouched) == user.email):
        raise NotVouched("Nothing was linked: first show that the address of your account here is yours.")
    known = _find(vouched)
    if known and known.id != user_id:
        raise Conflict("Nothing was linked: that account signs in somebody else here. Unlink it there first.")
    if not known:
        _link(vouched, user=user, now=now)


def unlink(identity_id: int, *, user_id: int, now: datetime) -> None:
    """Let an account elsewhere sign its person in no more. Raises: NotFound; Conflict for who has no password."""
    if not accounts.get_user(user_id).password_hash:
        raise Conflict("Nothing was unlinked: you have no password, so you could not sign in any more.")
    if not identities.remove_identity(identity_id, user_id=user_id):
        raise NotFound
    audit.record("identity.unlinked", actor_id=user_id, subject=f"user:{user_id}", now=now)


def list_own(user_id: int, *, issuer: str) -> Sequence[Identity]:
    """One's own accounts at this issuer that sign one in."""
    return identities.list_identities(user_id, issuer=issuer)


def _find(vouched: Vouched) -> User | None:
    return identities.find_user(issuer=vouched.issuer, subject=vouched.subject)


def _by_address(vouched: Vouched, *, now: datetime) -> User:
    """The account here with the address that the provider vouches for, or a new one."""
    email = _address(vouched)
    if not (email and vouched.is_email_verified):
        raise NotVouched(
            "You were not signed in: nobody vouched that your email address is yours. Sign in with your password, or"
            " have your address confirmed there first."
        )
    user = accounts.find_user_by_email(email)
    if user is None:
        return _make(vouched, email=email, now=now)
    if user.verified_at is None:
        raise NotVouched(
            "There is an account with your address, but nobody has shown yet whose it is. Sign in with its password or"
            " set a new one by mail, and link the two on your account page."
        )
    _refuse_another(vouched, user_id=user.id)
    return user


def _refuse_another(vouched: Vouched, *, user_id: int) -> None:
    """Let no second account at an issuer sign somebody in because of its address: both may not be the same person's."""
    if identities.list_identities(user_id, issuer=vouched.issuer):
        raise NotVouched(
            "You were not signed in: another account there signs in whoever has your address here. If that is you, sign"
            " in with it or with your password, and link the two on your account page."
        )


def _make(vouched: Vouched, *, email: str, now: datetime) -> User:
    name = _plain(vouched.name) or _plain(email.partition("@")[0])
    user = identities.add_user(
        email=email, name=name, zone="UTC", issuer=vouched.issuer, subject=vouched.subject, now=now
    )
    audit.record("account.made", actor_id=user.id, subject=f"user:{user.id}", now=now)
    return user


def _link(vouched: Vouched, *, user: User, now: datetime) -> None:
    """Link it, and tell its owner here by mail."""
    letter = account_letters.write_linked(user.email, issuer=vouched.issuer, now=now)
    identities.add_identity(user.id, issuer=vouched.issuer, subject=vouched.subject, letter=letter, now=now)
    audit.record("identity.linked", actor_id=user.id, subject=f"user:{user.id}", now=now)


def _address(vouched: Vouched) -> str:
    """The address that the provider names, as accounts keep it; empty when it names none that we could take."""
    try:
        validate_email(vouched.email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return normal_address(vouched.email)


def _plain(name: str) -> str:
    """A name as people may have one: one line, nothing unprintable, not too long."""
    words = " ".join(name.split())
    return "".join(character for character in words if character.isprintable())[:LONGEST_NAME].strip()
