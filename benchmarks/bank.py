"""How long the whole question bank takes to load: the first time, and when everything in it was rendered before."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tracker.config import ROOT
from tracker.storage.question_bank import QuestionBank, open_bank

ROUNDS = 5
FOLDER = ROOT / "question_bank"


@dataclass(frozen=True, slots=True)
class Loading:
    """Medians in seconds, for `files` files of which `families` are families."""

    files: int
    families: int
    first: float
    again: float

    def per_thousand(self, seconds: float) -> float:
        """The same for a bank of a thousand files, in milliseconds."""
        return 1000 * seconds * 1000 / self.files


def measure_loading() -> Loading:
    """Load the bank anew and again, five times."""
    rounds = [_load_twice() for _ in range(ROUNDS)]
    bank = rounds[0][2]
    return Loading(
        files=len(bank.sources),
        families=len(bank.families),
        first=median(first for first, _, _ in rounds),
        again=median(again for _, again, _ in rounds),
    )


def _load_twice() -> tuple[float, float, QuestionBank]:
    with tempfile.TemporaryDirectory() as instance:
        first, _ = _load(Path(instance))
        again, bank = _load(Path(instance))
    return first, again, bank


def _load(instance: Path) -> tuple[float, QuestionBank]:
    begun = time.perf_counter()
    bank = open_bank(FOLDER, instance=instance)
    return time.perf_counter() - begun, bank
