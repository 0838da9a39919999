"""Misses in SQL: how often getting in failed, by the fingerprint of what was tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from tracker.storage import sql
from tracker.storage.fingerprints import fingerprint
from tracker.storage.identity_tables import Miss


def count_try(account: str, *, pauses: Sequence[timedelta], forgotten_before: datetime, now: datetime) -> timedelta:
    """Count one more try as a miss unless it comes too soon after the last, and forget those of long ago.

    pauses: how long to wait after no, one, two misses; the last is for all further ones. Read and counted within one
    writing transaction, so that of many tries at once each is one.

    Returns: how long it is too soon; nothing when it was counted.
    """
    account_hash = fingerprint(account)
    with sql.writing() as session:
        session.execute(delete(Miss).where(Miss.at <= forgotten_before))
        first = {"account_hash": account_hash, "count": 0, "at": now}
        session.execute(sql.insert(Miss).values(first).on_conflict_do_nothing())
        is_this = Miss.account_hash == account_hash
        count, at = session.execute(select(Miss.count, Miss.at).where(is_this)).one()
        pause = pauses[min(count, len(pauses) - 1)]
        if pause and at + pause > now:
            return at + pause - now
        session.execute(update(Miss).where(is_this).values(count=count + 1, at=now))
    return timedelta(0)


def count_misses(account: str) -> int:
    """How many misses of an account are remembered."""
    return sql.session().scalar(select(Miss.count).where(Miss.account_hash == fingerprint(account))) or 0


def forget(account: str) -> None:
    """Forget the misses of one account."""
    with sql.writing() as session:
        session.execute(delete(Miss).where(Miss.account_hash == fingerprint(account)))
