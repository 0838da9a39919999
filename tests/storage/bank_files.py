"""Files of a question bank for tests: a copy of the real one to break, and one sound item of every type."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import BankError
from tracker.storage.question_bank import load_bank

REAL = Path(__file__).parents[2] / "question_bank"

_FRAME = """
difficulty = 3
stem = "What *is* it?"
explanation = "Because of `this`."
source = { title = "The reference", url = "https://docs.python.org/3/", version = "3.13" }
"""
PROOF = """
[proof]
kind = "cited"
facts = ["One thing.", "Another thing."]
"""


def _option(option_id: str, *, is_key: bool = False, more: str = "") -> str:
    return f"""
[[options]]
id = "{option_id}"
key = {str(is_key).lower()}
text = "`{option_id}`"
note = "Why {option_id}."
{more}
"""


def _line(line_id: str, code: str, *, section: str = "lines", more: str = "") -> str:
    return f'\n[[{section}]]\nid = "{line_id}"\ncode = "{code}"\n{more}\n'


def _prompt(prompt_id: str, key: str) -> str:
    return f'\n[[prompts]]\nid = "{prompt_id}"\ntext = "Prompt *{prompt_id}*"\nkey = "{key}"\nnote = "Why {key}."\n'


_A, _B, _C, _D = (_option(letter) for letter in "abcd")
_A_KEY, _B_KEY = _option("a", is_key=True), _option("b", is_key=True)

SINGLE = 'type = "single"' + _FRAME + _A + _B_KEY + _C + PROOF
MULTIPLE = 'type = "multiple"' + _FRAME + _A_KEY + _B_KEY + _C + _D + PROOF
NUMBER = (
    'type = "number"\nanswer = 42\ntolerance = 0.5\nunit = "rows"'
    + _FRAME
    + '[[misses]]\nanswer = 41\nnote = "One too few."'
    + PROOF
)
TEXT = (
    'type = "text"\nanswers = ["None", "null"]'
    + _FRAME
    + '[[misses]]\nanswer = "nil"\nnote = "Another language."'
    + PROOF
)
FAMILY = (
    'type = "number"\nanswer = "<<total>>"\nmisses = [{ answer = "<<stop>>", note = "That is where it stops." }]'
    + _FRAME.replace("What *is* it?", "What does `sum(range(<<stop>>))` give?")
    + PROOF
    + """
[family.parameters]
stop = { from = 4, to = 11 }

[family.computed]
total = "sum(range(stop))"
"""
)
OUTPUT = (
    'type = "output"\nanswer = "1\\nKeyError\\n"'
    + _FRAME
    + '[[misses]]\nanswer = "1"\nnote = "The exception is the last line."'
    + PROOF
)
ORDER = (
    'type = "order"\nlanguage = "python"'
    + _FRAME
    + _line("a", "with open(path) as file:")
    + _line("b", "    rows = list(file)\\n    rows.sort()\\n")
    + _line("c", "print(rows)")
    + _line("d", "rows = list(file)", section="distractors", more='instead_of = "b"\nnote = "The file is closed."')
    + PROOF
)
MATCH = (
    'type = "match"'
    + _FRAME
    + _prompt("one", "a")
    + _prompt("two", "b")
    + _prompt("three", "b")
    + _A
    + '[[options]]\nid = "b"\ntext = "`b`"\n'
    + _C
    + PROOF
).replace("key = false\n", "")
GAP = (
    'type = "gap"\nstem = "Fill it.\\n\\n~~~python\\ndef f(xs):\\n    return GAP1(GAP2)\\n~~~"'
    + _FRAME.replace('stem = "What *is* it?"\n', "")
    + """
[[gaps]]
name = "GAP1"
options = [
    { id = "list", text = "list", key = true, note = "Why list." },
    { id = "iter", text = "iter", note = "Why not iter." },
]
[[gaps]]
name = "GAP2"
answers = ["xs"]
misses = [{ answer = "XS", note = "Another name." }]
"""
    + PROOF
)
ONE_OF_EACH = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "number": NUMBER,
    "text": TEXT,
    "output": OUTPUT,
    "order": ORDER,
    "match": MATCH,
    "gap": GAP,
}


def changed(text: str, old: str, new: str) -> str:
    """The text with its first `old`, which must be there, replaced."""
    assert old in text, f"there is no {old}"
    return text.replace(old, new, 1)


@dataclass(frozen=True)
class BankCopy:
    """A copy's folder, and ways to break what is in it."""

    folder: Path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in a file, which must be there."""
        self.write(name, changed(self.read(name), old, new))

    def write(self, name: str, text: str) -> None:
        """Replace a file, or make a new one."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def remove_topic(self, topic_id: str) -> None:
        """Remove all items of a topic."""
        shutil.rmtree(self.folder / "items" / topic_id)

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
