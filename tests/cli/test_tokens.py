"""`flask tokens …`"""

from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import Cast
from tests.web.stored import everything
from tracker import clock
from tracker.services import tokens
from tracker.services.tokens import Scope


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["tokens", *args])


MAKE = ("make", "ada@example.org", "--name", "Nightly report", "--scope", "attempts:read", "--scope", "profile:read")


def test_a_token_is_made_for_an_address_and_shown_alone_on_its_line(app: Flask, cast: Cast) -> None:
    made = run(app, *MAKE, "--days", "30")

    assert made.exit_code == 0
    bearer = tokens.find_bearer(made.output.removesuffix("\n"), now=clock.now())
    assert bearer
    assert (bearer.person.id, bearer.scopes) == (cast.ada, {Scope.ATTEMPTS_READ, Scope.PROFILE_READ})


def test_the_list_shows_what_is_known_of_a_token_but_not_the_token(app: Flask, cast: Cast) -> None:
    now = clock.now()
    made = tokens.make_token(cast.ada, name="Old", scopes=[Scope.COHORTS_READ], days=7, now=now - timedelta(days=8))
    secret = run(app, *MAKE).output.strip()
    tokens.find_bearer(secret, now=now)

    listed = run(app, "list", "Ada@example.org").output

    newest, oldest = listed.splitlines()
    assert f"{secret[:12]}… Nightly report: profile:read attempts:read; works until " in newest
    assert newest.endswith(f", last used {now:%Y-%m-%d %H:%M} UTC")
    assert oldest.startswith(f"{made.token.public_id} {made.secret[:12]}… Old: cohorts:read; stopped working ")
    assert oldest.endswith(", never used")
    assert secret not in listed


def test_a_token_is_revoked_by_its_id(app: Flask, cast: Cast) -> None:
    secret = run(app, *MAKE).output.strip()
    (one,) = tokens.list_tokens(cast.ada, now=clock.now())

    revoked = run(app, "revoke", one.token.public_id)

    assert (revoked.exit_code, revoked.output) == (0, "The token Nightly report does not work any more.\n")
    assert tokens.find_bearer(secret, now=clock.now()) is None


@pytest.mark.parametrize(
    "args",
    [
        ["make", "nobody@example.org", "--name", "x", "--scope", "profile:read"],
        ["make", "ada@example.org", "--name", " ", "--scope", "profile:read"],
        ["make", "ada@example.org", "--name", "x", "--scope", "everything"],
        ["make", "ada@example.org", "--name", "x", "--scope", "profile:read", "--days", "8"],
        ["make", "ada@example.org", "--name", "x"],
        ["list", "nobody@example.org"],
        ["revoke", "0" * 32],
    ],
)
def test_what_does_not_fit_fails_in_a_sentence_and_changes_nothing(app: Flask, cast: Cast, args: list[str]) -> None:
    before = everything()

    ended = run(app, *args)

    assert ended.exit_code != 0
    assert "Error: " in ended.output
    assert "Traceback" not in ended.output
    assert everything() == before
