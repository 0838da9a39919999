"""The authors' pages: coverage, list and item, and what learners are told of a proof."""

import re
from html import unescape

import pytest
from flask import Flask

from tests.browser import Browser
from tests.builders import a_proof_result, take
from tests.conftest import NOON, Cast
from tests.web.forms import form, forms
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.services import accounts
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

PROVED = "Key proved by running it on Python 3.11.7, Django 5.2.19."
SINGLE = "language/syntax/single"
FAMILY = "language/oop/loops"


@pytest.fixture
def vera(small_app: Flask, cast: Cast) -> Browser:
    """The browser of somebody who writes items, on the small bank."""
    return Browser(small_app, cast.vera)


def listed(page: str) -> list[str]:
    """The ids of the items in a list."""
    return re.findall(r'href="/bank/items/([^"]+)"', page)


def a_failure(version: str) -> ProofResult:
    return a_proof_result(version, state=ProofState.FAILED, doubts=("Option <a> is no key and holds.",))


# who


def test_only_those_who_may_author_are_shown_the_way_to_the_bank(small_app: Flask, cast: Cast) -> None:
    root = accounts.create_admin(email="root@example.org", name="Root", password="four words make one", now=NOON)

    shown = {
        name: 'href="/bank"' in Browser(small_app, user_id).get("/assessments").text
        for name, user_id in (("Ada", cast.ada), ("Lena", cast.lena), ("Omar", cast.omar), ("Vera", cast.vera))
    }

    assert shown == {"Ada": False, "Lena": False, "Omar": False, "Vera": True}
    assert 'href="/bank"' in Browser(small_app, root.id).get("/assessments").text
    assert Browser(small_app, root.id).get(f"/bank/items/{SINGLE}").status_code == 200


# coverage and list


def test_the_coverage_links_each_topic_and_each_state_to_its_items(vera: Browser) -> None:
    page = vera.get("/bank").text

    links = [unescape(link) for link in re.findall(r'href="(/bank\?[^"]+)"', page)]
    assert links == [
        *("/bank?state=cited&status=live", "/bank?state=unproved&status=live", "/bank?health=unmeasured&status=live"),
        *("/bank?place=language", "/bank?place=language/syntax", "/bank?place=language/oop"),
        *("/bank?place=tools", "/bank?place=tools/git"),
    ]
    assert listed(page) == []
    counts = [len(listed(vera.get(link).text)) for link in links]
    assert counts == [8, 3, 11, 11, 8, 3, 1, 1]


def test_the_form_asks_by_address_and_stays_filled_in(vera: Browser) -> None:
    page = vera.get("/bank?place=language/oop&type=&level=&state=&status=retired").text

    assert listed(page) == ["language/oop/old"]
    assert form(page, "/bank").values == {
        "place": ["language/oop"],
        "type": [""],
        "level": [""],
        "state": [""],
        "status": ["retired"],
        "health": [""],
    }


@pytest.mark.parametrize("field", ["place", "type", "level", "state", "status", "health"])
@pytest.mark.parametrize("value", ["unknown", "%00", "<script>", "9" * 5000, "language%2Fsyntax%2Fsingle"])
def test_a_choice_that_there_is_not_is_said_and_left_out(vera: Browser, field: str, value: str) -> None:
    response = vera.get(f"/bank?{field}={value}")

    assert response.status_code == 200
    assert response.text.count("Not a valid choice.") == 1
    assert len(listed(response.text)) == 12
    assert "<script>" not in response.text


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "", "9" * 30, "9" * 5000])
def test_a_page_that_there_is_not_is_the_nearest(vera: Browser, page: str) -> None:
    assert len(listed(vera.get(f"/bank?page={page}").text)) == 12


def test_pages_are_plain_links_that_keep_what_was_asked_for(app: Flask, cast: Cast) -> None:
    vera = Browser(app, cast.vera)
    first = vera.get("/bank?status=live").text
    links = [unescape(link) for link in re.findall(r'href="(/bank\?page=[^"]+)"', first)]

    assert links[:2] == ["/bank?page=1&status=live", "/bank?page=2&status=live"]
    every = [item_id for link in links for item_id in listed(vera.get(link).text)]
    assert sorted(every) == sorted({entry.id for entries in get_bank().live_by_topic.values() for entry in entries})


def test_nothing_found_says_what_to_do(vera: Browser) -> None:
    assert "No item fits all of that." in vera.get("/bank?place=tools&level=1").text


# an item


@pytest.mark.parametrize("name", REGISTRY)
def test_every_type_has_a_preview_without_a_form_and_its_key(vera: Browser, name: str) -> None:
    page = vera.get(f"/bank/items/language/syntax/{name}").text

    assert f'value="question_bank/items/language/syntax/{name}.toml"' in page
    assert 'name="answer"' in page
    assert [each for each in forms(page) if "answer" in {*each.values, *each.choices, *each.boxes}] == []
    preview, _, key = page.partition('id="key-heading"')
    assert "Because of" in key
    assert "Because of" not in preview


def test_an_items_proof_is_told_in_full(vera: Browser) -> None:
    version = get_bank().items[SINGLE].version
    assert f"flask bank prove {SINGLE}" in vera.get(f"/bank/items/{SINGLE}").text

    save_proofs([a_proof_result(version)])
    page = vera.get(f"/bank/items/{SINGLE}").text
    assert "Key proved on Python 3.11.7, Django 5.2.19." in page
    assert '<time datetime="2026-11-02T12:00:00Z">' in page
    assert "a comment of the proof" in page

    save_proofs([a_failure(version)])
    page = vera.get(f"/bank/items/{SINGLE}").text
    assert "The proof failed on Python 3.11.7, Django 5.2.19." in page
    assert "Option &lt;a&gt; is no key and holds." in page
    assert "Key proved" not in page


def test_a_variant_of_a_family_is_chosen_by_its_parameters(vera: Browser) -> None:
    surface = get_bank().families[FAMILY].surfaces[2]

    page = vera.get(f"/bank/items/{FAMILY}?variant={surface}").text

    assert f'<option value="{surface}" selected>stop 6 (not proved here)</option>' in page
    assert page.count("selected>") == 1
    assert "range(6)" in page


def test_a_retired_item_says_since_when_why_and_what_took_its_place(vera: Browser) -> None:
    page = vera.get("/bank/items/language/oop/old").text

    assert '<time datetime="2026-11-01">2026-11-01</time>: It aged.' in page
    assert 'href="/bank/items/language/oop/new"' in page


# what learners are told


def test_a_result_says_on_what_its_keys_were_proved_and_nothing_of_failures(app: Flask, cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON)
    ada = Browser(app, cast.ada)
    path = f"/attempts/{attempt.id}/result"
    versions = [place.item_version for place in attempt.form]
    assert "Key proved" not in ada.get(path).text

    save_proofs([*map(a_proof_result, versions[:3]), *map(a_failure, versions[3:])])
    page = ada.get(path).text

    assert page.count(PROVED) == 3
    assert "Option &lt;a&gt;" not in page
    assert page.count("Django 5.2.19") == 3


def test_the_sample_on_the_front_page_says_on_what_its_key_was_proved(small_app: Flask) -> None:
    visitor = Browser(small_app, None)
    version = get_bank().sample.version
    assert "Key proved" not in visitor.get("/").text

    save_proofs([a_failure(version)])
    assert "Django 5.2.19" not in visitor.get("/").text

    save_proofs([a_proof_result(version)])
    assert visitor.get("/").text.count(PROVED) == 1
