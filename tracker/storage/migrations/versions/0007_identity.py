"""Proving who one is, and accounting for what was done: tickets, tokens, other ways to sign in, the audit trail.

Ids of people are never given again from here on, as erased people leave theirs behind. SQLite does so only for a table
that was made that way, so `users` is made anew, with foreign keys off: its old rows must not take others with them.
They are off between transactions only, so this comes first, up and down, and can be done again: what is interrupted
after it is undone as a whole, and what ran before fits the new table as well as the old one.

Everybody signs in again: sessions have got an id that can be shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "pending_sign_ups",
    "tickets",
    "misses",
    "identities",
    "second_factors",
    "recovery_codes",
    "api_tokens",
    "audit_events",
    "erasures",
)
KEPT = ("seq", "at", "actor_id", "action", "subject", "digest", "previous_hash", "hash")
REFUSED = "the audit trail is only ever added to"


def upgrade() -> None:
    _make_users_anew(is_autoincrement=True)
    op.add_column("users", sa.Column("verified_at", MOMENT, nullable=True))
    op.add_column("users", sa.Column("disabled_at", MOMENT, nullable=True))
    _write_hosts_as_the_network_does()
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("public_id", sa.String(32), nullable=False))
        sessions.add_column(sa.Column("address", sa.String(45), nullable=False))
        sessions.add_column(sa.Column("browser", sa.String(200), nullable=False))
        sessions.create_unique_constraint("uq_sessions_public_id", ["public_id"])
    op.create_table(
        "pending_sign_ups",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, index=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "tickets",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        _of_user("tickets", index=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "misses",
        sa.Column("account_hash", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_user("identities", index=True),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="uq_identities_issuer"),
    )
    op.create_table(
        "second_factors",
        _of_user("second_factors", primary_key=True),
        sa.Column("sealed_secret", sa.String(255), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        _of_user("recovery_codes", primary_key=True),
        sa.Column("code_hash", sa.String(64), primary_key=True),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        _of_user("api_tokens", index=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name="uq_api_tokens_public_id"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("actor_id", sa.Integer, nullable=True, index=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False, index=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("details", sa.Text, nullable=True),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("hash", name="uq_audit_events_hash"),
    )
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
    )
    _guard_audit_trail()


def downgrade() -> None:
    """Go back. Whoever was disabled, or signs in elsewhere only, stays without a password that works."""
    _make_users_anew(is_autoincrement=False)
    op.execute("UPDATE users SET password_hash = '' WHERE disabled_at IS NOT NULL")
    op.execute("DELETE FROM sessions")
    for table in reversed(TABLES):
        op.drop_table(table)
    if _is_postgresql():
        op.execute("DROP FUNCTION keep_audit_events")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint("uq_sessions_public_id", type_="unique")
        for name in ("browser", "address", "public_id"):
            sessions.drop_column(name)
    op.drop_column("users", "disabled_at")
    op.drop_column("users", "verified_at")


def _make_users_anew(*, is_autoincrement: bool) -> None:
    if _is_postgresql():
        return
    with (
        _without_foreign_keys(),
        op.batch_alter_table("users", recreate="always", table_kwargs={"sqlite_autoincrement": is_autoincrement}),
    ):
        pass


def _write_hosts_as_the_network_does() -> None:
    """Write the hosts of addresses as accounts keep them from here on; what cannot be written so stays."""
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("email", sa.String))
    known = {email: user_id for user_id, email in op.get_bind().execute(sa.select(users.c.id, users.c.email))}
    for email, user_id in known.items():
        local, at, host = email.rpartition("@")
        try:
            written = f"{local}{at}{host.encode('idna').decode()}"
        except UnicodeError:
            continue
        if written not in known:
            op.execute(users.update().where(users.c.id == user_id).values(email=written))


def _guard_audit_trail() -> None:
    """Let events be added only; of what is there, salt and details may be taken out."""
    if _is_postgresql():
        op.execute(
            f"CREATE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END$$"
        )
        op.execute(
            "CREATE TRIGGER audit_events_are_kept BEFORE DELETE OR TRUNCATE ON audit_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_events()"
        )
        op.execute(
            "CREATE TRIGGER audit_events_stay_alike BEFORE UPDATE ON audit_events "
            f"FOR EACH ROW WHEN ({_changes('IS DISTINCT FROM')}) EXECUTE FUNCTION keep_audit_events()"
        )
    else:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        op.execute(f"CREATE TRIGGER audit_events_are_kept BEFORE DELETE ON audit_events {refuse}")
        op.execute(
            f"CREATE TRIGGER audit_events_stay_alike BEFORE UPDATE ON audit_events WHEN {_changes('IS NOT')} {refuse}"
        )


def _changes(differs: str) -> str:
    """The condition under which an update is more than taking salt and details out."""
    changed = [f"NEW.{column} {differs} OLD.{column}" for column in KEPT]
    return " OR ".join([*changed, "NEW.salt IS NOT NULL", "NEW.details IS NOT NULL"])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """SQLite turns them off and on only between transactions."""
    for statement in ("COMMIT", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"):
        op.execute(statement)
    yield
    for statement in ("COMMIT", "PRAGMA foreign_keys=ON", "BEGIN IMMEDIATE"):
        op.execute(statement)


def _of_user(table: str, *, primary_key: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(
        "user_id",
        sa.Integer,
        sa.ForeignKey("users.id", name=f"fk_{table}_user_id_users", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )
