"""Sending mails: each once, by a server that may be down, refuse or hang up; leads see what became of theirs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOON, Cast
from tests.launcher import a_free_port
from tests.mail_server import Mailbox, a_mail_server
from tests.storage.test_mails import a_letter, queue_letters
from tracker.config import Config, SmtpServer
from tracker.errors import NotFound
from tracker.services import cohorts, mails
from tracker.services.mails import MOST_AT_ONCE, MOST_TRIES, Queued
from tracker.storage import mails as stored
from tracker.storage import post
from tracker.storage.cohort_tables import Cohort

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(app: Flask, config: Config) -> Iterator[int]:
    """Where the app looks for its mail server meanwhile."""
    port = a_free_port()
    known = {"instance": config.instance, "mail_from": config.mail_from}
    post.connect(app, smtp=SmtpServer(host="127.0.0.1", port=port), **known)
    yield port
    post.connect(app, smtp=None, **known)


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)


def queue(*keys: str, cohort: Cohort | None = None) -> None:
    """Queue mails to addresses that are like their keys."""
    letters = [a_letter(key, address=f"{key}@example.org", cohort_id=cohort and cohort.id) for key in keys]
    queue_letters(letters)


def listed(cohort: Cohort, cast: Cast, now: int = 0) -> list[Queued]:
    """What Lena sees of the mails, so many minutes after noon."""
    return list(mails.list_mails(cohort.public_id, lead_id=cast.lena, now=NOON + now * MINUTE).mails)


def test_what_is_due_is_sent_once_and_its_text_forgotten(
    mailbox: Mailbox, port: int, cohort: Cohort, cast: Cast
) -> None:
    queue("ada", "ben", cohort=cohort)

    with a_mail_server(mailbox, port=port):
        assert mails.send_due(NOON) == 2
        assert mails.send_due(NOON + DAY) == 0

    assert mailbox.recipients == ["ada@example.org", "ben@example.org"]
    assert [(mail.state, mail.sent_at, mail.text) for mail in listed(cohort, cast)] == [("sent", NOON, "")] * 2
    assert stored.list_of(cohort.id, before=None, most=1)[0].text == ""


def test_while_the_server_is_down_all_wait_longer_each_time_and_then_arrive(
    mailbox: Mailbox, port: int, cohort: Cohort, cast: Cast
) -> None:
    queue("ada", "ben", cohort=cohort)

    assert [mails.send_due(NOON), mails.send_due(NOON), mails.send_due(NOON + MINUTE)] == [0, 0, 0]

    for mail in listed(cohort, cast):
        assert (mail.state, mail.due_at) == ("tried", NOON + 5 * MINUTE)
        assert mail.problem
        assert mail.problem.startswith("The mail server cannot be reached")
    with a_mail_server(mailbox, port=port):
        assert mails.send_due(NOON + 4 * MINUTE) == 0
        assert mails.send_due(NOON + 5 * MINUTE) == 2
    assert [(mail.state, mail.problem) for mail in listed(cohort, cast)] == [("sent", None)] * 2


def test_an_address_that_is_refused_stops_no_other(mailbox: Mailbox, port: int, cohort: Cohort, cast: Cast) -> None:
    mailbox.refused.add("gone@example.org")
    queue("gone", "ada", cohort=cohort)

    with a_mail_server(mailbox, port=port):
        assert mails.send_due(NOON) == 1

    ada, gone = listed(cohort, cast)
    assert (ada.state, gone.state) == ("sent", "tried")
    assert gone.problem == "The mail server did not take it: 550 5.1.1 No such mailbox here"


def test_one_on_which_the_server_hangs_up_lets_the_others_go_in_the_next_round(mailbox: Mailbox, port: int) -> None:
    mailbox.hung_up_on.add("bad@example.org")
    queue("bad", "ada", "ben")

    with a_mail_server(mailbox, port=port):
        assert [mails.send_due(NOON), mails.send_due(NOON)] == [0, 2]

    assert mailbox.recipients[-2:] == ["ada@example.org", "ben@example.org"]


def test_a_round_sends_some_and_the_next_goes_on(mailbox: Mailbox, port: int) -> None:
    queue(*(f"ada{number}" for number in range(MOST_AT_ONCE + 1)))

    with a_mail_server(mailbox, port=port):
        assert [mails.send_due(NOON) for _ in range(3)] == [MOST_AT_ONCE, 1, 0]

    assert len(set(mailbox.recipients)) == MOST_AT_ONCE + 1


def test_after_three_days_in_vain_it_is_given_up_and_its_text_is_the_leads_to_pass_on(
    mailbox: Mailbox, port: int, cohort: Cohort, cast: Cast
) -> None:
    queue("ada", cohort=cohort)
    now, tries = NOON, 0
    while listed(cohort, cast)[0].state != "given up":
        mails.send_due(now)
        now, tries = listed(cohort, cast)[0].due_at, tries + 1

    assert tries == MOST_TRIES
    assert 2.5 * DAY < now - NOON < 3.5 * DAY
    assert listed(cohort, cast)[0].text == "Come."
    with a_mail_server(mailbox, port=port):
        assert mails.send_due(now + DAY) == 0
    assert mailbox.messages == []


def test_what_nobody_needs_any_more_is_not_sent(mailbox: Mailbox, port: int, cohort: Cohort, cast: Cast) -> None:
    queue_letters([replace(a_letter(cohort_id=cohort.id), expires_at=NOON + MINUTE)])

    with a_mail_server(mailbox, port=port):
        assert mails.send_due(NOON + MINUTE) == 0

    assert [mail.state for mail in listed(cohort, cast, 1)] == ["too late"]


def test_what_was_sent_but_not_noted_is_sent_again_and_known_as_the_same(mailbox: Mailbox, port: int) -> None:
    queue("ada")
    [mail] = stored.list_due(now=NOON, most_tries=MOST_TRIES, most=1)
    with a_mail_server(mailbox, port=port):
        with post.opened() as send:
            send(mail, NOON)  # and the process dies here

        assert mails.send_due(NOON + MINUTE) == 1

    first, again = mailbox.messages
    assert first["Message-ID"] == again["Message-ID"]


def test_without_a_server_it_is_written_to_the_outbox_and_the_lead_reads_its_text(
    config: Config, cohort: Cohort, cast: Cast
) -> None:
    queue("ada", cohort=cohort)

    assert [mails.send_due(NOON), mails.send_due(NOON)] == [1, 0]

    [mail] = listed(cohort, cast)
    assert (mail.state, mail.sent_at, mail.text) == ("written", NOON, "Come.")
    assert len([*(config.instance / "outbox").glob("*-ada.eml")]) == 1
    assert not mails.list_mails(cohort.public_id, lead_id=cast.lena, now=NOON).leaves_machine


def test_nobody_but_its_leads_sees_the_mails_of_a_cohort(cohort: Cohort, cast: Cast) -> None:
    cohorts_of_others = cohorts.create_cohort("Others", lead_id=cast.omar, now=NOON)
    queue("ada", cohort=cohort)

    for user_id in (cast.ada, cast.omar, cast.vera):
        with pytest.raises(NotFound):
            mails.list_mails(cohort.public_id, lead_id=user_id, now=NOON)
    assert mails.list_mails(cohorts_of_others.public_id, lead_id=cast.omar, now=NOON).mails == []


def test_long_lists_come_in_parts(cohort: Cohort, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "LISTED", 2)
    queue("a", "b", "c", cohort=cohort)

    first = mails.list_mails(cohort.public_id, lead_id=cast.lena, now=NOON)
    second = mails.list_mails(cohort.public_id, lead_id=cast.lena, now=NOON, before=first.older)

    assert [mail.address[0] for mail in first.mails] == ["c", "b"]
    assert ([mail.address[0] for mail in second.mails], second.older) == (["a"], None)
