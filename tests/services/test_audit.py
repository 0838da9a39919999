"""The audit trail: what is written down, that it can only be added to, and that tampering is found."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.builders import coming_from
from tests.conftest import NOON, empty_stores
from tests.open_trail import open_trail
from tracker.services import audit, audit_trail
from tracker.storage import audit as stored_audit
from tracker.storage import sql
from tracker.storage.audit_tables import AuditEvent

EVENTS = 6
Row = dict[str, Any]

ON_EMPTY_STORES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write_down(count: int = EVENTS) -> None:
    """Write down so many deeds, no two alike."""
    for number in range(1, count + 1):
        audit.record(
            "cohort.made",
            actor_id=number,
            subject=f"cohort:{number}",
            now=NOON + timedelta(minutes=number),
            number=number,
        )


def rows() -> Sequence[Row]:
    """The whole trail, as it is stored."""
    columns = AuditEvent.__table__.columns
    return [dict(row._mapping) for row in sql.session().execute(select(*columns).order_by(AuditEvent.seq))]


def put(changed: Sequence[Row]) -> None:
    """Make these the whole trail, as whoever writes to the database could."""
    with open_trail() as session:
        session.execute(delete(AuditEvent))
        session.execute(insert(AuditEvent), changed)
    sql.session().remove()


def rename(table: str, *, to: str) -> None:
    """Give a table another name."""
    with sql.writing() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def without(trail: Sequence[Row], number: int) -> list[Row]:
    """The trail without one of its events."""
    return [row for row in trail if row["seq"] != number]


def test_an_event_says_who_did_what_to_whom_when_and_from_where(app: Flask) -> None:
    with coming_from("192.0.2.1"):
        audit.record("member.removed", actor_id=1, subject="user:2", now=NOON, cohort="a cohort's id", count=3)

    (event,) = rows()
    assert (event["seq"], event["at"], event["actor_id"]) == (1, NOON, 1)
    assert (event["action"], event["subject"]) == ("member.removed", "user:2")
    assert event["details"] == '{"address": "192.0.2.1", "cohort": "a cohort\'s id", "count": 3}'


def test_what_no_request_does_comes_from_a_command(app: Flask) -> None:
    audit.record("calibration.run", actor_id=None, subject="revision:1", now=NOON)
    assert [event["details"] for event in rows()] == ['{"address": "command"}']


def test_each_event_holds_the_hash_of_the_one_before_it(app: Flask) -> None:
    write_down(3)

    first, second, third = rows()
    assert first["previous_hash"] == stored_audit.START
    assert (second["previous_hash"], third["previous_hash"]) == (first["hash"], second["hash"])
    assert audit_trail.get_head() == third["hash"]


def test_a_deed_that_cannot_be_written_down_is_done_all_the_same_and_logged(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    rename("audit_events", to="audit_events_away")
    try:
        with caplog.at_level(logging.ERROR):
            audit.record("member.removed", actor_id=1, subject="user:2", now=NOON, cohort="secret")
    finally:
        rename("audit_events_away", to="audit_events")

    assert "The audit trail lacks an event: member.removed of user:2 by 1" in caplog.text
    assert "secret" not in caplog.text
    assert rows() == []


def test_events_written_at_the_same_time_stand_one_after_another(app: Flask) -> None:
    def write(worker: int) -> None:
        with app.app_context():
            for number in range(10):
                audit.record("cohort.made", actor_id=worker, subject=f"cohort:{number}", now=NOON)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(write, range(4)))

    checked = audit_trail.verify()
    assert (checked.count, checked.fault) == (40, "")


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEvent).values(actor_id=7),
        update(AuditEvent).values(action="cohort.archived"),
        update(AuditEvent).values(details='{"address": "198.51.100.1"}'),
        update(AuditEvent).values(hash="0" * 64, details=None, salt=None),
        delete(AuditEvent),
        delete(AuditEvent).where(AuditEvent.seq == EVENTS),
    ],
    ids=["who", "what", "details", "the hash while details go", "all deleted", "the newest deleted"],
)
def test_the_database_itself_refuses_to_change_or_delete_events(app: Flask, change: Any) -> None:
    write_down()
    before = rows()

    with pytest.raises(DBAPIError, match="only ever added to"), sql.writing() as session:
        session.execute(change)

    assert rows() == before


def test_a_sound_chain_says_how_long_it_is_and_ends_with_its_newest_hash(app: Flask) -> None:
    write_down()

    checked = audit_trail.verify()

    assert (checked.count, checked.fault) == (EVENTS, "")
    assert (checked.first_at, checked.last_at) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=EVENTS))
    assert checked.head == rows()[-1]["hash"]


CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "at": st.timedeltas(timedelta(microseconds=1), timedelta(days=900)).map(lambda later: NOON + later),
    "actor_id": st.one_of(st.none(), st.integers(1, 2**31 - 1)),
    "action": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
    "subject": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80),
    "digest": st.text("0123456789abcdef", min_size=64, max_size=64),
    "salt": st.one_of(st.none(), st.text("0123456789abcdef", min_size=32, max_size=32)),
    "details": st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)),
    "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
    "hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}


@ON_EMPTY_STORES
@given(data=st.data())
def test_a_change_of_any_one_field_is_found_at_its_event(app: Flask, data: st.DataObject) -> None:
    empty_stores()
    write_down()
    trail = rows()
    number = data.draw(st.integers(1, EVENTS))
    name = data.draw(st.sampled_from(sorted(CHANGES)))
    was = trail[number - 1][name]
    becomes = data.draw(CHANGES[name].filter(lambda value: value != was))
    put([{**row, name: becomes} if row["seq"] == number else row for row in trail])

    assert audit_trail.verify().fault in {
        f"Event {number} was changed.",
        f"Event {number} does not follow the one before it.",
        f"The details of event {number} were changed.",
    }


@ON_EMPTY_STORES
@given(data=st.data())
def test_swapping_any_two_events_is_found(app: Flask, data: st.DataObject) -> None:
    empty_stores()
    write_down()
    trail = rows()
    one, other = data.draw(st.lists(st.integers(1, EVENTS), min_size=2, max_size=2, unique=True))
    places = {one: other, other: one}
    put([{**row, "seq": places.get(row["seq"], row["seq"])} for row in trail])

    assert audit_trail.verify().fault.startswith(f"Event {min(one, other)} ")


@pytest.mark.parametrize("number", range(1, EVENTS))
def test_taking_out_an_event_before_the_last_is_found(app: Flask, number: int) -> None:
    write_down()
    put(without(rows(), number))

    checked = audit_trail.verify()

    assert checked.fault == f"Event {number} is missing."
    assert checked.count == number - 1


def test_taking_out_an_event_and_counting_anew_is_found(app: Flask) -> None:
    write_down()
    put([{**row, "seq": row["seq"] - (row["seq"] > 3)} for row in without(rows(), 3)])

    assert audit_trail.verify().fault == "Event 3 does not follow the one before it."


def test_a_cut_off_end_is_found_by_a_hash_that_was_noted(app: Flask) -> None:
    write_down()
    noted = audit_trail.get_head()
    put(without(rows(), EVENTS))

    assert audit_trail.verify().fault == ""
    assert audit_trail.verify(expected=[noted]).fault == f"No event has the hash {noted} any more."


def test_a_noted_hash_is_still_there_when_more_was_written_down(app: Flask) -> None:
    write_down()
    noted = audit_trail.get_head()
    audit.record("cohort.made", actor_id=1, subject="cohort:9", now=NOON)

    assert audit_trail.verify(expected=[noted]).fault == ""


def test_a_trail_made_anew_is_found_by_a_hash_that_was_noted(app: Flask) -> None:
    write_down()
    noted = audit_trail.get_head()
    put([{**rows()[0], "seq": 99}])
    empty_stores()
    write_down()

    assert audit_trail.verify().fault == ""
    assert audit_trail.verify(expected=[noted]).fault


def test_details_are_forgotten_of_one_person_and_the_chain_stays_sound(app: Flask) -> None:
    audit.record("session.opened", actor_id=1, subject="user:1", now=NOON)
    audit.record("member.removed", actor_id=2, subject="user:1", now=NOON)
    audit.record("session.opened", actor_id=11, subject="user:11", now=NOON)
    head = audit_trail.get_head()

    stored_audit.forget_details(1)

    assert [(row["seq"], row["details"] is None, row["salt"] is None) for row in rows()] == [
        (1, True, True),
        (2, True, True),
        (3, False, False),
    ]
    assert (audit_trail.verify().fault, audit_trail.get_head()) == ("", head)


def test_details_are_forgotten_with_time_and_the_chain_stays_sound(app: Flask) -> None:
    write_down()

    count = stored_audit.forget_details_before(NOON + timedelta(minutes=3))

    assert count == 2
    assert [row["seq"] for row in rows() if row["details"] is None] == [1, 2]
    assert audit_trail.verify().fault == ""
    assert stored_audit.forget_details_before(NOON + timedelta(minutes=3)) == 0


def test_only_half_of_forgotten_details_is_found(app: Flask) -> None:
    write_down()
    with open_trail() as session:
        session.execute(update(AuditEvent).where(AuditEvent.seq == 2).values(salt=None))

    assert audit_trail.verify().fault == "The details of event 2 were changed."
