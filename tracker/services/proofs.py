"""Proving the bank's keys, and what became of it."""

import re
from collections.abc import Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime

from tracker.assessment.item import Item
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.errors import NotFound
from tracker.proofs.prover import Prover
from tracker.proofs.sandbox import Sandbox
from tracker.storage.proofs import load_proofs, save_proofs
from tracker.storage.question_bank import get_bank


def list_items(names: Collection[str] = ()) -> list[Item]:
    """Everything in use that has a proof, each variant of a family on its own: all, or what these names mean.

    A name is an item's id or file, a topic or an area. Raises: NotFound, with every name that means nothing.
    """
    bank = get_bank()
    families = [family for family in bank.families.values() if not family.is_retired]
    items = [
        bank.sample,
        *(item for item in bank.items.values() if item.retired is None),
        *(family.variant(surface) for family in families for surface in family.surfaces),
    ]
    ids = {name: _id_meant(name) for name in names}
    unknown = [name for name, item_id in ids.items() if not any(_is_within(item, item_id) for item in items)]
    if unknown:
        raise NotFound(f"There is no item, topic or area {', '.join(unknown)}.")
    return [item for item in items if not names or any(_is_within(item, item_id) for item_id in ids.values())]


def open_prover() -> Prover:
    """What proves items on this machine. Raises: SandboxUnusable, saying what is missing."""
    return Prover(Sandbox())


def leave_out_proved(items: Sequence[Item], prover: Prover) -> list[Item]:
    """Those of the items that were not proved as they are now, on what is installed now."""
    known = load_proofs().values()
    settled = {
        result.version
        for result in known
        if result.state != ProofState.FAILED and result.toolchain == prover.fingerprint
    }
    return [item for item in items if item.version not in settled]


def prove_items(
    items: Sequence[Item], prover: Prover, *, jobs: int, now: datetime
) -> Generator[ProofResult, None, None]:
    """Prove items, so many at a time, and close the prover.

    Yields: each result as it comes. Those that came are kept, however this ends.
    """
    came: list[ProofResult] = []
    pool = ThreadPoolExecutor(jobs)
    try:
        for future in as_completed([pool.submit(prover.prove, item, now=now) for item in items]):
            came.append(future.result())
            yield came[-1]
    finally:
        prover.close()
        pool.shutdown(cancel_futures=True)
        save_proofs(came)


def find_proof(version: str) -> ProofResult | None:
    """What became of the proof of the item, or the variant, with this version; None when it was not run here."""
    return load_proofs().get(version)


def _id_meant(name: str) -> str:
    """The id of an item, topic or area in a name, which may be a path of files."""
    return re.sub(r"^.*\b(question_bank|items)/", "", name).removesuffix(".toml").rstrip("/")


def _is_within(item: Item, item_id: str) -> bool:
    return f"{item.id}/".startswith(f"{item_id}/")
