"""`flask accounts …`"""

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import PASSWORD, Cast, verify
from tests.services.test_second_factor import set_up
from tests.web.mailing import mailing
from tests.web.stored import everything
from tracker import clock
from tracker.config import Config
from tracker.services import accommodations, accounts, second_factor, tokens
from tracker.services.tokens import Scope
from tracker.storage.accounts import find_user_by_email

OTHER = "a staple of another kind"
EVERYBODY: dict[str, tuple[str, ...]] = {
    "ada@example.org": (),
    "lena@example.org": (),
    "omar@example.org": (),
    "vera@example.org": ("author",),
}


def roles() -> dict[str, tuple[str, ...]]:
    """What everybody is, by address."""
    return {
        email: (*["admin"] * is_admin, *["author"] * is_author)
        for _id, email, _name, _zone, _hash, is_admin, is_author, *_moments in everything()["users"]
    }


def create_admin(app: Flask, *args: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["accounts", "create-admin", *args], input=typed)


def test_a_new_admin_is_asked_twice_for_a_password_that_is_never_shown(app: Flask) -> None:
    result = create_admin(app, "Root@example.org", "--name", "Root", typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0
    assert result.output.endswith("root@example.org is an admin.\n")
    assert PASSWORD not in result.output
    user = find_user_by_email("root@example.org")
    assert user is not None
    assert (user.name, user.is_admin) == ("Root", True)
    assert accounts.check_password(email="root@example.org", password=PASSWORD, now=clock.now())


def test_whose_address_is_shown_to_be_theirs_becomes_an_admin_and_is_asked_for_no_password(
    app: Flask, cast: Cast
) -> None:
    verify(cast.ada)

    result = create_admin(app, "ada@example.org")

    assert (result.exit_code, result.output) == (0, "ada@example.org is an admin.\n")
    assert roles() == {**EVERYBODY, "ada@example.org": ("admin",)}


def test_an_account_that_anybody_may_have_prepared_becomes_an_admins_with_a_new_password_and_no_other_way_in(
    app: Flask, cast: Cast
) -> None:
    set_up(cast.ada)
    session = accounts.open_session(cast.ada, now=clock.now())
    tokens.make_token(cast.ada, name="Bot", scopes=[Scope.PROFILE_READ], days=30, now=clock.now())

    assert create_admin(app, "ada@example.org", typed="short\nshort\n").exit_code == 1
    assert roles() == EVERYBODY
    result = create_admin(app, "ada@example.org", typed=f"{OTHER}\n{OTHER}\n")

    assert result.output.endswith("ada@example.org is an admin.\n")
    assert roles() == {**EVERYBODY, "ada@example.org": ("admin",)}
    assert accounts.find_person(session, now=clock.now()) is None
    assert not second_factor.is_on(cast.ada)
    assert tokens.list_tokens(cast.ada, now=clock.now()) == []
    assert accounts.check_password(email="ada@example.org", password=OTHER, now=clock.now()).user_id == cast.ada
    assert create_admin(app, "ada@example.org").output == "ada@example.org is an admin.\n"


def test_a_weak_password_is_refused_in_a_sentence_and_nobody_is_made(app: Flask) -> None:
    result = create_admin(app, "root@example.org", typed="short\nshort\n")

    assert result.exit_code == 1
    assert "Use 12 to 256 characters." in result.output
    assert "Traceback" not in result.output
    assert everything()["users"] == []


def test_two_different_passwords_make_nobody(app: Flask) -> None:
    result = create_admin(app, "root@example.org", typed=f"{PASSWORD}\nsomething else\n")

    assert result.exit_code == 1
    assert everything()["users"] == []


def make_author(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["accounts", "make-author", *args])


def test_somebody_with_an_account_becomes_an_author_and_nothing_else(app: Flask, cast: Cast) -> None:
    verify(cast.omar)

    result = make_author(app, "Omar@example.org")

    assert (result.exit_code, result.output) == (0, "omar@example.org is an author.\n")
    assert roles() == {**EVERYBODY, "omar@example.org": ("author",)}


def test_whose_account_may_be_anybodys_becomes_an_author_only_where_no_mail_can_show_whose_it_is(
    app: Flask, cast: Cast, config: Config
) -> None:
    with mailing(app, config):
        refused = make_author(app, "omar@example.org")
    assert refused.exit_code == 1
    assert "Nobody has shown yet that the address of this account is theirs." in refused.output
    assert roles() == EVERYBODY

    result = make_author(app, "omar@example.org")

    assert "make sure that it is them" in result.output
    assert roles() == {**EVERYBODY, "omar@example.org": ("author",)}


def test_an_admin_who_becomes_an_author_stays_an_admin(app: Flask, cast: Cast) -> None:
    verify(cast.ada)
    create_admin(app, "ada@example.org")
    make_author(app, "ada@example.org")

    assert roles() == {**EVERYBODY, "ada@example.org": ("admin", "author")}


def test_nobody_without_an_account_becomes_an_author(app: Flask, cast: Cast) -> None:
    before = everything()

    result = make_author(app, "nobody@example.org")

    assert result.exit_code == 1
    assert "There is no account with the address nobody@example.org." in result.output
    assert "Traceback" not in result.output
    assert everything() == before


def test_extra_time_is_set_by_address_with_a_reason(app: Flask, cast: Cast) -> None:
    args = ["accounts", "extra-time", "ada@example.org", "50", "--reason", "A letter."]
    ended = app.test_cli_runner().invoke(args=args)

    assert ended.exit_code == 0
    assert ended.output == "ada@example.org has 50 % extra time from the next attempt on.\n"
    (known,) = accommodations.list_accommodations(cast.ada)
    assert (known.percent, known.reason) == (50, "A letter.")


@pytest.mark.parametrize(
    "args",
    [
        ["ada@example.org", "10", "--reason", "x"],
        ["ada@example.org", "50", "--reason", " "],
        ["ada@example.org", "50"],
        ["nobody@example.org", "50", "--reason", "x"],
    ],
)
def test_extra_time_that_does_not_fit_is_refused(app: Flask, cast: Cast, args: list[str]) -> None:
    ended = app.test_cli_runner().invoke(args=["accounts", "extra-time", *args])

    assert ended.exit_code != 0
    assert accommodations.list_accommodations(cast.ada) == []


def reset_second_factor(app: Flask, email: str) -> Result:
    return app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", email])


def test_who_lost_their_phone_signs_in_without_a_code_again_and_nobody_else_does(app: Flask, cast: Cast) -> None:
    for person_id in (cast.ada, cast.omar):
        set_up(person_id)

    result = reset_second_factor(app, "Ada@example.org")

    assert (result.exit_code, result.output) == (0, "Ada@example.org signs in without a code now.\n")
    assert (second_factor.is_on(cast.ada), second_factor.is_on(cast.omar)) == (False, True)
    assert reset_second_factor(app, "ada@example.org").output == "ada@example.org has no second factor.\n"


def test_the_second_factor_of_nobody_is_told_in_a_sentence(app: Flask) -> None:
    result = reset_second_factor(app, "eve@example.org")

    assert result.exit_code == 1
    assert "There is no account with the address eve@example.org." in result.output
