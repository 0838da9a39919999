"""One's own data over HTTP: what is kept, the download, being erased."""

import io
import re
from collections.abc import Callable
from zipfile import ZipFile

import pytest

from tests.browser import Browser
from tests.conftest import PASSWORD, PASSWORD_HASH, Cast, add_admin
from tests.web.stored import everything
from tracker import clock
from tracker.services import accounts, cohorts
from tracker.storage import accounts as stored_accounts
from tracker.storage import sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.tables import User

Browsers = Callable[[int | None], Browser]
SURE = {"typed": "Ada@example.org ", "password": PASSWORD}


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_says_what_is_kept_for_how_long(ada: Browser) -> None:
    page = words(ada.get("/account/data").text)

    assert "Who looked at your results 365 days" in page
    assert "Mails to you 30 days after they were sent" in page
    assert 'href="/account/data"' in ada.get("/account").text


def test_the_download_is_a_zip_for_its_owner_alone(ada: Browser, cast: Cast, browser: Browsers) -> None:
    file = ada.get("/account/data/download")

    assert file.status_code == 200
    assert file.mimetype == "application/zip"
    assert file.headers["Cache-Control"] == "no-store"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.headers["Content-Disposition"] == f'attachment; filename="skillmark-data-{clock.now():%Y-%m-%d}.zip"'
    assert b"ada@example.org" in ZipFile(io.BytesIO(file.data)).read("account.json")
    omars = ZipFile(io.BytesIO(browser(cast.omar).get("/account/data/download").data))
    assert not any(b"ada@example.org" in omars.read(name) for name in omars.namelist())


def test_a_download_is_written_down(ada: Browser, cast: Cast) -> None:
    ada.get("/account/data/download")

    (event,) = sql.session().query(AuditEvent).filter_by(action="data.exported")
    assert (event.actor_id, event.subject) == (cast.ada, f"user:{cast.ada}")


def test_more_than_ten_downloads_an_hour_are_refused(ada: Browser) -> None:
    statuses = [ada.get("/account/data/download").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_who_is_erased_is_signed_out_everywhere_and_can_sign_in_no_more(
    ada: Browser, cast: Cast, browser: Browsers
) -> None:
    elsewhere = browser(cast.ada)

    erased = ada.post("/account/data/erase", SURE)

    assert (erased.status_code, erased.location) == (302, "/")
    assert "Your account is erased" in ada.get("/").text
    assert elsewhere.get("/account").location.startswith("/sign-in")
    refused = browser(None).post("/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    assert refused.status_code == 401
    assert sql.session().get(User, cast.ada) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"typed": ""}, "Type your address."),
        ({"typed": "omar@example.org"}, "This is not your address."),
        ({"password": ""}, "This is not your password."),
        ({"password": "another four words"}, "This is not your password."),
    ],
)
def test_what_does_not_fit_erases_nobody_and_says_why(ada: Browser, changed: dict[str, str], sentence: str) -> None:
    before = everything()

    refused = ada.post("/account/data/erase", SURE | changed)

    assert refused.status_code == 400
    assert sentence in refused.text
    assert everything() == before


def test_who_has_no_password_types_the_address_alone(ada: Browser, cast: Cast) -> None:
    stored_accounts.renew_password_hash(cast.ada, "", instead_of=PASSWORD_HASH)

    assert 'name="password"' not in ada.get("/account/data").text
    assert ada.post("/account/data/erase", {"typed": "ada@example.org"}).status_code == 302


def test_the_last_admin_reads_why_and_is_not_erased(app: object, browser: Browsers) -> None:
    admin = browser(add_admin("adam@example.org", "Adam"))
    before = everything()

    assert "The only admin cannot be erased." in admin.get("/account/data").text
    refused = admin.post("/account/data/erase", {"typed": "adam@example.org", "password": PASSWORD})

    assert refused.status_code == 409
    assert "Make somebody else an admin first" in refused.text
    assert everything() == before


def test_who_leads_a_cohort_alone_reads_which(cast: Cast, browser: Browsers) -> None:
    cohort = cohorts.create_cohort("Guild of <B>", lead_id=cast.lena, now=clock.now())
    cohorts.join(
        cohorts.invite(cohort.public_id, lead_id=cast.lena, now=clock.now()), user_id=cast.ada, now=clock.now()
    )

    page = browser(cast.lena).get("/account/data").text

    assert "Nobody else leads Guild of &lt;B&gt;." in page
    assert 'action="/account/data/erase"' not in page


def test_their_attempt_is_not_found_by_a_page_that_was_open(ada: Browser, path: str, cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=clock.now())
    assert token

    ada.post("/account/data/erase", SURE)

    assert ada.post(f"{path}/responses", {"seq": "1", "position": "0", "item": "v", "then": "1"}).status_code == 401
