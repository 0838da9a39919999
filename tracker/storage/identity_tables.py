"""The SQL tables of proving who one is: other ways to sign in, one-time links, tokens for programs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.storage.sql import Base
from tracker.storage.tables import User


class PendingSignUp(Base):
    """An address whose reader can make an account by the link sent there. There may be several an address."""

    __tablename__ = "pending_sign_ups"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Purpose(StrEnum):
    """What a ticket lets its holder do."""

    RESET = "reset"
    VERIFY = "verify"
    SECOND_FACTOR = "second-factor"


class Ticket(Base):
    """A secret that lets its holder do one thing once. Only its hash is kept; a used one is gone."""

    __tablename__ = "tickets"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Miss(Base):
    """How often signing in to an account failed since it last worked. account_hash: of the address, known or not."""

    __tablename__ = "misses"

    account_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class Identity(Base):
    """An account elsewhere that signs somebody in here."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_identities_issuer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")


class SecondFactor(Base):
    """Somebody's authenticator app. sealed_secret: only the app's key opens it; counts from confirmed_at on.

    last_step: the newest time step whose code was taken; no code is taken twice.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code that stands in once for the authenticator app; a used one is gone."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class ApiToken(Base):
    """What lets a program act for somebody, within its scopes. The token itself is shown once and not kept.

    scopes: their names, a space between them. hint: how the token begins.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
