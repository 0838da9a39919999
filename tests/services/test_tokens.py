"""Tokens: made, shown once, used, listed, over, revoked."""

import hashlib
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.builders import coming_from
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import tokens
from tracker.services.tokens import LIVES, MOST_WORKING, Made, Scope
from tracker.storage import sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.identity_tables import ApiToken
from tracker.storage.tables import User

MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


def make(user_id: int, **fields: object) -> Made:
    parameters = {"name": "Report", "scopes": [Scope.ATTEMPTS_READ], "days": 7, "now": NOON, **fields}
    return tokens.make_token(user_id, **parameters)  # type: ignore[arg-type]


def kept() -> ApiToken:
    sql.session().expire_all()
    (token,) = sql.session().scalars(select(ApiToken))
    return token


def test_a_token_acts_for_whoever_made_it_within_its_scopes(cast: Cast) -> None:
    made = make(cast.ada, scopes=[Scope.ATTEMPTS_WRITE, Scope.PROFILE_READ])

    bearer = tokens.find_bearer(made.secret, now=NOON)

    assert bearer
    assert (bearer.person.id, bearer.person.name) == (cast.ada, "Ada")
    assert bearer.scopes == {Scope.PROFILE_READ, Scope.ATTEMPTS_WRITE}


def test_of_a_token_only_the_hash_and_its_beginning_are_kept(cast: Cast) -> None:
    secret = make(cast.ada).secret

    assert re.fullmatch("skm_[0-9a-f]{72}", secret)
    assert kept().token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert kept().hint == secret[:12]
    assert secret[:13] not in repr(everything())


def test_no_two_tokens_are_alike(cast: Cast) -> None:
    assert make(cast.ada).secret != make(cast.ada).secret


def test_a_mistyped_token_is_refused_by_its_check_alone(cast: Cast) -> None:
    secret = make(cast.ada).secret
    digits = "0123456789abcdef"
    for at in range(len("skm_"), len(secret)):
        other = digits[digits.index(secret[at]) - 1]
        assert not tokens.is_sound(secret[:at] + other + secret[at + 1 :])
    for wrong in ("", "skm_", secret[4:], secret.upper(), f"{secret}0", f" {secret}", secret[:-1], "skm_" + "é" * 72):
        assert not tokens.is_sound(wrong)
        assert tokens.find_bearer(wrong, now=NOON) is None


def test_a_sound_token_that_nobody_made_acts_for_nobody(cast: Cast) -> None:
    secret = make(cast.ada).secret
    tokens.revoke(kept().public_id, user_id=cast.ada, now=NOON)

    assert tokens.is_sound(secret)
    assert tokens.find_bearer(secret, now=NOON) is None


@pytest.mark.parametrize("days", LIVES)
def test_a_token_works_until_its_days_are_over(cast: Cast, days: int) -> None:
    secret = make(cast.ada, days=days).secret
    end = NOON + timedelta(days=days)

    assert tokens.find_bearer(secret, now=end - MILLISECOND)
    assert tokens.find_bearer(secret, now=end) is None
    assert [one.is_over for one in tokens.list_tokens(cast.ada, now=end)] == [True]


def test_the_token_of_somebody_who_is_disabled_acts_for_nobody(cast: Cast) -> None:
    secret = make(cast.ada).secret
    with sql.writing() as session:
        session.execute(update(User).where(User.id == cast.ada).values(disabled_at=NOON))

    assert tokens.find_bearer(secret, now=NOON) is None
    assert kept().used_at is None


def test_that_a_token_was_used_is_noted_at_most_once_a_minute(cast: Cast) -> None:
    secret = make(cast.ada).secret
    noted = []
    for after in (timedelta(), MINUTE - MILLISECOND, MINUTE, MINUTE * 2 - MILLISECOND):
        tokens.find_bearer(secret, now=NOON + after)
        noted.append(kept().used_at)
    assert noted == [NOON, NOON, NOON + MINUTE, NOON + MINUTE]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"days": 8}, "days"),
    ],
)
def test_a_token_that_does_not_fit_is_not_made(cast: Cast, fields: dict[str, object], field: str) -> None:
    before = everything()
    with pytest.raises(BadInput) as refused:
        make(cast.ada, **fields)
    assert list(refused.value.fields) == [field]
    assert everything() == before


def test_one_has_at_most_twenty_tokens_that_work(cast: Cast) -> None:
    for _ in range(MOST_WORKING):
        make(cast.ada)
    before = everything()

    with pytest.raises(Conflict, match="20 tokens"):
        make(cast.ada)

    assert everything() == before
    assert make(cast.omar)
    assert make(cast.ada, now=NOON + timedelta(days=7))


def test_a_token_that_was_over_for_a_month_is_forgotten_with_the_next_one_that_is_made(cast: Cast) -> None:
    old = make(cast.ada).token.public_id
    others = make(cast.omar).token.public_id
    end = NOON + timedelta(days=7)

    make(cast.ada, now=end + tokens.KEPT)
    assert old in [one.token.public_id for one in tokens.list_tokens(cast.ada, now=NOON)]

    make(cast.ada, now=end + tokens.KEPT + MILLISECOND)
    assert old not in [one.token.public_id for one in tokens.list_tokens(cast.ada, now=NOON)]
    assert others in [one.token.public_id for one in tokens.list_tokens(cast.omar, now=NOON)]


def test_everybody_sees_their_own_tokens_alone_the_newest_first(cast: Cast) -> None:
    first, second = make(cast.ada, name="First"), make(cast.ada, name="Second")
    make(cast.omar, name="Omar's")

    listed = tokens.list_tokens(cast.ada, now=NOON)

    assert [one.token.public_id for one in listed] == [second.token.public_id, first.token.public_id]


def test_nobody_revokes_a_token_of_somebody_else(cast: Cast) -> None:
    made = make(cast.ada)
    before = everything()

    for foreign_or_unknown in (made.token.public_id, uuid4().hex):
        with pytest.raises(NotFound):
            tokens.revoke(foreign_or_unknown, user_id=cast.omar, now=NOON)

    assert everything() == before
    assert tokens.find_bearer(made.secret, now=NOON)


def test_making_and_revoking_are_in_the_audit_trail_without_the_token(cast: Cast) -> None:
    with coming_from("192.0.2.7"):
        made = make(cast.ada)
    tokens.revoke(made.token.public_id, user_id=cast.ada, now=NOON)
    again = tokens.make_token_by_command(
        "Ada@example.org", name="Report", scopes=[Scope.ATTEMPTS_READ], days=7, now=NOON
    )
    tokens.revoke_by_command(again.token.public_id, now=NOON)

    events = list(sql.session().scalars(select(AuditEvent).order_by(AuditEvent.seq)))

    ada = f"user:{cast.ada}"
    assert [(event.action, event.actor_id, event.subject) for event in events] == [
        ("token.made", cast.ada, ada),
        ("token.revoked", cast.ada, ada),
        ("token.made", None, ada),
        ("token.revoked", None, ada),
    ]
    assert events[0].details
    assert "192.0.2.7" in events[0].details
    assert made.token.public_id in events[0].details
    assert made.secret[4:12] not in repr([event.details for event in events])
