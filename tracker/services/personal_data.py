"""What is kept of a person: what they are told of it, and all of it as a file for them alone.

The file is made while they wait and kept nowhere, so there is none to guard or to forget.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from tracker.formats.personal_archive import PersonalArchive
from tracker.services import audit, erasing, retention
from tracker.services.personal_attempts import ROW_TELLERS, TELLERS, Values
from tracker.services.personal_sheets import SHEETS
from tracker.services.retention import Rule
from tracker.storage import accounts, attempts
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS, PersonalCollection, iterate_of
from tracker.storage.personal_rows import PERSONAL_TABLES, list_rows

HEAD = """\
All that Skillmark keeps of {name} <{email}>, as of {now:%Y-%m-%d %H:%M} UTC.

Moments are in UTC. Passwords, codes and tokens are kept as hashes only, and left out. Of questions that wait for their
release, or that an attempt you have open may ask, it is not told whether your answer was right, nor what you reported
of them: ask again later.
What you wrote or looked at about others is about them, and left out."""


@dataclass(frozen=True, slots=True)
class DataPage:
    """What somebody is told of their data. hindrance: why they cannot be erased now; empty when they can."""

    rules: Sequence[Rule]
    hindrance: str


def open_data(user_id: int) -> DataPage:
    """What is kept of somebody for how long, and whether they can be erased."""
    return DataPage(rules=retention.list_rules(), hindrance=erasing.find_hindrance(user_id))


def write_out(user_id: int, *, now: datetime) -> IO[bytes]:
    """All that is kept of somebody, as a ZIP whose reader closes it. Raises: NotFound."""
    user = accounts.get_user(user_id)
    audit.record("data.exported", actor_id=user_id, subject=f"user:{user_id}", now=now)
    history = attempts.get_quiz_history(user_id, now=now)
    rows_of_sheets: defaultdict[str, list[Values]] = defaultdict(list)

    def tell(kept: PersonalCollection) -> Iterator[Values]:
        for document in iterate_of(kept, user_id):
            told = TELLERS[kept.name](document, history)
            for sheet in SHEETS.get(kept.name, ()):
                rows_of_sheets[sheet.name] += sheet.rows_of(told)
            yield told

    with PersonalArchive() as archive:
        for table in PERSONAL_TABLES:
            rows = list_rows(table, user)
            if table.name in ROW_TELLERS:
                rows = ROW_TELLERS[table.name](rows, history)
            archive.add_json(table.name, table.what, rows)
            archive.add_csv(table.name, table.what, rows)
        for kept in PERSONAL_COLLECTIONS:
            if kept.is_exported:
                archive.add_json(kept.name, kept.what, tell(kept))
                for sheet in SHEETS.get(kept.name, ()):
                    archive.add_csv(sheet.name, sheet.what, rows_of_sheets[sheet.name])
        archive.add_readme(HEAD.format(name=user.name, email=user.email, now=now))
    return archive.file
