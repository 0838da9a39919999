"""The sessions that somebody has: seen, and ended."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from tracker.errors import NotFound
from tracker.services import accounts, audit
from tracker.services.tickets import hash_of
from tracker.storage import sign_ins
from tracker.storage.sign_ins import NOT_RENEWED, Renewed


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in. agent: what it calls itself; is_here: it is the one that asks."""

    public_id: str
    is_here: bool
    address: str
    agent: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """A browser's token, and the one under which it goes on if what its person does there changes their role."""

    token: str
    new_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def hashes_of(renewal: Renewal | None) -> Renewed:
    """What is stored of both tokens, if a browser is renewed."""
    if renewal is None:
        return NOT_RENEWED
    return hash_of(renewal.token), hash_of(renewal.new_token)


def list_sessions(user_id: int, *, token: str, now: datetime) -> list[Session]:
    """Somebody's sessions that live, this one first, then the one last used."""
    here = hash_of(token)
    held = sign_ins.list_sign_ins(user_id, started_after=now - accounts.ABSOLUTE)
    sessions = [
        Session(
            public_id=sign_in.public_id,
            is_here=sign_in.token_hash == here,
            address=sign_in.address,
            agent=sign_in.browser,
            started_at=sign_in.started_at,
            seen_at=sign_in.seen_at,
        )
        for sign_in, is_lead in held
        if accounts.is_in_use(sign_in, is_lead=is_lead, now=now)
    ]
    return sorted(sessions, key=lambda session: not session.is_here)


def end(public_id: str, *, user_id: int, now: datetime) -> None:
    """End one of somebody's sessions. Raises: NotFound."""
    if not sign_ins.remove_own(user_id, public_id=public_id):
        raise NotFound
    audit.record("session.ended", actor_id=user_id, subject=f"user:{user_id}", now=now)


def end_others(user_id: int, *, token: str, now: datetime) -> None:
    """End all of somebody's sessions but this one."""
    sign_ins.remove_others(user_id, but=hash_of(token))
    audit.record("sessions.ended", actor_id=user_id, subject=f"user:{user_id}", now=now)
