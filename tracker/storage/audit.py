"""The audit trail in SQL: events in a chain, each holding the hash of the one before it.

What may be about a person (where from, which name) is in the details, of which the chain holds only a salted digest:
details can be taken out, and the chain still shows that nothing else was changed.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from tracker.errors import StoreUnavailable
from tracker.storage import sql
from tracker.storage.audit_tables import AuditEvent

START = "0" * 64
"""What the first event holds as the hash of the one before it."""

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events to list: those that somebody did or that were done to them, of one action, within some time."""

    person_id: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def append(*, at: datetime, actor_id: int | None, action: str, subject: str, details: Mapping[str, str | int]) -> None:
    """Store one more event at the end of the chain, in a transaction of its own. Raises: StoreUnavailable."""
    salt = secrets.token_hex(16)
    written = json.dumps(details, sort_keys=True)
    try:
        with sql.writing() as session:
            newest = find_newest()
            event = AuditEvent(
                seq=newest.seq + 1 if newest else 1,
                at=at,
                actor_id=actor_id,
                action=action,
                subject=subject,
                salt=salt,
                details=written,
                digest=digest_of(salt, written),
                previous_hash=newest.hash if newest else START,
            )
            event.hash = hash_of(event)
            session.add(event)
    except SQLAlchemyError as error:
        raise StoreUnavailable from error


def find_newest() -> AuditEvent | None:
    """The end of the chain."""
    return sql.session().scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))


def list_events(wanted: Wanted, *, before: int | None, most: int) -> Sequence[AuditEvent]:
    """The events that fit, newest first, from before one of them on."""
    newest_first = select(AuditEvent).where(*_conditions(wanted, before)).order_by(AuditEvent.seq.desc())
    return sql.session().scalars(newest_first.limit(most)).all()


def read_chain() -> Iterator[AuditEvent]:
    """Every event from the first on, as it is stored now, a part of them in memory at a time."""
    chain = select(AuditEvent).order_by(AuditEvent.seq)
    yield from sql.session().scalars(chain, execution_options={"yield_per": AT_ONCE, "populate_existing": True})


def forget_details(user_id: int) -> None:
    """Take the details out of all that somebody did and that was done to them."""
    _forget(or_(AuditEvent.actor_id == user_id, AuditEvent.subject == f"user:{user_id}"))


def forget_details_before(moment: datetime) -> int:
    """Take the details out of what was done before this. Returns: of how many events."""
    return _forget(AuditEvent.at < moment)


def digest_of(salt: str, details: str) -> str:
    """The SHA-256 of salt and details."""
    return _sha256(salt + details)


def hash_of(event: AuditEvent) -> str:
    """The SHA-256 of all that an event holds for good, and of the hash before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    held = [event.seq, at, event.actor_id, event.action, event.subject, event.digest, event.previous_hash]
    return _sha256(json.dumps(held))


def _conditions(wanted: Wanted, before: int | None) -> Iterator[ColumnElement[bool]]:
    if before is not None:
        yield AuditEvent.seq < before
    if wanted.person_id is not None:
        yield or_(AuditEvent.actor_id == wanted.person_id, AuditEvent.subject == f"user:{wanted.person_id}")
    if wanted.action:
        yield AuditEvent.action == wanted.action
    if wanted.since:
        yield AuditEvent.at >= wanted.since
    if wanted.until:
        yield AuditEvent.at < wanted.until


def _forget(which: ColumnElement[bool]) -> int:
    with sql.writing() as session:
        forgotten = session.execute(
            update(AuditEvent)
            .where(which, AuditEvent.details.is_not(None))
            .values(salt=None, details=None)
            .returning(AuditEvent.seq)
        )
        return len(forgotten.all())


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
