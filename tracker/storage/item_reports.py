"""Reports of items in SQL: who said what of which version, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from tracker.errors import NotFound
from tracker.storage import sql
from tracker.storage.tables import ItemReport

MOST_LISTED = 100


def add(report: ItemReport, *, since: datetime, most: int) -> bool:
    """Store a report, unless this person has made so many others since that moment; one of the same id is stored once.

    Says whether it is stored.
    """
    others = select(func.count()).where(
        ItemReport.user_id == report.user_id, ItemReport.public_id != report.public_id, ItemReport.at > since
    )
    try:
        with sql.writing() as session:
            if (session.scalar(others) or 0) >= most:
                return False
            session.add(report)
    except IntegrityError:
        pass
    return True


def get(public_id: str) -> ItemReport:
    """A report, whoever made it. Raises: NotFound."""
    report = sql.session().scalar(select(ItemReport).where(ItemReport.public_id == public_id))
    if report is None:
        raise NotFound
    return report


def count_open() -> int:
    """How many reports have no reply yet."""
    return sql.session().scalar(select(func.count()).where(ItemReport.replied_at.is_(None))) or 0


def list_open() -> Sequence[ItemReport]:
    """Reports without a reply, the oldest first."""
    wanted = select(ItemReport).where(ItemReport.replied_at.is_(None))
    return sql.session().scalars(wanted.order_by(ItemReport.at, ItemReport.id).limit(MOST_LISTED)).all()


def list_about(item_id: str) -> Sequence[ItemReport]:
    """The newest reports of an item, the newest first."""
    return _newest_first(select(ItemReport).where(ItemReport.item_id == item_id))


def list_of(user_id: int, *, attempt_id: str | None = None) -> Sequence[ItemReport]:
    """Somebody's newest reports, of all or of one attempt, the newest first."""
    own = select(ItemReport).where(ItemReport.user_id == user_id)
    return _newest_first(own.where(ItemReport.attempt_id == attempt_id) if attempt_id else own)


def list_attempt_ids() -> dict[str, str]:
    """The attempts in which people met what they reported, by the report's id."""
    met = select(ItemReport.public_id, ItemReport.attempt_id).where(ItemReport.attempt_id.is_not(None))
    return {public_id: attempt_id for public_id, attempt_id in sql.session().execute(met) if attempt_id}


def set_reply(public_id: str, *, reply: str, by: str, at: datetime) -> bool:
    """Reply to a report once. Says whether it had no reply."""
    with sql.writing() as session:
        replied = session.execute(
            update(ItemReport)
            .where(ItemReport.public_id == public_id, ItemReport.replied_at.is_(None))
            .values(reply=reply, replied_by=by, replied_at=at)
            .returning(ItemReport.id)
        )
        return replied.first() is not None


def _newest_first(wanted: Select[ItemReport]) -> Sequence[ItemReport]:
    return sql.session().scalars(wanted.order_by(ItemReport.at.desc(), ItemReport.id.desc()).limit(MOST_LISTED)).all()
