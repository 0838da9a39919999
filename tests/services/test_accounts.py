"""Signing up, in and out; sessions, profile and password."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests.conftest import NOON, PASSWORD, PASSWORD_HASH, Cast, add_person, verify
from tests.services.test_second_factor import set_up
from tests.services.watching import count_writing, watched_statements
from tests.web.stored import everything
from tracker.errors import BadInput, Conflict, NotFound, SignInRefused
from tracker.services import accounts, passwords, second_factor, tickets
from tracker.services.accounts import SEEN_EVERY
from tracker.storage import accounts as stored_accounts
from tracker.storage import sql
from tracker.storage.identity_tables import Purpose
from tracker.storage.tables import SignIn, User

NEW_PASSWORD = "a quite different sentence"
MILLISECOND = timedelta(milliseconds=1)
CHECKED = ("ada", "omar")


def sign_up(**fields: str) -> accounts.Person:
    parameters = {"email": "new@example.org", "name": "New", "zone": "UTC", "password": PASSWORD}
    return accounts.sign_up(**{**parameters, **fields}, now=NOON)


def sign_ins() -> list[SignIn]:
    sql.session().expire_all()
    return list(sql.session().scalars(select(SignIn).order_by(SignIn.started_at)))


# signing up


def test_signing_up_makes_an_account_that_is_no_admin_and_no_author(cast: Cast) -> None:
    person = sign_up(email="Grace@Example.ORG ", name="Grace", zone="Europe/Berlin")

    assert (person.email, person.name, person.zone) == ("grace@example.org", "Grace", "Europe/Berlin")
    assert not person.is_admin
    assert not person.may_author
    assert person.id not in {cast.ada, cast.lena, cast.omar, cast.vera}


def test_authors_and_admins_may_see_the_banks_keys_and_nobody_else(cast: Cast) -> None:
    people = {
        name: accounts.find_person(accounts.open_session(person_id, now=NOON), now=NOON)
        for name, person_id in (("Ada", cast.ada), ("Lena", cast.lena), ("Omar", cast.omar), ("Vera", cast.vera))
    }
    people["Root"] = accounts.create_admin(email="root@example.org", name="Root", password=PASSWORD, now=NOON)

    assert [name for name, person in people.items() if person and person.may_author] == ["Vera", "Root"]
    assert not people["Root"].is_author


def test_the_password_itself_is_stored_nowhere(cast: Cast) -> None:
    sign_up()

    assert PASSWORD not in repr(everything())


def test_an_address_that_is_taken_in_any_case_is_refused_and_the_account_stays(cast: Cast) -> None:
    before = everything()

    with pytest.raises(Conflict):
        sign_up(email="ADA@example.org")

    assert everything() == before


def test_a_weak_password_makes_no_account(cast: Cast) -> None:
    before = everything()

    with pytest.raises(BadInput):
        sign_up(password="short")

    assert everything() == before


# admins


def test_an_admin_is_made_with_a_new_account(cast: Cast) -> None:
    admin = accounts.create_admin(email="root@example.org", name="Root", password=PASSWORD, now=NOON)

    assert admin.is_admin
    assert stored_accounts.find_user_by_email("root@example.org")


def test_making_somebody_an_admin_keeps_their_name_and_password_and_touches_nobody_else(cast: Cast) -> None:
    verify(cast.ada)

    admin = accounts.create_admin(email="Ada@example.org", name="Other", password="", now=NOON)

    assert (admin.id, admin.name, admin.is_admin) == (cast.ada, "Ada", True)
    assert accounts.check_password(email="ada@example.org", password=PASSWORD, now=NOON)
    assert not stored_accounts.get_user(cast.omar).is_admin


def test_a_weak_password_makes_no_admin(cast: Cast) -> None:
    with pytest.raises(BadInput):
        accounts.create_admin(email="root@example.org", name="Root", password="", now=NOON)

    assert not stored_accounts.find_user_by_email("root@example.org")


# signing in


def test_the_right_password_says_whose_it_is_and_opens_nothing(cast: Cast) -> None:
    assert accounts.check_password(email=" ADA@example.org", password=PASSWORD, now=NOON).user_id == cast.ada
    assert sign_ins() == []


def test_a_session_has_a_token_of_256_bits_and_only_its_hash_is_stored(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)

    assert len(token) == 43
    assert [entry.token_hash for entry in sign_ins()] == [hashlib.sha256(token.encode()).hexdigest()]
    assert token not in repr(everything())


def test_every_sign_in_has_a_token_of_its_own(cast: Cast) -> None:
    tokens = {accounts.open_session(cast.ada, now=NOON) for _ in range(10)}

    assert len(tokens) == 10


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.org", "wrong password!"), ("nobody@example.org", PASSWORD), ("", ""), ("ada@example.org", "")],
)
def test_a_wrong_address_or_password_is_refused_in_the_same_words(cast: Cast, email: str, password: str) -> None:
    with pytest.raises(SignInRefused, match=r"^This address and password do not belong together\.$"):
        accounts.check_password(email=email, password=password, now=NOON)

    assert sign_ins() == []


def test_a_hash_with_old_parameters_is_renewed_when_its_person_signs_in(cast: Cast) -> None:
    accounts.check_password(email="ada@example.org", password=PASSWORD, now=NOON)
    sql.session().expire_all()

    renewed = stored_accounts.get_user(cast.ada).password_hash
    assert not passwords.is_outdated(renewed)
    assert passwords.is_right(renewed, PASSWORD)
    assert passwords.is_outdated(stored_accounts.get_user(cast.omar).password_hash)


def test_a_wrong_password_renews_nothing(cast: Cast) -> None:
    before = everything()

    with pytest.raises(SignInRefused):
        accounts.check_password(email="ada@example.org", password="wrong password!", now=NOON)

    assert everything() == before


# sessions


def test_a_token_says_who_it_belongs_to_and_any_other_text_nobody(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)
    accounts.open_session(cast.omar, now=NOON)

    person = accounts.find_person(token, now=NOON)

    assert person is not None
    assert (person.id, person.name) == (cast.ada, "Ada")
    for other in ("", token[:-1], token.swapcase(), sign_ins()[0].token_hash):
        assert accounts.find_person(other, now=NOON) is None


@pytest.mark.parametrize(("late", "lives"), [(-MILLISECOND, True), (0 * MILLISECOND, False)])
def test_a_session_that_nobody_uses_ends_after_two_hours(cast: Cast, late: timedelta, lives: bool) -> None:
    token = accounts.open_session(cast.ada, now=NOON)

    assert (accounts.find_person(token, now=NOON + timedelta(hours=2) + late) is not None) is lives


def test_using_a_session_keeps_it_alive_but_never_beyond_twelve_hours(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)

    for hours in range(1, 12):
        assert accounts.find_person(token, now=NOON + timedelta(hours=hours))
    assert accounts.find_person(token, now=NOON + timedelta(hours=12) - MILLISECOND)
    assert accounts.find_person(token, now=NOON + timedelta(hours=12)) is None


def test_using_a_session_writes_at_most_once_a_minute(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)

    accounts.find_person(token, now=NOON + SEEN_EVERY)
    assert sign_ins()[0].seen_at == NOON

    accounts.find_person(token, now=NOON + SEEN_EVERY + MILLISECOND)
    assert sign_ins()[0].seen_at == NOON + SEEN_EVERY + MILLISECOND


def test_signing_out_ends_this_session_for_good_and_no_other(cast: Cast) -> None:
    phone, laptop = (accounts.open_session(cast.ada, now=NOON) for _ in range(2))

    accounts.sign_out(phone, now=NOON)
    accounts.sign_out(phone, now=NOON)

    assert accounts.find_person(phone, now=NOON) is None
    assert accounts.find_person(laptop, now=NOON)


def test_sessions_that_ended_long_ago_are_forgotten_at_the_next_sign_in(cast: Cast) -> None:
    accounts.open_session(cast.omar, now=NOON)
    later = NOON + timedelta(hours=12) + MILLISECOND

    accounts.open_session(cast.ada, now=later)

    assert [entry.started_at for entry in sign_ins()] == [later]


def test_nobody_is_signed_in_as_somebody_who_was_removed(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)
    with sql.writing() as session:
        session.execute(delete(User).where(User.id == cast.ada))

    assert accounts.find_person(token, now=NOON) is None
    assert sign_ins() == []


# profile and password


def test_a_profile_is_changed_for_its_owner_only(cast: Cast) -> None:
    accounts.update_profile(cast.ada, name="Ada L.", zone="Asia/Tokyo")
    sql.session().expire_all()

    person = accounts.find_person(accounts.open_session(cast.ada, now=NOON), now=NOON)
    assert person is not None
    assert (person.name, person.zone, person.email) == ("Ada L.", "Asia/Tokyo", "ada@example.org")
    assert stored_accounts.get_user(cast.omar).name == "Omar"


def test_a_new_password_works_from_now_on_and_the_old_one_no_more(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=NOON)

    accounts.change_password(cast.ada, token=token, current=PASSWORD, new=NEW_PASSWORD, now=NOON)

    with pytest.raises(SignInRefused):
        accounts.check_password(email="ada@example.org", password=PASSWORD, now=NOON)
    assert accounts.check_password(email="ada@example.org", password=NEW_PASSWORD, now=NOON)


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(cast: Cast) -> None:
    here, there = (accounts.open_session(cast.ada, now=NOON) for _ in range(2))
    omars = accounts.open_session(cast.omar, now=NOON)

    accounts.change_password(cast.ada, token=here, current=PASSWORD, new=NEW_PASSWORD, now=NOON)

    assert accounts.find_person(there, now=NOON) is None
    assert accounts.find_person(here, now=NOON)
    assert accounts.find_person(omars, now=NOON)


def test_the_new_hash_and_the_end_of_other_sessions_are_one_transaction(cast: Cast) -> None:
    with watched_statements() as statements:
        stored_accounts.change_password_hash(cast.ada, "a hash", instead_of=PASSWORD_HASH, but="this one")

    assert count_writing(statements) == 1


def test_a_password_that_was_replaced_while_it_was_checked_opens_nothing(cast: Cast) -> None:
    set_up(cast.omar)
    checked = [accounts.check_password(email=f"{who}@example.org", password=PASSWORD, now=NOON) for who in CHECKED]
    for person in checked:
        stored_accounts.renew_password_hash(person.user_id, "of a reset", instead_of=person.password_hash)
    before = everything()

    for person in checked:
        with pytest.raises(SignInRefused):
            accounts.open_session(person.user_id, now=NOON, password_hash=person.password_hash)
    with pytest.raises(SignInRefused):
        second_factor.ask(cast.omar, now=NOON, password_hash=checked[1].password_hash)

    assert everything() == before


def test_a_renewed_hash_and_a_change_do_not_undo_a_reset_that_came_between(cast: Cast) -> None:
    stored_accounts.renew_password_hash(cast.ada, "of a reset", instead_of=PASSWORD_HASH)

    stored_accounts.renew_password_hash(cast.ada, "the old one's", instead_of=PASSWORD_HASH)
    with pytest.raises(SignInRefused):
        stored_accounts.change_password_hash(cast.ada, "another", instead_of=PASSWORD_HASH, but="")

    sql.session().expire_all()
    assert stored_accounts.get_user(cast.ada).password_hash == "of a reset"


def test_a_new_password_voids_links_to_reset_it_and_half_done_sign_ins_and_leaves_the_address_to_be_shown(
    cast: Cast,
) -> None:
    token = accounts.open_session(cast.ada, now=NOON)
    life = timedelta(hours=1)
    issued = {purpose: tickets.issue(purpose, user_id=cast.ada, life=life, now=NOON) for purpose in Purpose}
    omars = tickets.issue(Purpose.RESET, user_id=cast.omar, life=life, now=NOON)

    accounts.change_password(cast.ada, token=token, current=PASSWORD, new=NEW_PASSWORD, now=NOON)

    valid = {purpose for purpose, secret in issued.items() if tickets.find_holder(secret, purpose=purpose, now=NOON)}
    assert valid == {Purpose.VERIFY}
    assert tickets.find_holder(omars, purpose=Purpose.RESET, now=NOON)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong password!", NEW_PASSWORD, "current"), (PASSWORD, "short", "password"), ("", "", "current")],
)
def test_a_refused_change_of_password_changes_nothing_and_ends_no_session(
    cast: Cast, current: str, new: str, field: str
) -> None:
    token = accounts.open_session(cast.ada, now=NOON)
    accounts.open_session(cast.ada, now=NOON)
    before = everything()

    with pytest.raises(BadInput) as refusal:
        accounts.change_password(cast.ada, token=token, current=current, new=new, now=NOON)

    assert set(refusal.value.fields) == {field}
    assert everything() == before


def test_nobody_changes_the_password_of_somebody_who_does_not_exist(cast: Cast) -> None:
    with pytest.raises(NotFound):
        accounts.change_password(0, token="t", current=PASSWORD, new=NEW_PASSWORD, now=NOON)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.ORG", "ada@example.org"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada@strasse.de", "ada@strasse.de"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ma\u017fon@example.org", "ma\u017fon@example.org"),
        ("straße@example.org", "straße@example.org"),
        ("Root@localhost", "root@localhost"),
        ("nobody", "nobody"),
    ],
)
def test_different_addresses_stay_different_and_one_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert accounts.normal_address(typed) == kept


def test_whether_an_addresss_password_is_its_owners_is_known_in_any_case(cast: Cast) -> None:
    grace = add_person("grace@example.org", "Grace")
    assert not accounts.has_own_password(" GRACE@example.org ")

    verify(grace)

    assert accounts.has_own_password(" GRACE@example.org ")
    assert not accounts.has_own_password("grace@example.com")
