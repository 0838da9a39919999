"""Tickets: secrets that let their holder do one thing once."""

from datetime import timedelta

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.services import tickets
from tracker.storage.identity_tables import Purpose

HOUR = timedelta(hours=1)


def issue(user_id: int, purpose: Purpose = Purpose.RESET) -> str:
    """A ticket of noon that lives an hour."""
    return tickets.issue(purpose, user_id=user_id, life=HOUR, now=NOON)


def test_a_ticket_has_256_bits_and_only_its_hash_is_stored(cast: Cast) -> None:
    ticket = issue(cast.ada)

    assert len(ticket) == 43
    assert ticket not in repr(everything())


def test_a_ticket_is_good_once_for_its_own_purpose_and_time(cast: Cast) -> None:
    ticket = issue(cast.ada)

    assert tickets.take(ticket, purpose=Purpose.VERIFY, now=NOON) is None
    assert tickets.take(ticket, purpose=Purpose.RESET, now=NOON + HOUR) is None
    assert tickets.find_holder(ticket, purpose=Purpose.RESET, now=NOON) == cast.ada
    assert tickets.take(ticket, purpose=Purpose.RESET, now=NOON) == cast.ada
    assert tickets.take(ticket, purpose=Purpose.RESET, now=NOON) is None


def test_tickets_are_void_for_one_person_and_one_purpose(cast: Cast) -> None:
    void, other, omars = issue(cast.ada), issue(cast.ada, Purpose.VERIFY), issue(cast.omar)

    tickets.void(Purpose.RESET, user_id=cast.ada)

    assert tickets.find_holder(void, purpose=Purpose.RESET, now=NOON) is None
    assert tickets.find_holder(other, purpose=Purpose.VERIFY, now=NOON) == cast.ada
    assert tickets.find_holder(omars, purpose=Purpose.RESET, now=NOON) == cast.omar
