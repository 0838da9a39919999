"""Proving the bank's keys, and what became of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import NOON
from tests.storage.bank_files import BankCopy
from tests.storage.small_bank import RAN, write_small_bank
from tracker.app import create_app
from tracker.assessment.item import Item
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.config import Config
from tracker.errors import NotFound
from tracker.services.proofs import find_proof, leave_out_proved, list_items, open_prover, prove_items
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

NUMBER = "language/syntax/number"
PROVED = RAN.replace("sum(range(3))", "6 * 7")


@pytest.fixture
def bank(tmp_path: Path) -> BankCopy:
    """A small bank in which the number is proved, and other proofs prove something else."""
    bank = write_small_bank(tmp_path / "bank")
    bank.change(f"items/{NUMBER}.toml", RAN, PROVED)
    return bank


@pytest.fixture
def small_app(bank: BankCopy, config: Config, tmp_path: Path) -> Iterator[Flask]:
    """An app that serves it, with an instance folder in which nothing was proved yet."""
    app = create_app(replace(config, bank=bank.folder, instance=tmp_path))
    with app.app_context():
        yield app


def prove(*items: Item) -> dict[str, ProofResult]:
    """The results of proving these, by version."""
    return {result.version: result for result in prove_items(items, open_prover(), jobs=2, now=NOON)}


def ids(items: list[Item]) -> set[str]:
    """The ids of items."""
    return {item.id for item in items}


def test_everything_in_use_is_proved_with_every_variant_and_the_sample(small_app: Flask) -> None:
    listed = list_items()

    loops = get_bank().families["language/oop/loops"]
    in_use = set(get_bank().items) - {"language/oop/old"}
    assert ids(listed) == in_use | {"sample", loops.id}
    assert sum(item.id == loops.id for item in listed) == len(loops.surfaces) > 1
    assert len({item.version for item in listed if item.id == loops.id}) == len(loops.surfaces)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (NUMBER, {NUMBER}),
        (f"question_bank/items/{NUMBER}.toml", {NUMBER}),
        (f"/srv/skillmark/question_bank/items/{NUMBER}.toml", {NUMBER}),
        ("sample", {"sample"}),
        ("question_bank/sample.toml", {"sample"}),
        ("tools/git", {"tools/git/clean"}),
        ("tools", {"tools/git/clean"}),
        ("question_bank/items/tools/", {"tools/git/clean"}),
        ("language/oop", {"language/oop/loops", "language/oop/new"}),
    ],
)
def test_items_are_named_by_id_or_file_and_together_by_topic_or_area(
    name: str, found: set[str], small_app: Flask
) -> None:
    assert ids(list_items([name])) == found


def test_names_add_up_and_nothing_is_there_twice(small_app: Flask) -> None:
    listed = list_items(["tools", "tools/git/clean", NUMBER])

    assert [item.id for item in listed] == [NUMBER, "tools/git/clean"]


@pytest.mark.parametrize("name", ["language/syn", "language/syntax/numb", "nothing", "items/", ""])
def test_every_name_that_means_nothing_is_told(name: str, small_app: Flask) -> None:
    with pytest.raises(NotFound, match="There is no item, topic or area"):
        list_items(["tools", name])


def test_a_result_is_kept_for_the_version_it_is_about(small_app: Flask) -> None:
    item = get_bank().items[NUMBER]
    assert find_proof(item.version) is None

    came = prove(item)

    result = find_proof(item.version)
    assert result == came[item.version]
    assert result
    assert (result.item_id, result.kind, result.state, result.doubts) == (NUMBER, "python", ProofState.PROVED, ())
    assert result.used[0].startswith("Python 3.")
    assert result.at == NOON


def test_a_key_that_is_not_proved_is_kept_with_its_doubts(small_app: Flask) -> None:
    item = get_bank().items["language/syntax/single"]

    prove(item)

    result = find_proof(item.version)
    assert result
    assert result.state == ProofState.FAILED
    assert result.doubts


def test_results_of_an_earlier_run_stay(small_app: Flask) -> None:
    first, second = get_bank().items[NUMBER], get_bank().items["language/syntax/text"]

    prove(first)
    prove(second)

    assert find_proof(first.version)
    assert find_proof(second.version)


def test_what_came_before_an_interruption_is_kept(small_app: Flask) -> None:
    items = list_items()
    running = prove_items(items, open_prover(), jobs=1, now=NOON)

    came = [next(running), next(running)]
    running.close()

    assert [find_proof(result.version) for result in came] == came
    assert sum(find_proof(item.version) is not None for item in items) == len(came)


def test_only_what_is_proved_as_it_is_now_is_left_out(small_app: Flask, bank: BankCopy, config: Config) -> None:
    proved, failed = get_bank().items[NUMBER], get_bank().items["language/syntax/single"]
    cited = get_bank().items["language/syntax/text"]
    prove(proved, failed, cited)

    left = leave_out_proved([proved, failed, cited], open_prover())
    edited = replace(proved, version="another")

    assert left == [failed]
    assert leave_out_proved([edited], open_prover()) == [edited]


def test_what_was_proved_on_another_toolchain_is_proved_anew(small_app: Flask) -> None:
    item = get_bank().items[NUMBER]
    result = prove(item)[item.version]

    save_proofs([replace(result, toolchain="another")])

    assert leave_out_proved([item], open_prover()) == [item]
