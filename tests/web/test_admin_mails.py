"""The mails to accounts, as admins see them where no mail leaves the machine."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from tests.browser import Browser
from tests.conftest import Cast, add_admin
from tests.web.mailing import link_to
from tests.web.stored import everything
from tracker import clock
from tracker.services import mails
from tracker.storage import sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.tables import Mail

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def adam(cast: Cast) -> int:
    """Adam, who runs the service."""
    return add_admin("adam@example.org", "Adam")


@pytest.fixture
def link(cast: Cast, browser: Browsers) -> str:
    """The link to a new password for Ada, written to the outbox."""
    browser(None).post("/password/forgotten", {"email": "ada@example.org"})
    assert mails.send_due(clock.now()) == 1
    return link_to("ada@example.org")


@pytest.fixture
def mail(link: str) -> str:
    """Where the mail with it is shown."""
    sql.session().rollback()
    return f"/admin/mails/{sql.session().scalar(select(Mail.id))}"


def reads() -> list[int | None]:
    """Who opened a mail, by the audit trail."""
    sql.session().rollback()
    return list(sql.session().scalars(select(AuditEvent.actor_id).where(AuditEvent.action == "mail.read")))


def test_the_trail_of_a_person_shows_who_opened_a_mail_to_them(
    adam: int, mail: str, cast: Cast, browser: Browsers
) -> None:
    browser(adam).get(mail)

    sql.session().rollback()
    read = sql.session().scalars(select(AuditEvent).where(AuditEvent.action == "mail.read")).one()
    assert (read.actor_id, read.subject) == (adam, f"user:{cast.ada}")
    assert f'"mail": {mail.rpartition("/")[2]}' in (read.details or "")


def test_an_admin_passes_a_link_on_and_that_they_opened_it_is_written_down(
    adam: int, link: str, mail: str, cast: Cast, browser: Browsers
) -> None:
    page = browser(adam).get("/admin/mails").text
    assert f'href="{mail}"' in page
    assert "ada@example.org" in page
    assert link not in page
    assert reads() == []

    assert link in browser(adam).get(mail).text
    assert reads() == [adam]


def test_a_link_that_was_used_or_is_over_is_shown_to_nobody(adam: int, link: str, mail: str, browser: Browsers) -> None:
    with travel(clock.now() + timedelta(hours=1, minutes=1)):
        assert link not in browser(adam).get(mail).text
    assert browser(None).post(link, {"password": "a staple of another kind"}).status_code == 302
    assert link not in browser(adam).get(mail).text
    assert reads() == []


def test_the_texts_of_mails_whose_links_are_over_are_deleted(app: Flask, link: str) -> None:
    assert mails.forget_links(clock.now()) == 0
    assert mails.forget_links(clock.now() + timedelta(hours=1)) == 1
    assert link not in str(everything()["mails"])


def test_to_everybody_but_admins_these_mails_are_not_there(mail: str, cast: Cast, browser: Browsers) -> None:
    before = everything()
    for person in (cast.ada, cast.lena, cast.omar, cast.vera):
        visitor = browser(person)
        before = everything()
        assert visitor.get("/admin/mails").status_code == 404
        assert visitor.get(mail).status_code == 404
        assert everything() == before
    assert browser(None).get(mail).status_code == 302


def test_mails_of_cohorts_are_not_among_them(adam: int, cast: Cast, browser: Browsers) -> None:
    lena = browser(cast.lena)
    cohort = lena.post("/cohorts", {"name": "Team"}).location
    lena.post(f"{cohort}/invitations/mailed", {"pasted": "new@example.org"})
    sql.session().rollback()
    invitation = sql.session().scalar(select(Mail.id))
    admin = browser(adam)
    assert "new@example.org" not in admin.get("/admin/mails").text
    assert admin.get(f"/admin/mails/{invitation}").status_code == 404
    assert admin.get("/admin/mails/2147483647").status_code == 404
