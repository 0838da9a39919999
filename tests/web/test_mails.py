"""The page of a cohort's mails: what became of each, and the text where somebody must pass it on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser import Browser
from tests.conftest import NOON, Cast
from tests.storage.test_mails import a_letter, queue_letters
from tracker.services import cohorts, mails
from tracker.storage import mails as stored
from tracker.storage.cohort_tables import Cohort

Browse = Callable[[int | None], Browser]


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)


def shown(cohort: Cohort, browser: Browser, query: str = "") -> str:
    return " ".join(browser.get(f"/cohorts/{cohort.public_id}/mails{query}").text.split())


def test_where_no_mail_leaves_the_machine_the_page_says_so_and_shows_the_text(
    cohort: Cohort, cast: Cast, browser: Browse
) -> None:
    queue_letters([a_letter(cohort_id=cohort.id, text="Come <b>here</b>:\nhttps://x.example/1")])
    mails.send_due(NOON)

    page = shown(cohort, browser(cast.lena))

    assert "No mail leaves this machine" in page
    assert "To ada@example.org<" in page
    assert "Not sent: written to a file on" in page
    assert "Come &lt;b&gt;here&lt;/b&gt;: https://x.example/1" in page


def test_what_waits_or_failed_says_when_and_why_and_keeps_its_text_to_itself(
    cohort: Cohort, cast: Cast, browser: Browse
) -> None:
    queue_letters([a_letter("a", cohort_id=cohort.id), a_letter("b", cohort_id=cohort.id)])
    [_, failed] = stored.list_of(cohort.id, before=None, most=2)
    stored.note_unsent([(failed.id, NOON + timedelta(minutes=1))], problem="550 <No such mailbox>")

    page = shown(cohort, browser(cast.lena))

    assert "Waits: it is due on" in page
    assert "Not sent yet. It is tried again on" in page
    assert "550 &lt;No such mailbox&gt;" in page
    assert "Come." not in page


def test_without_mails_the_page_says_what_makes_some(cohort: Cohort, cast: Cast, browser: Browse) -> None:
    assert "There are none yet." in shown(cohort, browser(cast.lena))


def test_older_mails_are_a_link_away(
    cohort: Cohort, cast: Cast, browser: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "LISTED", 1)
    queue_letters([a_letter(key, subject=key, cohort_id=cohort.id) for key in ("first", "last")])
    newest, _ = stored.list_of(cohort.id, before=None, most=2)

    assert f"/mails?before={newest.id}" in shown(cohort, browser(cast.lena))
    older = shown(cohort, browser(cast.lena), f"?before={newest.id}")
    assert "first" in older
    assert "Older mails" not in older


@pytest.mark.parametrize("before", ["x", "-1", "0", str(2**63), ""])
def test_a_place_that_is_none_shows_the_newest(cohort: Cohort, cast: Cast, browser: Browse, before: str) -> None:
    queue_letters([a_letter(cohort_id=cohort.id)])

    assert "You are invited" in shown(cohort, browser(cast.lena), f"?before={before}")
