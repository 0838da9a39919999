"""`flask accounts …`"""

from click.testing import Result
from flask import Flask

from tests.conftest import PASSWORD, Cast
from tests.web.stored import everything
from tracker import clock
from tracker.services import accounts
from tracker.storage.accounts import find_user_by_email


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
    assert accounts.sign_in(email="root@example.org", password=PASSWORD, now=clock.now())


def test_somebody_with_an_account_becomes_an_admin_and_is_asked_for_no_password(app: Flask, cast: Cast) -> None:
    result = create_admin(app, "ada@example.org")

    assert (result.exit_code, result.output) == (0, "ada@example.org is an admin.\n")
    admins = {email: is_admin for _id, email, _name, _zone, _hash, is_admin, _at in everything()["users"]}
    assert admins == {"ada@example.org": True, "lena@example.org": False, "omar@example.org": False}


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
