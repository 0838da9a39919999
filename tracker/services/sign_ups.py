"""Signing up. Nobody is told whether an address has an account but who reads its mail.

Where mails leave the machine, the account begins when the link in one is opened; name and password are chosen only
there: so nobody opens an account that somebody else prepared with their address, and it does not matter who asked for
the mail. Elsewhere it begins at once, unless there is one, and whoever asked is sent to sign in. Both ways do the same
work whether the address has an account or not.
"""

import secrets
from datetime import datetime, timedelta

from tracker.errors import NotFound
from tracker.services import account_letters, accounts, audit, passwords
from tracker.services.tickets import hash_of
from tracker.storage import accounts as stored_accounts
from tracker.storage import sign_ups
from tracker.storage.identity_tables import PendingSignUp

LIFE = timedelta(hours=24)
LONGEST_THEN = 200
"""A longer page to go on to is not put into a mail."""


def ask(email: str, *, then: str, now: datetime) -> None:
    """Send a mail to this address: with a link to begin an account or, with one, that there is one.

    then: the page of the site that they want to go on to, if any.
    """
    email = accounts.normal_address(email)
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFE
    then = then if len(then) <= LONGEST_THEN else ""
    letter = (
        account_letters.write_has_account(email, then=then, expires_at=expires_at, now=now)
        if stored_accounts.find_user_by_email(email)
        else account_letters.write_sign_up(email, token, then=then, expires_at=expires_at, now=now)
    )
    pending = PendingSignUp(token_hash=hash_of(token), email=email, made_at=now, expires_at=expires_at)
    sign_ups.add(pending, letter, now=now)


def make_at_once(*, email: str, name: str, zone: str, password: str, now: datetime) -> None:
    """Make an account if its address is free; they can sign in then, as they can if it was theirs.

    Raises: BadInput for a weak password.
    """
    passwords.check_strength(password, email=email, name=name)
    user_id, is_new = sign_ups.add_unconfirmed(
        email=accounts.normal_address(email),
        name=name,
        zone=zone,
        password_hash=passwords.hash_of(password),
        now=now,
    )
    action = "account.made" if is_new else "account.asked-again"
    audit.record(action, actor_id=user_id if is_new else None, subject=f"user:{user_id}", now=now)


def get_email(token: str, *, now: datetime) -> str:
    """The address of a sign-up that waits for its link to be opened. Raises: NotFound."""
    return _get(token, now=now).email


def confirm(token: str, *, name: str, zone: str, password: str, now: datetime) -> int:
    """Begin the account of a sign-up for whoever has its link. Returns: their id.

    Raises: NotFound, BadInput for a weak password, Conflict when the address has an account by now.
    """
    pending = _get(token, now=now)
    passwords.check_strength(password, email=pending.email, name=name)
    user = sign_ups.confirm(
        pending.token_hash, name=name, zone=zone, password_hash=passwords.hash_of(password), now=now
    )
    audit.record("account.made", actor_id=user.id, subject=f"user:{user.id}", now=now)
    return user.id


def _get(token: str, *, now: datetime) -> PendingSignUp:
    pending = sign_ups.find(hash_of(token), now=now)
    if pending is None:
        raise NotFound("This link does not work any more. If you have no account yet, please sign up again.")
    return pending
