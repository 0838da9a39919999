"""Users in SQL."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import NOON, PASSWORD_HASH, Cast
from tests.storage.sign_ins import hashes, sign_in
from tests.web.stored import everything
from tracker.errors import Conflict, NotFound
from tracker.storage import accounts, sql


def test_a_person_is_kept_as_they_signed_up(app: Flask) -> None:
    user = accounts.add_user(
        email="ada@example.org", name="Ada", zone="Europe/Berlin", password_hash="hash", is_admin=False, now=NOON
    )
    sql.session().expire_all()

    found = accounts.get_user(user.id)

    assert (found.email, found.name, found.zone, found.password_hash) == (
        "ada@example.org",
        "Ada",
        "Europe/Berlin",
        "hash",
    )
    assert (found.is_admin, found.created_at) == (False, NOON)
    assert accounts.find_user_by_email("ada@example.org") is found


def test_an_address_belongs_to_one_person_and_the_first_stays_untouched(cast: Cast) -> None:
    before = everything()

    with pytest.raises(Conflict, match="Sign in instead"):
        accounts.add_user(
            email="ada@example.org", name="Omar", zone="UTC", password_hash="other", is_admin=True, now=NOON
        )

    assert everything() == before


def test_an_unknown_person_is_not_found(cast: Cast) -> None:
    assert accounts.find_user_by_email("nobody@example.org") is None
    with pytest.raises(NotFound):
        accounts.get_user(0)


def test_what_is_changed_of_one_person_is_not_changed_of_another(cast: Cast) -> None:
    accounts.set_profile(cast.ada, name="Ada L.", zone="Asia/Tokyo")
    accounts.renew_password_hash(cast.ada, "new hash", instead_of=PASSWORD_HASH)
    accounts.set_admin(cast.ada)
    sql.session().expire_all()

    ada, omar = accounts.get_user(cast.ada), accounts.get_user(cast.omar)
    assert (ada.name, ada.zone, ada.password_hash, ada.is_admin) == ("Ada L.", "Asia/Tokyo", "new hash", True)
    assert (omar.name, omar.zone, omar.password_hash, omar.is_admin) == ("Omar", "UTC", PASSWORD_HASH, False)


@pytest.mark.parametrize("give", [accounts.set_admin, accounts.set_author])
def test_a_new_role_ends_all_sign_ins_of_this_person_only_and_the_same_role_again_ends_none(
    cast: Cast, give: Callable[[int], None]
) -> None:
    sign_in(cast.ada, "ada's")
    sign_in(cast.omar, "omar's")

    give(cast.ada)
    assert hashes() == {"omar's"}

    sign_in(cast.ada, "again")
    give(cast.ada)
    assert hashes() == {"again", "omar's"}


def test_a_new_password_ends_all_other_sign_ins_of_this_person_only(cast: Cast) -> None:
    sign_in(cast.ada, "here")
    sign_in(cast.ada, "there")
    sign_in(cast.omar, "omar's")

    accounts.change_password_hash(cast.ada, "new hash", instead_of=PASSWORD_HASH, but="here")
    sql.session().expire_all()

    assert hashes() == {"here", "omar's"}
    assert accounts.get_user(cast.ada).password_hash == "new hash"
    assert accounts.get_user(cast.omar).password_hash == PASSWORD_HASH
