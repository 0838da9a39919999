"""One item of the bank as its author needs it."""

import pytest
from flask import Flask

from tests.builders import a_proof_result
from tests.services.test_bank_catalogue import OMAR, VERA
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.key_state import KeyState
from tracker.assessment.proof_result import ProofState
from tracker.errors import NotFound
from tracker.services import bank_item
from tracker.services.bank_item import BankItem
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

FAMILY = "language/oop/loops"


def get(item_id: str, surface: str = "") -> BankItem:
    return bank_item.get_bank_item(item_id, surface=surface, author=VERA)


@pytest.mark.parametrize("item_id", ["language/syntax/single", "language/syntax/unknown"])
def test_those_who_write_no_items_find_none(small_app: Flask, item_id: str) -> None:
    with pytest.raises(NotFound):
        bank_item.get_bank_item(item_id, surface="", author=OMAR)


@pytest.mark.parametrize("item_id", ["language/syntax/unknown", "language/syntax", "", "../roadmap"])
def test_an_item_that_is_not_there_is_not_found(small_app: Flask, item_id: str) -> None:
    with pytest.raises(NotFound):
        get(item_id)


def test_an_item_says_where_its_file_is_and_where_it_belongs(small_app: Flask) -> None:
    found = get("language/syntax/single")

    assert found.path == "question_bank/items/language/syntax/single.toml"
    assert (found.area.slug, found.topic.id) == ("language", "language/syntax")
    assert found.item is get_bank().items["language/syntax/single"]
    assert (found.variants, found.parameters, found.surface) == ((), {}, "")


@pytest.mark.parametrize("name", REGISTRY)
def test_every_type_is_shown_as_a_learner_gets_it_the_same_at_every_look(small_app: Flask, name: str) -> None:
    found = get(f"language/syntax/{name}")

    assert found.served.type == name
    assert {option.text for option in found.served.asked.options} <= {option.text for option in found.item.body.options}
    assert get(f"language/syntax/{name}").served == found.served


def test_misses_and_misconceptions_are_foreseen_mistakes_and_an_options_own_note_is_not_told_twice(
    small_app: Flask,
) -> None:
    (miss,) = get("language/syntax/number").mistakes
    (option,) = get("language/syntax/single").mistakes

    assert (miss.given, miss.note) == ("41", "One too few.")
    assert (option.given, option.note) == ("a", "")
    assert [one.misconception.name for one in (miss, option) if one.misconception] == ["Repeating copies"] * 2
    assert get("language/syntax/multiple").mistakes == ()


def test_the_result_of_its_proof_and_the_code_belong_to_this_version_alone(small_app: Flask) -> None:
    version = get_bank().items["language/syntax/single"].version
    failed = a_proof_result(version, state=ProofState.FAILED, doubts=("Option a is no key and holds.",))
    save_proofs([failed])

    found = get("language/syntax/single")

    assert (found.state, found.result) == (KeyState.FAILED, failed)
    assert "a comment of the proof" in found.code
    other = get("language/syntax/number")
    assert (other.state, other.result) == (KeyState.UNPROVED, None)


def test_what_is_cited_has_its_facts_and_no_code(small_app: Flask) -> None:
    found = get("language/syntax/text")

    assert (found.state, found.facts) == (KeyState.CITED, ("One thing.", "Another thing."))
    assert "span" not in found.code


def test_a_retired_item_is_still_there_for_its_author(small_app: Flask) -> None:
    retired = get("language/oop/old").item.retired

    assert retired
    assert retired.replaced_by == "language/oop/new"


def test_a_family_shows_its_first_variant_and_names_all_by_their_parameters(small_app: Flask) -> None:
    family = get_bank().families[FAMILY]
    found = get(FAMILY)

    assert found.parameters == {"stop": ("4", "5", "6", "7", "8", "9", "10", "11")}
    assert [variant.name for variant in found.variants] == [f"stop {stop}" for stop in range(4, 12)]
    assert [variant.surface for variant in found.variants] == list(family.surfaces)
    assert found.item is family.variant(family.surfaces[0])
    assert found.surface == family.surfaces[0]


def test_a_variant_is_asked_for_by_its_surface_and_has_a_proof_of_its_own(small_app: Flask) -> None:
    family = get_bank().families[FAMILY]
    third = family.surfaces[2]
    save_proofs([a_proof_result(family.variant(third).version)])

    found = get(FAMILY, surface=third)

    assert "range(6)" in found.item.stem
    assert (found.surface, found.state) == (third, KeyState.PROVED)
    assert [variant.state for variant in found.variants].count(KeyState.PROVED) == 1
    assert get(FAMILY).state == KeyState.UNPROVED


@pytest.mark.parametrize("surface", ["unknown", "0" * 8, "../.."])
def test_a_variant_that_is_not_there_is_the_first(small_app: Flask, surface: str) -> None:
    assert get(FAMILY, surface=surface) == get(FAMILY)
