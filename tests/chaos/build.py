"""What a storm runs against: a copy of the app on a bank of its own, and copies with one thing broken.

The broken ones are the negative controls: a checker that finds nothing wrong with them could not find anything.
"""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from tests.storage.bank_files import TEXT, BankCopy, changed
from tests.storage.small_bank import write_small_bank
from tracker.config import ROOT

APP = ("tracker", "templates", "asgi.py", "wsgi.py")
ITEMS = 8
LEISURELY, BRIEF, ADAPTIVE = "leisurely", "brief", "tools-adaptive"
LIMITS = MappingProxyType(
    {LEISURELY: timedelta(minutes=60), BRIEF: timedelta(minutes=1), ADAPTIVE: timedelta(minutes=5)}
)
"""What can be taken, and how long it may take; in the brief one, time runs out during the storm."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app is broken: `right`, found once in the file, becomes `wrong`."""

    file: str
    right: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One promise that a broken app does not keep, which must show as `kind`; where one thing guards it, one place."""

    name: str
    kind: str
    places: tuple[Place, ...]


ACKNOWLEDGED_TOO_SOON = Fault(
    name="an answer is acknowledged before it is written",
    kind="lost",
    places=(
        Place(
            file="tracker/storage/attempts.py",
            right="    saved = _update("
            "{**_open_in_time(event, attempt_id, learner_id), **place, **conditions}, change)",
            wrong="""\
    from threading import Timer

    found = {**_open_in_time(event, attempt_id, learner_id), **place, **conditions}
    attempt = get(attempt_id, learner_id=learner_id)
    if attempt.is_finished or attempt.seq != event.seq - 1:
        return None
    Timer(0.1, _attempts().update_one, [found, change]).start()
    saved = replace(attempt, events=(*attempt.events, event))""",
        ),
    ),
)
ATTEMPTS_NOT_UNIQUE = Fault(
    name="nothing keeps two attempts from being open at once",
    kind="doubled",
    places=(
        Place(
            file="tracker/storage/attempts.py",
            right='create_index("open_key", unique=True, sparse=True)',
            wrong='create_index("open_key", sparse=True)',
        ),
    ),
)
STALE_TAKEN = Fault(
    name="an answer made from an old page is taken",
    kind="older than acknowledged",
    places=(
        Place(
            file="tracker/storage/attempts.py",
            right='        "seq": event.seq - 1,\n        "deadline"',
            wrong='        "deadline"',
        ),
    ),
)
CLIENT_TIME_TRUSTED = Fault(
    name="the learner's clock is trusted",
    kind="late",
    places=(
        Place(
            file="tracker/web/people.py",
            right="    g.now = clock.now()\n",
            wrong="""\
    from email.utils import parsedate_to_datetime

    g.now = parsedate_to_datetime(request.headers["Date"]) if "Date" in request.headers else clock.now()
""",
        ),
    ),
)
CLOSED_TWICE = Fault(
    name="two can close an attempt at once",
    kind="doubled",
    places=(
        Place(
            file="tracker/storage/attempts.py",
            right='{"_id": attempt.id, "finished_at": None, "seq": attempt.seq, "deadline": attempt.deadline},',
            wrong='{"_id": attempt.id},',
        ),
    ),
)
EXTENSION_OVERLOOKED = Fault(
    name="closing does not look at the deadline that was read",
    kind="closed early",
    places=(
        Place(
            file="tracker/storage/attempts.py",
            right='"seq": attempt.seq, "deadline": attempt.deadline},',
            wrong='"seq": attempt.seq},',
        ),
        Place(
            file="tracker/storage/attempts.py",
            right='type="finished", at=finished_at, position=REVIEW, then=REVIEW)\n',
            wrong="""\
type="finished", at=finished_at, position=REVIEW, then=REVIEW)
    from time import sleep

    sleep(0.2)
""",
        ),
        Place(
            file="tracker/storage/attempts.py",
            right="    credited = attempt.credited(credit)\n",
            wrong="""\
    from time import sleep

    sleep(0.2)
    credited = attempt.credited(credit)
""",
        ),
    ),
)
"""It is slow, too, so that a credit and a closing meet within a control's half minute."""
FAULTS = (
    ACKNOWLEDGED_TOO_SOON,
    ATTEMPTS_NOT_UNIQUE,
    STALE_TAKEN,
    CLIENT_TIME_TRUSTED,
    CLOSED_TWICE,
    EXTENSION_OVERLOOKED,
)

DOCUMENTS_NOT_SYNCED = Fault(
    name="the document store does not wait for the disk",
    kind="lost",
    places=(
        Place(
            file="tracker/storage/embedded.py",
            right='"--sync-on-commit", ',
            wrong="",
        ),
        Place(
            file="tracker/storage/documents.py",
            right='WriteConcern("majority", j=True)',
            wrong='WriteConcern("majority")',
        ),
    ),
)
PEOPLE_NOT_SYNCED = Fault(
    name="SQLite does not wait for the disk",
    kind="lost",
    places=(
        Place(
            file="tracker/storage/sql.py",
            right='"synchronous=FULL"',
            wrong='"synchronous=OFF"',
        ),
    ),
)
POWER_FAULTS = (DOCUMENTS_NOT_SYNCED, PEOPLE_NOT_SYNCED)


def make_build(folder: Path, fault: Fault | None = None) -> Path:
    """A copy of the app on the storm's own bank, with this fault if one is given. Raises: AssertionError."""
    for name in APP:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    _write_bank(folder / "question_bank")
    for place in fault.places if fault else ():
        _break(folder, place)
    return folder


def _break(folder: Path, place: Place) -> None:
    file = folder / place.file
    text = file.read_text()
    count = text.count(place.right)
    assert count == 1, f"{place.file} has {place.right!r} {count} times: mend the control that breaks it"
    file.write_text(text.replace(place.right, place.wrong))


def _write_bank(folder: Path) -> None:
    """A bank where what a storm takes asks for texts only, so that every answer of it can be one of its kind."""
    bank: BankCopy = write_small_bank(folder)
    bank.remove_topic("tools/git")
    for number in range(ITEMS):
        bank.write(f"items/tools/git/text{number}.toml", changed(TEXT, "What *is* it?", f"What is *{number}*?"))
    fixed = "".join(
        f'[[assessments]]\nslug = "{slug}"\nname = "{slug}"\ndescription = "For storms."\nareas = ["tools"]\n'
        f"items = {ITEMS}\nminutes = {LIMITS[slug] // timedelta(minutes=1)}\n\n"
        for slug in (LEISURELY, BRIEF)
    )
    adaptive = changed(bank.read("assessments.toml"), "area = { items = 3", f"area = {{ items = {ITEMS}")
    bank.write("assessments.toml", fixed + adaptive)
