"""Second factors and their recovery codes in SQL."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Delete, delete, func, select, update

from tracker.storage import sql
from tracker.storage.identity_tables import RecoveryCode, SecondFactor


def find(user_id: int) -> SecondFactor | None:
    """Somebody's second factor, confirmed or not."""
    return sql.session().scalar(select(SecondFactor).where(SecondFactor.user_id == user_id))


def begin(user_id: int, *, sealed_secret: str, now: datetime) -> None:
    """Store a secret that is to be confirmed, instead of one that never was; one that counts stays."""
    with sql.writing() as session:
        session.execute(_unconfirmed(user_id))
        if find(user_id) is None:
            session.add(SecondFactor(user_id=user_id, sealed_secret=sealed_secret, made_at=now, last_step=0))


def drop(user_id: int) -> None:
    """Remove a secret that was never confirmed."""
    with sql.writing() as session:
        session.execute(_unconfirmed(user_id))


def confirm(user_id: int, *, step: int, code_hashes: Iterable[str], now: datetime) -> bool:
    """Let a second factor count from now on, the code of this step taken, with these recovery codes.

    Says whether it was waiting for that.
    """
    with sql.writing() as session:
        confirmed = session.scalar(
            update(SecondFactor)
            .where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_(None))
            .values(confirmed_at=now, last_step=step)
            .returning(SecondFactor.user_id)
        )
        if confirmed is None:
            return False
        _replace_codes(user_id, code_hashes)
        return True


def take_step(user_id: int, step: int) -> bool:
    """Take the code of this time step. Says whether it could be: no code is taken after a newer one, or twice."""
    with sql.writing() as session:
        taken = session.scalar(
            update(SecondFactor)
            .where(
                SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None), SecondFactor.last_step < step
            )
            .values(last_step=step)
            .returning(SecondFactor.user_id)
        )
        return taken is not None


def take_code(user_id: int, code_hash: str) -> bool:
    """Use a recovery code up. Says whether there was one."""
    with sql.writing() as session:
        taken = session.scalar(
            delete(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash)
            .returning(RecoveryCode.user_id)
        )
        return taken is not None


def count_codes(user_id: int) -> int:
    """How many recovery codes somebody has left."""
    return sql.session().scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def replace_codes(user_id: int, code_hashes: Iterable[str]) -> None:
    """Give somebody these recovery codes instead of what they have left."""
    with sql.writing():
        _replace_codes(user_id, code_hashes)


def remove(user_id: int) -> bool:
    """Take somebody's second factor away, with its recovery codes. Says whether there was one that counted."""
    with sql.writing() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        removed = session.scalar(
            delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.confirmed_at)
        )
        return removed is not None


def _unconfirmed(user_id: int) -> Delete:
    return delete(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_(None))


def _replace_codes(user_id: int, code_hashes: Iterable[str]) -> None:
    session = sql.session()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=code_hash) for code_hash in code_hashes)
