"""A copy of the real question bank to break."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import BankError
from tracker.storage.question_bank import load_bank

REAL = Path(__file__).parents[2] / "question_bank"

SINGLE = "items/language/syntax/unbound-local.toml"
MULTIPLE = "items/frameworks/fastapi/endpoints-that-leak.toml"
NUMBER = "items/tools/git/range-after-merge.toml"
TEXT = "items/tools/azure/user-assigned-only.toml"


@dataclass(frozen=True)
class BankCopy:
    """The copy's folder, and ways to break what is in it."""

    folder: Path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in a file, which must be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old}"
        self.write(name, text.replace(old, new, 1))

    def write(self, name: str, text: str) -> None:
        """Replace a file, or make a new one."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def faults(self) -> list[str]:
        """What the loader says is wrong with it; nothing when it loads."""
        try:
            load_bank(self.folder)
        except BankError as error:
            return list(error.faults)
        return []


def copy_bank(folder: Path) -> BankCopy:
    """A whole copy of the real bank, sound until something is changed."""
    return BankCopy(Path(shutil.copytree(REAL, folder)))
