"""Mails in SQL: what is to be sent, and what became of it. There is one mail a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update

from tracker.storage import sql
from tracker.storage.tables import Mail

MOST_KEYS = 500
"""So many keys are looked up at once."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to queue, to be sent from due_at on and before expires_at.

    key: what it is for. cohort_id: whose leads see what becomes of it.
    """

    key: str
    address: str
    subject: str
    text: str
    due_at: datetime
    cohort_id: int | None = None
    expires_at: datetime | None = None


def queue(letters: Sequence[Letter], *, now: datetime) -> int:
    """Queue mails, all or none; what has a key that is known stays as it is. Returns: how many are new."""
    with sql.writing():
        return add(letters, now=now)


def add(letters: Sequence[Letter], *, now: datetime) -> int:
    """Queue mails within the writing transaction that is open. Returns: how many are new."""
    known = list_known_keys([letter.key for letter in letters])
    new = {letter.key: letter for letter in letters if letter.key not in known}
    sql.session().add_all(
        Mail(
            key=letter.key,
            address=letter.address,
            subject=letter.subject,
            text=letter.text,
            cohort_id=letter.cohort_id,
            made_at=now,
            due_at=letter.due_at,
            expires_at=letter.expires_at,
            sent_at=None,
            problem=None,
        )
        for letter in new.values()
    )
    return len(new)


def list_known_keys(keys: Sequence[str]) -> set[str]:
    """Those of the keys that have a mail, sent or not."""
    known: set[str] = set()
    for start in range(0, len(keys), MOST_KEYS):
        known.update(sql.session().scalars(select(Mail.key).where(Mail.key.in_(keys[start : start + MOST_KEYS]))))
    return known


def list_keys_of(cohort_id: int, *, start: str, made_since: datetime) -> Sequence[str]:
    """The keys with this start of a cohort's mails that were queued since a moment."""
    wanted = select(Mail.key).where(Mail.cohort_id == cohort_id, Mail.key.startswith(start, autoescape=True))
    return sql.session().scalars(wanted.where(Mail.made_at > made_since)).all()


def list_due(*, now: datetime, most_tries: int, most: int) -> Sequence[Mail]:
    """The mails to send now, who waits longest first; not those that were tried so often, or that have expired."""
    return (
        sql.session()
        .scalars(
            select(Mail)
            .where(Mail.sent_at.is_(None), Mail.due_at <= now, Mail.tries < most_tries)
            .where(or_(Mail.expires_at.is_(None), Mail.expires_at > now))
            .order_by(Mail.due_at, Mail.id)
            .limit(most)
        )
        .all()
    )


def list_of(cohort_id: int, *, before: int | None, most: int) -> Sequence[Mail]:
    """The mails of a cohort, newest first, from before one of them on."""
    wanted = select(Mail).where(Mail.cohort_id == cohort_id).order_by(Mail.id.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(Mail.id < before)
    return sql.session().scalars(wanted).all()


def note_sent(mail_id: int, *, now: datetime, text: str) -> None:
    """A mail was sent; this text of it is kept."""
    with sql.writing() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now, text=text, problem=None))


def note_unsent(put_off: Sequence[tuple[int, datetime]], *, problem: str) -> None:
    """Mails, by their ids, could not be sent: why, and when each is tried again."""
    with sql.writing() as session:
        for mail_id, due_at in put_off:
            changed = {"tries": Mail.tries + 1, "problem": problem, "due_at": due_at}
            session.execute(update(Mail).where(Mail.id == mail_id).values(changed))
