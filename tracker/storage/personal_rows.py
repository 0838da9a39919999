"""What the SQL database holds of a person, table by table, for the person to take away.

A table that is in neither list fails the tests: whoever adds one says what it holds of people.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, exists, or_, select
from sqlalchemy.orm import DeclarativeBase

from tracker.storage import accounts, sql
from tracker.storage.audit_tables import AuditEvent, Erasure
from tracker.storage.cohort_tables import (
    AssignedLearner,
    Assignment,
    Cohort,
    Export,
    Invitation,
    JoinRequest,
    Look,
    Membership,
    Note,
    Role,
    Target,
)
from tracker.storage.identity_tables import (
    ApiToken,
    Identity,
    Miss,
    PendingSignUp,
    RecoveryCode,
    SecondFactor,
    Ticket,
)
from tracker.storage.leavers import SOMEBODY
from tracker.storage.tables import Accommodation, ItemReport, Mail, SignIn, User

Values = dict[str, Any]

ELSE = "somebody else"


def _tell_row(row: Values, _user: User) -> Values:
    return row


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """What a table holds of a person. of: its rows that are theirs. without: columns that nobody is shown.

    tell: a row as it is told, where that takes more.
    """

    name: str
    what: str
    table: type[DeclarativeBase]
    of: Callable[[User], ColumnElement[bool]]
    without: frozenset[str] = frozenset()
    tell: Callable[[Values, User], Values] = _tell_row


def _assigned_to(user: User) -> ColumnElement[bool]:
    """That an assignment is for them or was made by them."""
    is_in = exists().where(
        Membership.cohort_id == Assignment.cohort_id, Membership.user_id == user.id, Membership.role == Role.MEMBER
    )
    is_named = exists().where(AssignedLearner.assignment_id == Assignment.id, AssignedLearner.user_id == user.id)
    return or_(Assignment.made_by == user.id, is_named, is_in & Assignment.is_for_all)


def _tell_event(row: Values, user: User) -> Values:
    """An event without the numbers of others, nor where they did from what they did."""
    is_own = row.pop("actor_id") == user.id
    kind, _, number = row["subject"].partition(":")
    about = "you" if number == str(user.id) else ELSE
    return {
        **row,
        "actor": "you" if is_own else ELSE,
        "subject": about if kind == "user" else row["subject"],
        "details": row["details"] if is_own else None,
    }


PERSONAL_TABLES = (
    PersonalTable(
        "account", "Your account and your roles.", User, lambda user: User.id == user.id, frozenset({"password_hash"})
    ),
    PersonalTable(
        "sessions",
        "Where you are signed in.",
        SignIn,
        lambda user: SignIn.user_id == user.id,
        frozenset({"token_hash"}),
    ),
    PersonalTable("extra-time", "Your extra time.", Accommodation, lambda user: Accommodation.user_id == user.id),
    PersonalTable("reports", "What you reported of items.", ItemReport, lambda user: ItemReport.user_id == user.id),
    PersonalTable(
        "mails",
        "Mails to you, without their texts: links in them may still work.",
        Mail,
        lambda user: Mail.address == user.email,
        frozenset({"key", "text"}),
    ),
    PersonalTable("memberships", "Your cohorts.", Membership, lambda user: Membership.user_id == user.id),
    PersonalTable(
        "join-requests", "Cohorts that you asked to join.", JoinRequest, lambda user: JoinRequest.user_id == user.id
    ),
    PersonalTable(
        "invitations",
        "Invitations to your address, and those that you made, without whom they are for.",
        Invitation,
        lambda user: or_(Invitation.created_by == user.id, Invitation.address == user.email),
        frozenset({"token_hash", "address"}),
    ),
    PersonalTable("assignments", "What was assigned to you or by you.", Assignment, _assigned_to),
    PersonalTable(
        "assigned-by-name",
        "Assignments that name you.",
        AssignedLearner,
        lambda user: AssignedLearner.user_id == user.id,
    ),
    PersonalTable("notes", "Notes that leads wrote about you.", Note, lambda user: Note.user_id == user.id),
    PersonalTable("looks", "Who looked at your results.", Look, lambda user: Look.user_id == user.id),
    PersonalTable("exports", "Exports that you asked for.", Export, lambda user: Export.asked_by == user.id),
    PersonalTable(
        "pending-sign-ups",
        "Accounts that were asked for with your address and never opened.",
        PendingSignUp,
        lambda user: PendingSignUp.email == user.email,
        frozenset({"token_hash"}),
    ),
    PersonalTable(
        "tickets",
        "One-time links and codes under way to you.",
        Ticket,
        lambda user: Ticket.user_id == user.id,
        frozenset({"token_hash"}),
    ),
    PersonalTable(
        "identities", "Accounts elsewhere that sign you in.", Identity, lambda user: Identity.user_id == user.id
    ),
    PersonalTable(
        "second-factor",
        "Your authenticator app, without its secret.",
        SecondFactor,
        lambda user: SecondFactor.user_id == user.id,
        frozenset({"sealed_secret", "last_step"}),
    ),
    PersonalTable(
        "recovery-codes",
        "How many recovery codes you have left.",
        RecoveryCode,
        lambda user: RecoveryCode.user_id == user.id,
        frozenset({"code_hash"}),
    ),
    PersonalTable(
        "tokens",
        "Tokens that let programs act for you, without what they are.",
        ApiToken,
        lambda user: ApiToken.user_id == user.id,
        frozenset({"token_hash"}),
    ),
    PersonalTable(
        "audit",
        "What the audit trail holds of what you did or what was done to you.",
        AuditEvent,
        lambda user: or_(AuditEvent.actor_id == user.id, AuditEvent.subject == f"user:{user.id}"),
        frozenset({"salt", "digest", "previous_hash", "hash"}),
        tell=_tell_event,
    ),
    PersonalTable("erasure", "That you asked to be erased.", Erasure, lambda user: Erasure.user_id == user.id),
)

IMPERSONAL_TABLES: Mapping[type[DeclarativeBase], str] = {
    Cohort: "a group's name and settings; who is in it is in memberships",
    Target: "what a group is to reach",
    Miss: "counts by a hash of an address, which only the address itself finds; a day later it is gone",
}
"""Tables that have nothing to take away, and why."""


def list_rows(kept: PersonalTable, user: User) -> list[Values]:
    """What a table holds of a person, other people and cohorts by their names, columns that stay here left out."""
    table = kept.table.__table__
    assert isinstance(table, Table)  # noqa: S101 -- all our tables are
    found = sql.session().execute(select(table).where(kept.of(user)).order_by(*table.primary_key)).all()
    names = _Names(user)
    return [kept.tell(names.put_into(row, table, kept.without), user) for row in found]


class _Names:
    """Names in place of the ids of people and cohorts, each asked for once."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._known: dict[tuple[str, int], str] = {("users", user.id): "you"}

    def put_into(self, row: Row[Any], table: Table, without: frozenset[str]) -> Values:
        """The values of a row by column."""
        return dict(self._values(row, table, without))

    def _values(self, row: Row[Any], table: Table, without: frozenset[str]) -> Iterator[tuple[str, Any]]:
        for column, value in zip(table.columns, row, strict=True):
            points_at = {key.column.table.name for key in column.foreign_keys} & {"users", "cohorts"}
            if column.name in without:
                continue
            if points_at and value is not None:
                yield column.name.removesuffix("_id"), self._name(points_at.pop(), value)
            else:
                yield column.name, value

    def _name(self, table: str, id: int) -> str:
        if (table, id) not in self._known:
            self._known[table, id] = self._find(table, id)
        return self._known[table, id]

    def _find(self, table: str, id: int) -> str:
        if table == "users":
            return accounts.list_names([id]).get(id, SOMEBODY)
        return sql.session().scalars(select(Cohort.name).where(Cohort.id == id)).one()
