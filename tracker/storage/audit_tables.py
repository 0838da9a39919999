"""The SQL tables of accountability: who did what to whom, and who was erased."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.storage.sql import Base


class AuditEvent(Base):
    """One line of the audit trail. hash: of previous_hash and everything here but salt and details.

    actor_id and subject: ids that outlive who they meant; no foreign keys. details: JSON of what may be about a person
    (where from, which name); digest: the SHA-256 of salt and details, which stays when these are taken out.
    """

    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(255), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str | None] = mapped_column(String(32))
    details: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Erasure(Base):
    """Somebody who asked to be erased, by their id alone, so that it can be done again after a restore.

    done_at: when both stores held nothing of them any more; before that it is to be gone on with.
    """

    __tablename__ = "erasures"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
