"""The SQL tables of cohorts: who is in them, what they agreed to, what is assigned, asked for and looked at."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.assessment.assignment import Release
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.storage.sql import Base
from tracker.storage.tables import User


def _enum(kind: type[StrEnum], length: int) -> Enum:
    return Enum(kind, native_enum=False, length=length, values_callable=lambda members: [*members])


class Role(StrEnum):
    """What somebody is in a cohort."""

    LEAD = "lead"
    MEMBER = "member"


class Cohort(Base):
    """A group of learners with one or more leads. sees: what its leads see of who agreed to it."""

    __tablename__ = "cohorts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    sees: Mapped[Sees] = mapped_column(_enum(Sees, 10), default=Sees.LEVELS)
    joining: Mapped[Joining] = mapped_column(_enum(Joining, 10), default=Joining.OPEN)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class Membership(Base):
    """Somebody's place in a cohort. agreed_to: the most that a member let its leads see."""

    __tablename__ = "memberships"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(_enum(Role, 10))
    agreed_to: Mapped[Sees] = mapped_column(_enum(Sees, 10), default=Sees.LEVELS)
    may_mentor: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")
    cohort: Mapped[Cohort] = relationship(lazy="raise")

    @property
    def seen(self) -> Sees:
        """What the cohort's leads see of this member; the cohort must have been loaded with it."""
        return self.agreed_to.at_most(self.cohort.sees)

    @property
    def is_asked(self) -> bool:
        """Whether the leads of a cohort that goes on ask this member for more than they agreed to."""
        return self.role is Role.MEMBER and not self.cohort.archived_at and self.seen is not self.cohort.sees


class JoinRequest(Base):
    """Somebody who followed a link, agreed, and waits for a lead to let them in."""

    __tablename__ = "join_requests"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    agreed_to: Mapped[Sees] = mapped_column(_enum(Sees, 10))
    asked_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class Invitation(Base):
    """A link that lets people join a cohort. The token itself is only in the link.

    address: whom it was mailed to; None for a link that the lead hands out. most_uses: None without a limit.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(254))
    most_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    creator: Mapped[User] = relationship(lazy="raise")

    @property
    def is_used_up(self) -> bool:
        """Whether it let in as many as it is for."""
        return self.most_uses is not None and self.uses >= self.most_uses


class Target(Base):
    """The level that a cohort's members are to reach. skill: an area's slug or a topic's id."""

    __tablename__ = "targets"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(80), primary_key=True)
    level: Mapped[str] = mapped_column(String(20))


class Assignment(Base):
    """What a cohort's members are to take, in which window, on what terms. `made_by` is empty once they are gone.

    assessment_slug: an assessment's, or the scope of practice when there are practice_items: how many are wanted.
    is_for_all: to every member, also those who come later; otherwise to `AssignedLearner`s. extra_minutes: on top of
    the limit, for everybody.
    """

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    assessment_slug: Mapped[str] = mapped_column(String(80))
    practice_items: Mapped[int | None]
    is_for_all: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    attempts_allowed: Mapped[int]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    release: Mapped[Release] = mapped_column(_enum(Release, 20))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class AssignedLearner(Base):
    """One of those whom an assignment that is not for all is for."""

    __tablename__ = "assigned_learners"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class Note(Base):
    """What a lead noted about a member, for the cohort's leads. `author_id` is empty once the author is gone."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    author: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[author_id])
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class Look(Base):
    """That somebody looked at a person's results. what: page, answers or, of a file with them in it, its format.

    looker_id: empty once they are gone.
    """

    __tablename__ = "looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    looker_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    looker: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[looker_id])


class Export(Base):
    """A cohort's results as a file that a lead asked for. The file is in the instance folder once made_at is set.

    done and wanted: how far its making is, in members. tries: how often its making was begun. seen_at: when whoever
    makes it was last heard of. problem: why it could not be made.
    """

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    format: Mapped[ExportFormat] = mapped_column(_enum(ExportFormat, 10))
    asked_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(300))
    asker: Mapped[User] = relationship(lazy="raise")
    cohort: Mapped[Cohort] = relationship(lazy="raise")
