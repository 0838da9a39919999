"""Sign-ins for tests of what ends them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests.conftest import NOON
from tracker.storage import sign_ins, sql
from tracker.storage.tables import SignIn

HOUR = timedelta(hours=1)


def sign_in(user_id: int, token_hash: str = "t", *, now: datetime = NOON) -> None:
    """A sign-in that started at noon, unless told."""
    sign_ins.add_sign_in(token_hash=token_hash, user_id=user_id, now=now, ended_before=now - 12 * HOUR)


def hashes() -> set[str]:
    """The hashes of the tokens of all sign-ins."""
    return set(sql.session().scalars(select(SignIn.token_hash)))
