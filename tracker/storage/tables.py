"""The SQL tables: people, their sign-ins and extra time, cohorts, memberships and invitations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.assessment.assignment import Release
from tracker.storage.sql import Base


class Role(StrEnum):
    """What somebody is in a cohort."""

    LEAD = "lead"
    MEMBER = "member"


class User(Base):
    """A person with an account. `id` is the learner_id of the document store."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_author: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignIn(Base):
    """One signed-in browser. The token itself is only in that browser's cookie."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
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


class Cohort(Base):
    """A group of learners with one or more leads."""

    __tablename__ = "cohorts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class Membership(Base):
    """Somebody's place in a cohort."""

    __tablename__ = "memberships"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=10, values_callable=lambda e: [*e]))
    joined_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class Invitation(Base):
    """A link that lets people join a cohort. The token itself is only in the link."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="raise")


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


class Assignment(Base):
    """What a cohort's members are to take, in which window, on what terms. `made_by` is empty once they are gone."""

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    assessment_slug: Mapped[str] = mapped_column(String(80))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    attempts_allowed: Mapped[int]
    release: Mapped[Release] = mapped_column(
        Enum(Release, native_enum=False, length=20, values_callable=lambda e: [*e])
    )
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="raise")
