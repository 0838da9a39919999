"""A cohort's people over HTTP: invited by link and by list, let in, made leads, taken out."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.config import Config, SmtpServer
from tracker.services import cohort_settings, cohorts, leads
from tracker.storage import post, sql
from tracker.storage.cohort_tables import Invitation
from tracker.storage.tables import Mail

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def lena(cast: Cast, cohort: str, browser: Browsers) -> Browser:
    """Lena's browser."""
    return browser(cast.lena)


@pytest.fixture
def cohort(cast: Cast) -> str:
    """Where Lena's cohort is; Ada is in it, and Vera waits to be let in."""
    now = clock.now()
    made = cohorts.create_cohort("Guild", lead_id=cast.lena, now=now)
    token = cohorts.invite(made.public_id, lead_id=cast.lena, now=now)
    cohorts.join(token, user_id=cast.ada, now=now)
    cohort_settings.change_settings(
        made.public_id, lead_id=cast.lena, name="Guild", sees=Sees.LEVELS, joining=Joining.APPROVED, now=clock.now()
    )
    cohorts.join(token, user_id=cast.vera, now=now)
    return f"/cohorts/{made.public_id}"


def invited() -> list[str]:
    """The addresses that mails are for by now."""
    sql.session().rollback()
    return list(sql.session().scalars(select(Mail.address).order_by(Mail.id)))


def test_the_page_names_members_leads_and_who_waits_with_what_they_agreed_to(lena: Browser, cohort: str) -> None:
    page = re.sub(r"\s+", " ", lena.get(f"{cohort}/people").text)

    assert "1 member</h2>" in page
    assert "1 lead</h2>" in page
    assert re.search(r"Vera <span class=\"soft\">vera@example.org, asked on .*, agreed to levels", page)
    assert re.search(r">Ada</a> <span class=\"soft\">ada@example.org", page)
    assert "You lead it alone" in page


def test_where_somebody_is_taken_out_it_is_said_whether_an_invitation_lets_them_back_in(
    lena: Browser, cohort: str
) -> None:
    def said() -> str:
        return re.sub(r"\s+", " ", lena.get(f"{cohort}/people").text)

    assert 'join again by 1 invitation that still works: <a href="#link-heading">stop</a>' in said()

    sql.session().rollback()
    (link,) = sql.session().scalars(select(Invitation.public_id))
    lena.post(f"{cohort}/invitations/{link}/revoke")

    assert "join again by a new invitation only" in said()


def test_a_link_is_for_as_many_people_and_days_as_were_chosen(lena: Browser, cohort: str) -> None:
    lena.post(f"{cohort}/invitations", {"days": "7", "most_uses": "3"})

    sql.session().rollback()
    made = sql.session().scalars(select(Invitation).where(Invitation.most_uses.is_not(None))).one()
    assert ((made.expires_at - made.created_at).days, made.most_uses) == (7, 3)
    page = lena.get(f"{cohort}/people").text
    assert re.search(r'value="[^"]+/invitations/[^"]+"', page)
    line = re.sub(r"\s+", " ", page)
    assert "Made by Lena on <time" in line
    assert "used 0 of 3 times" in line


@pytest.mark.parametrize(
    "sent", [{"days": "2"}, {"days": ""}, {"days": "7", "most_uses": "0"}, {"days": "7", "most_uses": "1001"}]
)
def test_a_link_with_other_terms_is_refused(lena: Browser, cohort: str, sent: dict[str, str]) -> None:
    before = everything()

    refused = lena.post(f"{cohort}/invitations", sent)

    assert refused.status_code == 400
    assert 'class="field-error"' in refused.text
    assert everything() == before


def test_a_pasted_list_is_invited_and_told_who_needed_no_invitation(lena: Browser, cohort: str) -> None:
    sent = lena.post(f"{cohort}/invitations/mailed", {"pasted": "one@example.org\r\nada@example.org\r\nTwo;two@x.org"})

    assert sent.location == f"{cohort}/people"
    page = lena.get(f"{cohort}/people").text
    assert "2 invitations are written, not sent: no mail leaves this machine." in page
    assert f'<a href="{cohort}/mails">Pass them on from Mails</a>' in page
    assert "In the cohort already: ada@example.org." in page
    assert invited() == ["one@example.org", "two@x.org"]


def test_with_a_mail_server_invitations_are_on_the_way(
    app: Flask, config: Config, lena: Browser, cohort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = post.Post(smtp=SmtpServer("127.0.0.1", 25), outbox=config.instance, mail_from=config.mail_from)
    monkeypatch.setitem(app.extensions, post.EXTENSION, known)

    lena.post(f"{cohort}/invitations/mailed", {"pasted": "one@example.org\ntwo@example.org"})

    assert "2 invitations are on the way." in lena.get(f"{cohort}/people").text


def test_a_file_is_read_when_nothing_is_pasted(lena: Browser, cohort: str) -> None:
    file = (io.BytesIO("\ufeffName;E-mail\r\nJürgen;juergen@example.org\r\n".encode()), "people.csv")

    lena.post(f"{cohort}/invitations/mailed", {"pasted": " \r\n", "file": file})

    assert "1 invitation is written, not sent" in lena.get(f"{cohort}/people").text
    assert invited() == ["juergen@example.org"]


def test_a_list_with_a_wrong_line_invites_nobody_names_the_line_and_is_kept(lena: Browser, cohort: str) -> None:
    before = everything()

    refused = lena.post(f"{cohort}/invitations/mailed", {"pasted": "one@example.org\r\n<b>two"})

    assert refused.status_code == 400
    assert "<li>Line 2, &lt;b&gt;two: there is no email address in it.</li><li>Nobody was invited.</li>" in refused.text
    top = refused.text.index('<a href="#pasted">Addresses</a>: Line 2, &lt;b&gt;two')
    assert top < refused.text.index('id="pasted"') < refused.text.index('id="members-heading"')
    assert re.search(r"<textarea[^>]*>\s*one@example.org\r?\n&lt;b&gt;two</textarea>", refused.text)
    assert everything() == before


@pytest.mark.parametrize("sent", [{}, {"pasted": "  "}, {"pasted": "x" * 100_001}])
def test_no_list_or_one_too_long_is_refused(lena: Browser, cohort: str, sent: dict[str, str]) -> None:
    before = everything()
    assert lena.post(f"{cohort}/invitations/mailed", sent).status_code == 400
    assert everything() == before


def test_a_file_of_over_a_mebibyte_is_refused(lena: Browser, cohort: str) -> None:
    before = everything()
    file = (io.BytesIO(b"ada@example.org\n" * 2**16), "people.csv")

    assert lena.post(f"{cohort}/invitations/mailed", {"file": file}).status_code == 413
    assert everything() == before


def test_lists_are_taken_so_often_an_hour(lena: Browser, cohort: str) -> None:
    statuses = [lena.post(f"{cohort}/invitations/mailed", {"pasted": "ada@example.org"}).status_code for _ in range(21)]
    assert statuses == [302] * 20 + [429]


def test_who_was_let_in_sees_the_cohort_and_who_was_refused_does_not(
    lena: Browser, cohort: str, cast: Cast, browser: Browsers
) -> None:
    vera = browser(cast.vera)
    assert vera.get(cohort).status_code == 404
    assert "Waiting to be let in" in vera.get("/cohorts").text

    assert lena.post(f"{cohort}/requests/{cast.vera}/let-in").location == f"{cohort}/people"

    assert vera.get(cohort).status_code == 200
    assert "Waiting to be let in" not in vera.get("/cohorts").text
    lena.post(f"{cohort}/requests/{cast.omar}/let-in")
    assert "They do not wait any more." in lena.get(f"{cohort}/people").text
    assert browser(cast.omar).get(cohort).status_code == 404


def test_who_takes_a_request_back_is_seen_by_the_leads_no_more(
    lena: Browser, cohort: str, cast: Cast, browser: Browsers
) -> None:
    vera = browser(cast.vera)

    assert vera.post(f"{cohort}/request/take-back").location == "/cohorts"

    assert "Vera" not in lena.get(f"{cohort}/people").text
    assert "Waiting to be let in" not in vera.get("/cohorts").text


def test_a_member_made_a_lead_signs_in_again_and_sees_what_leads_see(
    lena: Browser, cohort: str, cast: Cast, browser: Browsers
) -> None:
    ada = browser(cast.ada)
    assert ada.get(f"{cohort}/people").status_code == 404

    lena.post(f"{cohort}/members/{cast.ada}/lead")

    assert ada.get(f"{cohort}/people").location == f"/sign-in?next={cohort}/people"
    assert browser(cast.ada).get(f"{cohort}/people").status_code == 200
    page = lena.get(f"{cohort}/people").text
    assert "Ada leads the cohort too." in page
    assert "1 mail about it is written, not sent" in page


def test_a_lead_who_steps_back_agrees_to_what_the_page_said(
    lena: Browser, cohort: str, cast: Cast, browser: Browsers
) -> None:
    leads.make_lead(cohort.rpartition("/")[2], member_id=cast.ada, lead_id=cast.lena, now=clock.now())
    before = everything()
    assert lena.post(f"{cohort}/step-back", {"sees": "all"}).status_code == 400
    assert everything() == before

    assert lena.post(f"{cohort}/step-back", {"sees": "levels"}).location == cohort

    assert "You are a member now." in lena.get(cohort).text
    assert lena.get(f"{cohort}/people").status_code == 404
    assert browser(cast.ada).post(f"{cohort}/step-back", {"sees": "levels"}).status_code == 409
