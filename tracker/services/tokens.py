"""Tokens: what lets a program act for somebody through the API, for some time, within its scopes.

`skm_`, 64 hexadecimal digits (256 random bits) and 8 more that check them: a mistyped token is refused without asking
the store, and whoever searches files for secrets finds ours.
"""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import audit
from tracker.services.accounts import Person, as_person, get_by_address
from tracker.services.tickets import hash_of
from tracker.storage import tokens
from tracker.storage.identity_tables import ApiToken

PREFIX = "skm_"
SHAPE = re.compile(rf"{PREFIX}([0-9a-f]{{64}})([0-9a-f]{{8}})")
SHOWN = 12
"""So many characters of a token stay to be seen, for its owner to know it again."""

LIVES = (7, 30, 90, 365)
"""How many days a token can work."""

USUAL_LIFE = 90

LONGEST_NAME = 80
MOST_WORKING = 20
KEPT = timedelta(days=30)
"""A token that is over stays in the list for so long."""

USED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token lets its holder do."""

    PROFILE_READ = "profile:read"
    ATTEMPTS_READ = "attempts:read"
    ATTEMPTS_WRITE = "attempts:write"
    COHORTS_READ = "cohorts:read"


@dataclass(frozen=True, slots=True)
class Listed:
    """A token in its owner's list."""

    token: ApiToken
    scopes: tuple[Scope, ...]
    is_over: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; `secret` is the token itself, which is known only now."""

    secret: str
    token: ApiToken


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token acts for, and within which scopes."""

    person: Person
    scopes: frozenset[Scope]


def make_token(user_id: int, *, name: str, scopes: Collection[Scope], days: int, now: datetime) -> Made:
    """Make a token for oneself. Raises: BadInput; Conflict when one has as many as one may have."""
    made = _make(user_id, name=name, scopes=scopes, days=days, now=now)
    _record("token.made", made.token, actor_id=user_id, now=now)
    return made


def make_token_by_command(email: str, *, name: str, scopes: Collection[Scope], days: int, now: datetime) -> Made:
    """Make a token for whoever has this address. Raises: NotFound, BadInput, Conflict."""
    made = _make(get_by_address(email).id, name=name, scopes=scopes, days=days, now=now)
    _record("token.made", made.token, actor_id=None, now=now)
    return made


def list_tokens(user_id: int, *, now: datetime) -> Sequence[Listed]:
    """Somebody's tokens, the newest first; those that were over long ago may be missing."""
    return [_listed(token, now) for token in tokens.list_tokens(user_id)]


def list_tokens_of(email: str, *, now: datetime) -> Sequence[Listed]:
    """The tokens of whoever has this address. Raises: NotFound."""
    return list_tokens(get_by_address(email).id, now=now)


def find_bearer(secret: str, *, now: datetime) -> Bearer | None:
    """Whom a token acts for, while it works; that it was used is noted, at most once a minute."""
    if not is_sound(secret):
        return None
    token = tokens.find_working(hash_of(secret), now=now)
    if token is None:
        return None
    if token.used_at is None or now - token.used_at >= USED_EVERY:
        tokens.set_used(token.id, before=now - USED_EVERY, now=now)
    return Bearer(as_person(token.user), frozenset(_scopes(token)))


def revoke(public_id: str, *, user_id: int, now: datetime) -> ApiToken:
    """Make one of one's own tokens work no more. Raises: NotFound, also when it is somebody else's."""
    token = tokens.get_token(public_id)
    if token.user_id != user_id or not tokens.remove_token(token.id):
        raise NotFound
    _record("token.revoked", token, actor_id=user_id, now=now)
    return token


def revoke_by_command(public_id: str, *, now: datetime) -> ApiToken:
    """Make a token work no more, whoever's it is. Raises: NotFound."""
    token = tokens.get_token(public_id)
    if not tokens.remove_token(token.id):
        raise NotFound
    _record("token.revoked", token, actor_id=None, now=now)
    return token


def is_sound(secret: str) -> bool:
    """Whether this can be a token at all: its shape and its check fit."""
    parts = SHAPE.fullmatch(secret)
    return parts is not None and parts[2] == _check_of(parts[1])


def _make(user_id: int, *, name: str, scopes: Collection[Scope], days: int, now: datetime) -> Made:
    _check(name, scopes, days)
    secret = _new_secret()
    token = tokens.add_token(
        user_id,
        token_hash=hash_of(secret),
        hint=secret[:SHOWN],
        name=name,
        scopes=[scope for scope in Scope if scope in scopes],
        now=now,
        expires_at=now + timedelta(days=days),
        most=MOST_WORKING,
        forgotten_before=now - KEPT,
    )
    if token is None:
        raise Conflict(f"You have {MOST_WORKING} tokens that work, which is all one can have. Revoke one first.")
    return Made(secret, token)


def _new_secret() -> str:
    bits = secrets.token_hex(32)
    return f"{PREFIX}{bits}{_check_of(bits)}"


def _check_of(bits: str) -> str:
    return f"{crc32(bits.encode()):08x}"


def _check(name: str, scopes: Collection[Scope], days: int) -> None:
    faults: dict[str, list[str]] = {}
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        faults["name"] = [f"Give it a name of at most {LONGEST_NAME} plain characters."]
    if not scopes:
        faults["scopes"] = ["Choose at least one."]
    if days not in LIVES:
        faults["days"] = [f"Choose {', '.join(map(str, LIVES[:-1]))} or {LIVES[-1]} days."]
    if faults:
        raise BadInput(faults)


def _record(action: str, token: ApiToken, *, actor_id: int | None, now: datetime) -> None:
    audit.record(
        action,
        actor_id=actor_id,
        subject=f"user:{token.user_id}",
        now=now,
        token=token.public_id,
        scopes=token.scopes,
        expires_at=f"{token.expires_at:%Y-%m-%d}",
    )


def _listed(token: ApiToken, now: datetime) -> Listed:
    return Listed(token, _scopes(token), is_over=token.expires_at <= now)


def _scopes(token: ApiToken) -> tuple[Scope, ...]:
    return tuple(map(Scope, token.scopes.split()))
