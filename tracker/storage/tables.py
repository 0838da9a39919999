"""The SQL tables of people: accounts, sign-ins, extra time, what they report, and mails to them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.storage.sql import Base


class User(Base):
    """A person with an account. `id` is the learner_id of the document store; it is never given to anybody else.

    password_hash: empty for who signs in elsewhere only. verified_at: when they showed that the address is theirs.
    disabled_at: from when on an admin lets them do nothing.
    """

    __tablename__ = "users"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 -- SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_author: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser. The token itself is only in that browser's cookie.

    address and browser: where it signed in from, for its owner to know it again.
    """

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Accommodation(Base):
    """A person's extra time from some moment on, in percent of every limit.

    `set_by` is empty when a command set it, or when whoever did is gone.
    """

    __tablename__ = "accommodations"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    setter: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[set_by])


class ItemReport(Base):
    """What a learner says is wrong with an item they met, with the answer they gave; open until it has a reply.

    attempt_id, place and assessment_name: where in which attempt they met it; None in practice.
    """

    __tablename__ = "item_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[str] = mapped_column(String(200), index=True)
    item_version: Mapped[str] = mapped_column(String(64))
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[int | None]
    assessment_name: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[list[str]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(String(300))
    replied_by: Mapped[str | None] = mapped_column(String(80))
    replied_at: Mapped[datetime | None] = mapped_column(index=True)


class Mail(Base):
    """A mail that is to be sent, or was. Its text is whole: whoever sends it knows nothing of what it is about.

    key: what it is for; there is one mail a key. expires_at: from when on nobody needs it any more, if ever. problem:
    why it could not be sent the last time.
    """

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(300))
