"""Whom accounts elsewhere sign in, without HTTP."""

import pytest
from flask import Flask

from tests.conftest import NOON, Cast
from tracker.errors import Conflict, NotFound, NotVouched
from tracker.services import account_letters
from tracker.services.identities import Vouched, keep, link, list_own, sign_in, unlink
from tracker.storage import accounts, audit, identities, mails

ISSUER = "https://accounts.example.org"
NELL = Vouched(ISSUER, "nell", "nell@example.org", is_email_verified=True, name="Nell")


def test_whoever_is_new_is_written_down_and_is_the_same_person_again(app: Flask) -> None:
    user_id = sign_in(NELL, now=NOON)

    assert sign_in(NELL, now=NOON) == user_id
    newest = audit.find_newest()
    assert newest
    assert (newest.action, newest.actor_id, newest.subject) == ("account.made", user_id, f"user:{user_id}")


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("  Nell \n Newcomer ", "Nell Newcomer"),
        ("Nell\u202e\x00", "Nell"),
        ("N" * 500, "N" * 80),
        ("\u200b", "nell"),
        ("", "nell"),
    ],
)
def test_a_name_from_elsewhere_is_one_line_of_letters(app: Flask, name: str, taken: str) -> None:
    user_id = sign_in(Vouched(ISSUER, "nell", "nell@example.org", is_email_verified=True, name=name), now=NOON)

    assert accounts.get_user(user_id).name == taken


def test_the_same_subject_of_another_issuer_is_somebody_else(app: Flask) -> None:
    user_id = sign_in(NELL, now=NOON)
    other = Vouched("https://other.example.org", "nell", "omar@example.org", is_email_verified=True)

    assert sign_in(other, now=NOON) != user_id


def test_an_account_elsewhere_is_linked_once_whoever_asks_at_the_same_time(cast: Cast) -> None:
    keep(NELL, user_id=cast.ada, now=NOON)
    letter = account_letters.write_linked("omar@example.org", issuer=ISSUER, now=NOON)

    with pytest.raises(Conflict):
        identities.add_identity(cast.omar, issuer=ISSUER, subject="nell", letter=letter, now=NOON)
    with pytest.raises(Conflict):
        identities.add_user(email="n@example.org", name="N", zone="UTC", issuer=ISSUER, subject="nell", now=NOON)

    assert accounts.find_user_by_email("n@example.org") is None
    assert list_own(cast.omar, issuer=ISSUER) == []
    assert {mail.address for mail in mails.list_of(None, before=None, most=10)} == {"ada@example.org"}


def test_whoever_is_known_there_already_is_linked_no_second_time_and_told_nothing(cast: Cast) -> None:
    for _ in range(2):
        keep(NELL, user_id=cast.ada, now=NOON)

    assert len(list_own(cast.ada, issuer=ISSUER)) == 1
    [told] = mails.list_of(None, before=None, most=10)
    assert (told.address, told.subject) == ("ada@example.org", "Another way to sign in to Skillmark")
    assert ISSUER in told.text
    assert "/account/identities" in told.text


def test_an_account_that_another_was_linked_to_meanwhile_is_not_linked_by_its_address(cast: Cast) -> None:
    keep(NELL, user_id=cast.ada, now=NOON)

    with pytest.raises(NotVouched, match="another account there"):
        keep(Vouched(ISSUER, "next", "ada@example.org", is_email_verified=True), user_id=cast.ada, now=NOON)

    assert [identity.subject for identity in list_own(cast.ada, issuer=ISSUER)] == ["nell"]


def test_linking_needs_an_address_that_is_known_to_be_ones_own(cast: Cast) -> None:
    with pytest.raises(NotVouched):
        link(NELL, user_id=cast.ada, now=NOON)
    link(Vouched(ISSUER, "ada", "Ada@example.org", is_email_verified=True), user_id=cast.ada, now=NOON)
    link(Vouched(ISSUER, "ada", "ada@example.org", is_email_verified=True), user_id=cast.ada, now=NOON)

    assert [identity.subject for identity in list_own(cast.ada, issuer=ISSUER)] == ["ada"]


def test_what_is_not_ones_own_is_not_unlinked(cast: Cast) -> None:
    keep(NELL, user_id=cast.ada, now=NOON)
    [identity] = list_own(cast.ada, issuer=ISSUER)

    with pytest.raises(NotFound):
        unlink(identity.id, user_id=cast.omar, now=NOON)

    assert list_own(cast.ada, issuer=ISSUER) == [identity]
