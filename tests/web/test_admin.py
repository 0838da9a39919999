"""The pages of admins: people, one person, the audit trail."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser import Browser
from tests.builders import coming_from
from tests.conftest import NOON, Cast, add_admin
from tracker.services import audit
from tracker.services.audit_trail import LISTED
from tracker.storage import audit as stored_audit
from tracker.storage.accounts import get_user

Browse = Callable[[int | None], Browser]


@pytest.fixture
def adam(cast: Cast, browser: Browse) -> Browser:
    return browser(add_admin("adam@example.org", "Adam"))


def shown(browser: Browser, path: str) -> str:
    return " ".join(browser.get(path).text.split())


def events(page: str) -> list[str]:
    """The rows of the audit trail, as they are read."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2])
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def write_down(*, actor_id: int, subject: str, minutes: int = 0, action: str = "cohort.made") -> None:
    with coming_from("192.0.2.1"):
        audit.record(action, actor_id=actor_id, subject=subject, now=NOON + timedelta(minutes=minutes))


def test_only_admins_have_a_link_to_their_pages(cast: Cast, adam: Browser, browser: Browse) -> None:
    assert 'href="/admin/people"' in shown(adam, "/")
    assert "/admin" not in shown(browser(cast.lena), "/")


def test_an_admin_finds_somebody_and_makes_them_an_author(cast: Cast, adam: Browser) -> None:
    found = shown(adam, "/admin/people?wanted=ada%40")
    assert f'href="/admin/people/{cast.ada}">Ada</a>' in found
    assert "Omar" not in found

    answer = adam.post(f"/admin/people/{cast.ada}/author/give")

    assert answer.location == f"/admin/people/{cast.ada}"
    page = shown(adam, answer.location)
    assert "They are an author now." in page
    assert "Make them no author" in page


def test_where_nobody_fits_the_page_says_so(adam: Browser) -> None:
    assert "Nobody has a name or an address with that in it." in shown(adam, "/admin/people?wanted=xyzzy")


def test_somebody_who_is_disabled_is_out_at_their_next_request(cast: Cast, adam: Browser, browser: Browse) -> None:
    ada = browser(cast.ada)
    assert ada.get("/account").status_code == 200

    adam.post(f"/admin/people/{cast.ada}/disable")

    assert ada.get("/account").status_code == 302
    assert "they cannot sign in, and nothing of theirs is lost" in shown(adam, f"/admin/people/{cast.ada}")
    row = " ".join(re.sub(r"<[^>]+>", "", shown(adam, "/admin/people?wanted=ada%40")).split())
    assert re.search(r"disabled on [^,]+, here since ", row)


def test_on_their_own_page_an_admin_is_told_that_another_one_changes_it(cast: Cast, adam: Browser) -> None:
    own = next(path for path in re.findall(r"/admin/people/\d+", shown(adam, "/admin/people?wanted=adam")))

    assert "only another admin changes" in shown(adam, own)
    assert adam.post(f"{own}/disable").status_code == 409


def test_a_name_is_shown_as_it_was_typed(cast: Cast, adam: Browser, browser: Browse) -> None:
    browser(cast.ada).post("/account/profile", {"name": "<b>Ada</b>", "zone": "UTC"})

    for path in ("/admin/people", f"/admin/people/{cast.ada}", "/admin/audit"):
        page = shown(adam, path)
        assert "&lt;b&gt;Ada" in page
        assert "<b>Ada" not in page


def test_the_audit_trail_says_who_did_what_to_whom_newest_first(cast: Cast, adam: Browser) -> None:
    write_down(actor_id=cast.lena, subject="cohort:c1")
    write_down(actor_id=cast.lena, subject=f"user:{cast.ada}", minutes=1, action="member.removed")

    newest, older, *_ = events(shown(adam, "/admin/audit"))

    assert newest.endswith("2 Nov 2026, 12:01 Lena Taken out of a cohort Ada address: 192.0.2.1")
    assert older.endswith("2 Nov 2026, 12:00 Lena Cohort made cohort:c1 address: 192.0.2.1")


def test_whoever_is_gone_and_what_was_forgotten_is_said_to_be(cast: Cast, adam: Browser) -> None:
    write_down(actor_id=987654321, subject="user:987654321", action="session.opened")
    stored_audit.forget_details(987654321)

    assert events(shown(adam, "/admin/audit"))[0].endswith(
        "Person 987654321, who is gone Signed in Themselves Forgotten"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("person=ada@example.org", ["to Ada", "by Ada"]),
        ("person={ada}", ["to Ada", "by Ada"]),
        ("person=nobody@example.org", []),
        ("person=99999999999999999999", []),
        ("action=member.removed", ["to Ada"]),
        ("since=2026-11-03&until=2026-11-03", ["to Ada"]),
        ("until=2026-11-02", ["by Omar", "by Ada"]),
        ("person=ada@example.org&until=2026-11-02", ["by Ada"]),
    ],
)
def test_the_audit_trail_is_filtered_by_person_deed_and_day(
    cast: Cast, adam: Browser, query: str, expected: list[str]
) -> None:
    write_down(actor_id=cast.ada, subject="cohort:by Ada")
    write_down(actor_id=cast.omar, subject="cohort:by Omar")
    write_down(actor_id=cast.lena, subject=f"user:{cast.ada}", minutes=24 * 60, action="member.removed")

    page = shown(adam, f"/admin/audit?{query.format(ada=cast.ada)}")

    told = {"Lena Taken out of a cohort Ada": "to Ada", "cohort:by Ada": "by Ada", "cohort:by Omar": "by Omar"}
    found = [name for event in events(page) for words, name in told.items() if words in event]
    assert found == expected
    assert ("Nothing that fits was written down." in page) == (not expected)


@pytest.mark.parametrize(
    "query", ["action=unknown", "since=yesterday", "until=9999-12-31", "since=0001-01-01", "before=-1", "before=x"]
)
def test_what_cannot_be_understood_in_the_address_does_not_matter(cast: Cast, adam: Browser, query: str) -> None:
    write_down(actor_id=cast.ada, subject="cohort:c1")

    answer = adam.get(f"/admin/audit?{query}")

    assert answer.status_code == 200
    assert "cohort:c1" in answer.text


def test_older_events_are_a_link_away_and_keep_the_filter(cast: Cast, adam: Browser) -> None:
    for number in range(LISTED + 1):
        write_down(actor_id=cast.ada, subject=f"cohort:{number}.")

    page = shown(adam, "/admin/audit?person=ada@example.org")
    (older,) = re.findall(r'href="(/admin/audit\?before[^"]+)"', page)

    assert len(events(page)) == LISTED
    assert [event for event in events(shown(adam, older.replace("&amp;", "&"))) if "cohort:0." in event]
    assert "person=ada" in older


def test_a_role_that_the_command_gave_is_in_the_trail_as_a_commands_deed(cast: Cast, adam: Browser) -> None:
    audit.record("author.given", actor_id=None, subject=f"user:{cast.ada}", now=NOON)

    assert events(shown(adam, "/admin/audit"))[0].endswith("Skillmark Made an author Ada address: command")


def test_the_address_of_a_request_is_written_down(cast: Cast, adam: Browser) -> None:
    adam.post(f"/admin/people/{cast.ada}/author/give")

    assert events(shown(adam, "/admin/audit"))[0].endswith("Adam Made an author Ada address: 127.0.0.1")
    assert get_user(cast.ada).is_author
