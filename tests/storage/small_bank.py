"""A small question bank for tests: two areas, three topics, one item of every type, a family and a retired item."""

from pathlib import Path

from tests.storage.bank_files import FAMILY, ONE_OF_EACH, PROOF, SINGLE, BankCopy, changed

RAN = """
[proof]
kind = "python"
code = "value = sum(range(3)) # a comment of the proof"
"""
RESOURCES = "[" + '{ title = "Docs", url = "https://docs.python.org/3/", minutes = 5 }, ' * 2 + "]"
MISCONCEPTION = 'misconception = "repetition-copies"'
RETIRED = 'retired = { on = 2026-11-01, reason = "It aged.", replaced_by = "language/oop/new" }\n'


def write_small_bank(folder: Path) -> BankCopy:
    """Write the bank, sound as it is. The single choice and the number are proved by running code, the others cite."""
    bank = BankCopy(folder)
    bank.write("roadmap.toml", _area("language", "syntax", "oop") + _area("tools", "git"))
    bank.write("assessments.toml", _assessment("language", "tools"))
    bank.write("misconceptions.toml", _misconception())
    bank.write("sample.toml", SINGLE)
    bank.write("targets.toml", _target_templates())
    for name, text in _items().items():
        bank.write(f"items/{name}.toml", text)
    return bank


def _items() -> dict[str, str]:
    of_types = {f"language/syntax/{name}": text for name, text in ONE_OF_EACH.items()}
    single = changed(SINGLE, 'note = "Why a."', f'note = "Why a."\n{MISCONCEPTION}').replace(PROOF, RAN)
    number = changed(ONE_OF_EACH["number"], "[[misses]]", f"[[misses]]\n{MISCONCEPTION}").replace(PROOF, RAN)
    return {
        **of_types,
        "language/syntax/single": single,
        "language/syntax/number": number,
        "language/oop/loops": FAMILY.replace(PROOF, RAN),
        "language/oop/new": changed(SINGLE, "difficulty = 3", "difficulty = 5"),
        "language/oop/old": RETIRED + changed(SINGLE, "difficulty = 3", "difficulty = 1"),
        "tools/git/clean": changed(SINGLE, "What *is* it?", "What is *clean*?"),
    }


def _area(slug: str, *topics: str) -> str:
    return f'[[areas]]\nslug = "{slug}"\nname = "The {slug}"\ndescription = "All of it."\n' + "".join(
        f'[[areas.topics]]\nslug = "{topic}"\nname = "On {topic}"\ndescription = "About {topic}."\nprerequisites = []\n'
        f"resources = {RESOURCES}\n"
        for topic in topics
    )


def _assessment(*areas: str) -> str:
    return (
        f'[[assessments]]\nslug = "all"\nname = "All"\ndescription = "Everything."\nareas = {list(areas)}\n'
        "items = 2\nminutes = 5\n"
        "[adaptive]\nplacement = { items = 4, minutes = 5 }\narea = { items = 3, minutes = 5 }\n"
        "topic = { items = 2, minutes = 5 }\n"
    )


def _misconception() -> str:
    return (
        '[[misconceptions]]\nslug = "repetition-copies"\nname = "Repeating copies"\n'
        'description = "Believes that it copies."\ntopic = "language/syntax"\n'
    )


def _target_templates() -> str:
    return (
        '[[templates]]\nslug = "beginner"\nname = "Beginner"\ndescription = "Begins."\n'
        'levels = { language = "Developing", "language/oop" = "Expert" }\n'
    )
