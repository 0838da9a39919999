"""Every way into an account in SQL: all of them end when its address turns out to be somebody else's."""

from sqlalchemy import delete, exists, or_, select

from tracker.storage import sql
from tracker.storage.identity_tables import ApiToken, Identity, RecoveryCode, SecondFactor, Ticket
from tracker.storage.tables import SignIn

BESIDE_PASSWORD = SignIn, Ticket, ApiToken, Identity, SecondFactor, RecoveryCode


def end_all(user_id: int) -> None:
    """End all ways into an account but its password, and what is asked beside that, within the open transaction."""
    for table in BESIDE_PASSWORD:
        sql.session().execute(delete(table).where(table.user_id == user_id))


def has_lasting(user_id: int) -> bool:
    """Whether somebody has a way in that a new password leaves: a token for a program, or an account elsewhere."""
    lasting = [exists().where(table.user_id == user_id) for table in (ApiToken, Identity)]
    return bool(sql.session().scalar(select(or_(*lasting))))
