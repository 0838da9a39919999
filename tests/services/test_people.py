"""People for admins: roles given and taken, accounts disabled, and always somebody left who can do so."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from flask import Flask

from tests.conftest import NOON, PASSWORD, Cast, add_admin, add_person, verify
from tests.web.mailing import mailing
from tests.web.stored import everything
from tracker.config import Config
from tracker.errors import Conflict, NotFound, SignInRefused
from tracker.services import accounts, people
from tracker.services.accounts import Person
from tracker.services.people import Role
from tracker.storage import accounts as stored_accounts
from tracker.storage import audit, second_factors, sql
from tracker.storage.audit import Wanted
from tracker.storage.tables import User


def person(user_id: int) -> Person:
    """Who asks."""
    return accounts.as_person(stored(user_id))


def stored(user_id: int) -> User:
    """Somebody as they are stored now."""
    sql.session().rollback()
    return stored_accounts.get_user(user_id)


def deeds() -> Sequence[tuple[str, int | None, str]]:
    """What is written down, newest first, but for sessions."""
    events = audit.list_events(Wanted(), before=None, most=100)
    return [(event.action, event.actor_id, event.subject) for event in events if event.action != "session.opened"]


@pytest.fixture
def adam(cast: Cast) -> Person:
    return person(add_admin("adam@example.org", "Adam"))


CHANGES: dict[str, Callable[[int, Person], None]] = {
    "admin.given": lambda user_id, admin: people.give_role(user_id, Role.ADMIN, admin=admin, now=NOON),
    "admin.taken": lambda user_id, admin: people.take_role(user_id, Role.ADMIN, admin=admin, now=NOON),
    "author.given": lambda user_id, admin: people.give_role(user_id, Role.AUTHOR, admin=admin, now=NOON),
    "author.taken": lambda user_id, admin: people.take_role(user_id, Role.AUTHOR, admin=admin, now=NOON),
    "person.disabled": lambda user_id, admin: people.disable(user_id, admin=admin, now=NOON),
    "person.enabled": lambda user_id, admin: people.enable(user_id, admin=admin, now=NOON),
    "sessions.ended": lambda user_id, admin: people.sign_out(user_id, admin=admin, now=NOON),
}
OPPOSITES = {"admin.taken": "admin.given", "author.taken": "author.given", "person.enabled": "person.disabled"}


@pytest.mark.parametrize("role", Role)
def test_where_mails_can_show_whose_an_account_is_only_its_owner_gets_a_role(
    app: Flask, config: Config, cast: Cast, adam: Person, role: Role
) -> None:
    with mailing(app, config):
        before = everything()
        with pytest.raises(Conflict, match="Nobody has shown yet"):
            people.give_role(cast.ada, role, admin=adam, now=NOON)
        assert everything() == before

        verify(cast.ada)
        people.give_role(cast.ada, role, admin=adam, now=NOON)

    assert deeds()[0] == (f"{role}.given", adam.id, f"user:{cast.ada}")


def test_people_are_found_by_a_part_of_their_name_or_address_in_any_case(cast: Cast, adam: Person) -> None:
    def found(wanted: str) -> list[int]:
        return [user.id for user in people.list_people(wanted, before=None, admin=adam).people]

    assert found("") == [adam.id, cast.vera, cast.omar, cast.lena, cast.ada]
    assert found(" LEN") == [cast.lena]
    assert found("omar@EXAMPLE") == [cast.omar]
    assert found("%") == []


def test_a_long_list_of_people_goes_on_where_the_page_ended(cast: Cast, adam: Person) -> None:
    for number in range(people.LISTED):
        add_person(f"{number}@example.org", "Someone")

    first = people.list_people("", before=None, admin=adam)
    second = people.list_people("", before=first.older, admin=adam)

    assert len(first.people) == people.LISTED
    assert [user.id for user in second.people] == [adam.id, cast.vera, cast.omar, cast.lena, cast.ada]
    assert second.older is None


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_what_an_admin_changes_ends_the_sessions_and_is_written_down(cast: Cast, adam: Person, action: str) -> None:
    if action in OPPOSITES:
        CHANGES[OPPOSITES[action]](cast.ada, adam)
    session = accounts.open_session(cast.ada, now=NOON)

    CHANGES[action](cast.ada, adam)

    assert accounts.find_person(session, now=NOON) is None
    assert deeds()[0] == (action, adam.id, f"user:{cast.ada}")


@pytest.mark.parametrize("action", sorted(set(CHANGES) - {"sessions.ended"}))
def test_what_is_so_already_changes_nothing_and_ends_no_session(cast: Cast, adam: Person, action: str) -> None:
    if action not in OPPOSITES:
        CHANGES[action](cast.ada, adam)
    accounts.open_session(cast.ada, now=NOON)
    before = everything()

    CHANGES[action](cast.ada, adam)

    assert everything() == before


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_an_admin_cannot_change_what_they_are_themselves(cast: Cast, adam: Person, action: str) -> None:
    add_admin("eve@example.org", "Eve")
    before = everything()

    with pytest.raises(Conflict, match="yourself"):
        CHANGES[action](adam.id, adam)

    assert everything() == before


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_for_all_but_admins_and_of_nobody_there_is_nothing_to_change(cast: Cast, adam: Person, action: str) -> None:
    before = everything()

    for who in (cast.ada, cast.lena, cast.omar, cast.vera):
        with pytest.raises(NotFound):
            CHANGES[action](cast.ada, person(who))
    with pytest.raises(NotFound):
        CHANGES[action](987654321, adam)

    assert everything() == before


def test_somebody_disabled_cannot_sign_in_until_they_are_enabled_again(cast: Cast, adam: Person) -> None:
    people.disable(cast.ada, admin=adam, now=NOON)
    with pytest.raises(SignInRefused):
        accounts.check_password(email="ada@example.org", password=PASSWORD, now=NOON)

    people.enable(cast.ada, admin=adam, now=NOON)

    assert accounts.check_password(email="ada@example.org", password=PASSWORD, now=NOON).user_id == cast.ada


@pytest.mark.parametrize(
    "change",
    [stored_accounts.unset_admin, lambda user_id: stored_accounts.disable(user_id, now=NOON)],
    ids=["lose the role", "be disabled"],
)
def test_the_last_admin_who_can_sign_in_stays_one(cast: Cast, adam: Person, change: Callable[[int], bool]) -> None:
    people.disable(add_admin("eve@example.org", "Eve"), admin=adam, now=NOON)
    before = everything()

    with pytest.raises(Conflict, match="somebody else an admin first"):
        change(adam.id)

    assert everything() == before


def test_of_two_admins_who_disable_each_other_at_once_one_stays(app: Flask, cast: Cast, adam: Person) -> None:
    eve = person(add_admin("eve@example.org", "Eve"))
    for _ in range(10):
        together = Barrier(2)

        def disable(who: tuple[Person, Person], together: Barrier = together) -> None:
            with app.app_context(), suppress(Conflict):
                together.wait()
                people.disable(who[0].id, admin=who[1], now=NOON)

        with ThreadPoolExecutor(2) as workers:
            list(workers.map(disable, [(adam, eve), (eve, adam)]))

        disabled = [admin.id for admin in (adam, eve) if stored(admin.id).disabled_at]
        assert len(disabled) == 1
        stored_accounts.enable(disabled[0])


def test_a_mail_to_set_a_new_password_goes_to_them_and_not_to_the_admin(cast: Cast, adam: Person) -> None:
    people.send_reset(cast.ada, admin=adam, now=NOON)

    assert [row[2] for row in everything()["mails"]] == ["ada@example.org"]
    assert deeds()[0] == ("reset.sent", adam.id, f"user:{cast.ada}")


def test_a_second_mail_within_the_same_while_is_neither_sent_nor_written_down(cast: Cast, adam: Person) -> None:
    assert people.send_reset(cast.ada, admin=adam, now=NOON)
    before = everything()

    assert not people.send_reset(cast.ada, admin=adam, now=NOON)

    assert everything() == before


def test_a_lost_second_factor_is_switched_off_and_that_is_written_down(cast: Cast, adam: Person) -> None:
    second_factors.begin(cast.ada, sealed_secret="sealed", now=NOON)
    second_factors.confirm(cast.ada, step=1, code_hashes=["a hash"], now=NOON)
    assert people.open_person(cast.ada, admin=adam, now=NOON).has_second_factor

    people.remove_second_factor(cast.ada, admin=adam, now=NOON)

    assert not people.open_person(cast.ada, admin=adam, now=NOON).has_second_factor
    assert deeds()[0] == ("second-factor.off", adam.id, f"user:{cast.ada}")


def test_nobody_but_an_admin_has_such_a_mail_sent_or_sees_an_account(cast: Cast, adam: Person) -> None:
    before = everything()

    for ask in (
        lambda admin: people.send_reset(cast.ada, admin=admin, now=NOON),
        lambda admin: people.remove_second_factor(cast.ada, admin=admin, now=NOON),
        lambda admin: people.open_person(cast.ada, admin=admin, now=NOON),
        lambda admin: people.list_people("", before=None, admin=admin),
        lambda admin: people.set_extra_time(cast.ada, percent=50, reason="So.", admin=admin, now=NOON),
    ):
        with pytest.raises(NotFound):
            ask(person(cast.omar))

    assert everything() == before
