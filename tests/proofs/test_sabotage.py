"""A wrong key never passes: the keys of real items are moved, in a copy of the bank, to what is wrong."""

import tomllib
from pathlib import Path
from random import Random, SystemRandom

from flask import Flask

from tests.conftest import NOON
from tests.proofs.sabotage import Table, move_key, to_toml
from tests.storage.bank_files import copy_bank
from tracker.assessment.proof_result import ProofState
from tracker.services.proofs import open_prover, prove_items
from tracker.storage.question_bank import load_bank

SAMPLE = 30


def test_every_moved_key_of_thirty_items_is_found(app: Flask, tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    bank = copy_bank(tmp_path / "bank")
    chosen = Random(seed).sample(_movable_files(bank.folder), SAMPLE)
    moved_ids, ids = set[str](), set[str]()
    for path in chosen:
        ids.add(_item_id(bank.folder, path))
        for number, table in enumerate(move_key(_read(path)), start=1):
            moved = path.with_name(f"{path.stem}-moved-{number}.toml")
            moved.write_text(to_toml(table), encoding="utf-8")
            moved_ids.add(_item_id(bank.folder, moved))
    items = load_bank(bank.folder).items

    results = prove_items([items[each] for each in sorted(ids | moved_ids)], open_prover(), jobs=2, now=NOON)
    states = {result.item_id: result.state for result in results}

    assert [each for each in sorted(ids) if states[each] != ProofState.PROVED] == [], f"as they are, seed {seed}"
    assert [each for each in sorted(moved_ids) if states[each] != ProofState.FAILED] == [], f"moved, seed {seed}"
    assert len(moved_ids) > SAMPLE


def _movable_files(folder: Path) -> list[Path]:
    """Files of items that are run and that foresee something wrong."""
    return [path for path in sorted((folder / "items").rglob("*.toml")) if _is_movable(_read(path))]


def _is_movable(item: Table) -> bool:
    is_run = item["proof"]["kind"] != "cited"
    return is_run and not item.keys() & {"family", "retired"} and next(move_key(item), None) is not None


def _read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _item_id(folder: Path, path: Path) -> str:
    return path.relative_to(folder / "items").with_suffix("").as_posix()
