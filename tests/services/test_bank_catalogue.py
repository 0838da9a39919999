"""What an author finds in the bank, and who finds nothing there."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.builders import a_proof_result
from tracker.assessment.key_state import KeyState
from tracker.assessment.proof_result import ProofState
from tracker.errors import NotFound
from tracker.services import bank_catalogue
from tracker.services.accounts import Person
from tracker.services.bank_catalogue import PAGE_SIZE, Listing, Wanted
from tracker.services.bank_quality import get_stats
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

VERA = Person(id=4, name="Vera", email="vera@example.org", zone="UTC", is_admin=False, is_author=True)
ROOT = replace(VERA, is_admin=True, is_author=False)
OMAR = replace(VERA, is_author=False)


def found(**wanted: str) -> list[str]:
    """The names of what fits."""
    return [row.entry.slug for row in search(**wanted).rows]


def search(page: int = 1, **wanted: str) -> Listing:
    return bank_catalogue.list_entries(Wanted(**wanted), page=page, author=VERA)


def prove(*item_ids: str, state: ProofState = ProofState.PROVED) -> None:
    """Store that the proofs of these items ran, with this outcome."""
    versions = [get_bank().items[item_id].version for item_id in item_ids]
    save_proofs([a_proof_result(version, state=state) for version in versions])


def test_those_who_write_no_items_find_no_bank(small_app: Flask) -> None:
    with pytest.raises(NotFound):
        bank_catalogue.get_overview(author=OMAR)
    with pytest.raises(NotFound):
        bank_catalogue.list_entries(Wanted(), page=1, author=OMAR)


def test_an_admin_sees_what_an_author_sees(small_app: Flask) -> None:
    assert bank_catalogue.get_overview(author=ROOT) == bank_catalogue.get_overview(author=VERA)


def test_the_coverage_is_what_the_command_counts_by_area(small_app: Flask) -> None:
    overview = bank_catalogue.get_overview(author=VERA)

    assert [(one.area.slug, [topic.id for topic, _coverage in one.topics]) for one in overview.areas] == [
        ("language", ["language/syntax", "language/oop"]),
        ("tools", ["tools/git"]),
    ]
    counted = get_stats()
    assert tuple(coverage for one in overview.areas for _topic, coverage in one.topics) == counted.topics
    assert overview.total == counted.total


def test_the_keys_are_counted_by_how_far_they_are_proved_without_retired_items(small_app: Flask) -> None:
    prove("language/syntax/single")
    prove("language/syntax/number", state=ProofState.FAILED)

    states = bank_catalogue.get_overview(author=VERA).states

    assert states == {KeyState.PROVED: 1, KeyState.FAILED: 1, KeyState.UNPROVED: 1, KeyState.CITED: 8}


def test_without_a_wish_everything_is_listed_by_topic_and_name(small_app: Flask) -> None:
    assert found() == [
        *("gap", "match", "multiple", "number", "order", "output", "single", "text"),
        *("loops", "new", "old"),
        "clean",
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"place": "tools"}, ["clean"]),
        ({"place": "language/oop"}, ["loops", "new", "old"]),
        ({"place": "language/o"}, []),
        ({"type": "number"}, ["number", "loops"]),
        ({"level": "5"}, ["new"]),
        ({"status": "retired"}, ["old"]),
        ({"status": "live", "place": "language/oop"}, ["loops", "new"]),
        ({"state": "unproved"}, ["number", "single", "loops"]),
        ({"state": "proved"}, []),
        ({"type": "single", "level": "3", "place": "language"}, ["single"]),
        ({"type": "unknown"}, []),
    ],
)
def test_what_is_listed_fits_every_wish(small_app: Flask, wanted: dict[str, str], expected: list[str]) -> None:
    assert found(**wanted) == expected


def test_a_proof_that_was_run_just_now_is_known_at_once(small_app: Flask) -> None:
    assert found(state="failed") == []

    prove("language/syntax/number", state=ProofState.FAILED)
    assert found(state="failed") == ["number"]

    prove("language/syntax/number")
    assert (found(state="failed"), found(state="proved")) == ([], ["number"])


def test_a_family_is_one_entry_with_a_version_for_each_variant(small_app: Flask) -> None:
    (row,) = search(place="language/oop", type="number").rows
    family = get_bank().families["language/oop/loops"]

    assert row.entry.is_family
    assert row.entry.versions == tuple(family.variant(surface).version for surface in family.surfaces)


def test_many_items_come_in_pages_and_a_page_that_is_not_there_is_the_nearest(app: Flask) -> None:
    total = len(get_bank().items) + len(get_bank().families)
    first, last = search(), search(page=10**30)

    assert first == search(page=-3)
    assert (first.total, first.pages, len(first.rows)) == (total, -(-total // PAGE_SIZE), PAGE_SIZE)
    assert (last.page, len(last.rows)) == (last.pages, (total - 1) % PAGE_SIZE + 1)
    assert {row.entry.id for row in first.rows}.isdisjoint(row.entry.id for row in last.rows)


def test_nothing_found_is_one_empty_page(small_app: Flask) -> None:
    listing = search(place="tools", level="1")

    assert (listing.rows, listing.total, listing.page, listing.pages) == ((), 0, 1, 1)
