"""What people are told of their accounts by mail: whoever asked, and whoever has the address, need not be the same."""

from datetime import datetime, timedelta

from tracker.services import links
from tracker.storage.fingerprints import fingerprint
from tracker.storage.mails import ACCOUNT, Letter

EVERY = timedelta(minutes=20)
"""One mail of a kind goes to an address in so long, whoever asks for it: three an hour."""


def write_sign_up(email: str, token: str, *, then: str, expires_at: datetime, now: datetime) -> Letter:
    """The mail that lets somebody begin the account that they asked for."""
    return _letter(
        "sign-up",
        email,
        subject="Your account on Skillmark",
        text=(
            "Somebody, we hope you, asked for an account on Skillmark with this address.\n\n"
            "Open this page and choose a password; then your account is there:\n\n"
            f"{links.to_confirm_sign_up(token, then=then)}\n\n"
            f"{_until(expires_at)}If it was not you, there is nothing to do: without this mail no account is made.\n"
        ),
        expires_at=expires_at,
        now=now,
    )


def write_has_account(email: str, *, then: str, expires_at: datetime, now: datetime) -> Letter:
    """The mail to somebody for whom an account was asked that they have already."""
    return _letter(
        "sign-up",
        email,
        subject="Your account on Skillmark",
        text=(
            "Somebody, we hope you, asked for an account on Skillmark with this address. You have one already.\n\n"
            f"Sign in:\n\n{links.to_sign_in(then=then)}\n\n"
            f"If you have forgotten your password, ask for a new one:\n\n{links.to_forgotten_password()}\n\n"
            "If it was not you, there is nothing to do: your account is as it was.\n"
        ),
        expires_at=expires_at,
        now=now,
    )


def write_reset(email: str, token: str, *, expires_at: datetime, now: datetime) -> Letter:
    """The mail that lets somebody set a new password."""
    return _letter(
        "reset",
        email,
        subject="A new password on Skillmark",
        text=(
            "Somebody, we hope you, asked for a new password for your account on Skillmark.\n\n"
            f"Set it here. You are then signed out everywhere else:\n\n{links.to_new_password(token)}\n\n"
            f"{_until(expires_at)}If it was not you, there is nothing to do: your password stays as it is.\n"
        ),
        expires_at=expires_at,
        now=now,
    )


def write_no_account(email: str, *, expires_at: datetime, now: datetime) -> Letter:
    """The mail to somebody who asked for a new password and has no account."""
    return _letter(
        "reset",
        email,
        subject="A new password on Skillmark",
        text=(
            "Somebody, we hope you, asked for a new password on Skillmark. There is no account with this address.\n\n"
            f"Perhaps you signed up with another one: then ask again with that.\n\n{links.to_forgotten_password()}\n\n"
            f"Or make an account:\n\n{links.to_sign_up()}\n\n"
            "If it was not you, there is nothing to do.\n"
        ),
        expires_at=expires_at,
        now=now,
    )


def write_verification(email: str, token: str, *, expires_at: datetime, now: datetime) -> Letter:
    """The mail that lets somebody show that an address is theirs."""
    return _letter(
        "verify",
        email,
        subject="Is this your address?",
        text=(
            "Somebody, we hope you, has an account on Skillmark with this address.\n\n"
            f"If it is you, sign in and say so here:\n\n{links.to_verify_address(token)}\n\n"
            f"{_until(expires_at)}If it was not you, do not open it: you can ask for a new password for that account,\n"
            f"which makes it yours:\n\n{links.to_forgotten_password()}\n"
        ),
        expires_at=expires_at,
        now=now,
    )


def write_linked(email: str, *, issuer: str, now: datetime) -> Letter:
    """The mail to somebody whom an account elsewhere signs in from now on."""
    return Letter(
        key=f"linked/{fingerprint(email)[:32]}/{now.timestamp()}",
        address=email,
        subject="Another way to sign in to Skillmark",
        text=(
            f"From now on an account at {issuer} signs you in to Skillmark.\n\n"
            f"If it was you, there is nothing to do. If it was not, unlink it:\n\n{links.to_identities()}\n\n"
            f"Then set a new password, which signs out everybody else:\n\n{links.to_forgotten_password()}\n"
        ),
        due_at=now,
    )


def _letter(kind: str, email: str, *, subject: str, text: str, expires_at: datetime, now: datetime) -> Letter:
    """A letter whose key is the same until the next one of its kind may go to this address."""
    turn = int(now.timestamp() // EVERY.total_seconds())
    return Letter(
        key=f"{ACCOUNT}{kind}/{fingerprint(email)[:32]}/{turn}",
        address=email,
        subject=subject,
        text=text,
        due_at=now,
        expires_at=expires_at,
    )


def _until(expires_at: datetime) -> str:
    return f"The link works once, until {expires_at:%d %B %Y, %H:%M} UTC.\n"
