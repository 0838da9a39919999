"""Tokens for programs, in SQL: only their hashes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, or_, select, update

from tracker.errors import NotFound
from tracker.storage import sql
from tracker.storage.identity_tables import ApiToken
from tracker.storage.tables import User


def add_token(
    user_id: int,
    *,
    token_hash: str,
    hint: str,
    name: str,
    scopes: Collection[str],
    now: datetime,
    expires_at: datetime,
    most: int,
    forgotten_before: datetime,
) -> ApiToken | None:
    """Store a new token, and forget the person's that expired long ago; None when they have so many that work."""
    token = ApiToken(
        public_id=uuid4().hex,
        user_id=user_id,
        token_hash=token_hash,
        hint=hint,
        name=name,
        scopes=" ".join(scopes),
        made_at=now,
        expires_at=expires_at,
    )
    with sql.writing() as session:
        session.execute(delete(ApiToken).where(ApiToken.user_id == user_id, ApiToken.expires_at < forgotten_before))
        live = select(func.count()).where(ApiToken.user_id == user_id, ApiToken.expires_at > now)
        if (session.scalar(live) or 0) >= most:
            return None
        session.add(token)
    return token


def list_tokens(user_id: int) -> Sequence[ApiToken]:
    """Somebody's tokens, the newest first."""
    return sql.session().scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())).all()


def find_working(token_hash: str, *, now: datetime) -> ApiToken | None:
    """The token with this hash that is not over, its user loaded with it; none of somebody who is disabled."""
    return sql.session().scalar(
        select(ApiToken).where(
            ApiToken.token_hash == token_hash,
            ApiToken.expires_at > now,
            ApiToken.user.has(User.disabled_at.is_(None)),
        )
    )


def set_used(token_id: int, *, before: datetime, now: datetime) -> None:
    """Note that a token was used, unless that was noted since that moment."""
    with sql.writing() as session:
        session.execute(
            update(ApiToken)
            .where(ApiToken.id == token_id, or_(ApiToken.used_at.is_(None), ApiToken.used_at <= before))
            .values(used_at=now)
        )


def get_token(public_id: str) -> ApiToken:
    """The token with this id, whoever's, its user loaded with it. Raises: NotFound."""
    token = sql.session().scalar(select(ApiToken).where(ApiToken.public_id == public_id))
    if token is None:
        raise NotFound
    return token


def remove_token(token_id: int) -> bool:
    """Forget a token. Says whether it was there."""
    with sql.writing() as session:
        removed = session.execute(delete(ApiToken).where(ApiToken.id == token_id).returning(ApiToken.id))
        return removed.first() is not None
