"""What the collections hold of a person: every collection is told of, or says what becomes of what it holds."""

import re
from pathlib import Path

from tests.conftest import Cast
from tests.services.full_life import count_documents, live
from tests.web.stored import COLLECTIONS
from tracker.services.personal_attempts import TELLERS
from tracker.storage import documents, personal_documents
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS, SHARED_COLLECTIONS

LIMITS = {"counters", "windows"}
"""What Flask-Limiter opens."""

ROOM = Path(documents.__file__).parent


def _named_in_code() -> set[str]:
    """The collections that the storage room opens."""
    text = "\n".join(file.read_text() for file in ROOM.glob("*.py"))
    return set(re.findall(r'\bdocuments\.collection\("(\w+)"\)', text))


def test_every_collection_is_told_of(cast: Cast) -> None:
    live(friend_id=cast.lena, learner_id=cast.omar)

    database = documents.collection("attempts").database

    assert _named_in_code() | set(database.list_collection_names()) | LIMITS == COLLECTIONS
    assert all(SHARED_COLLECTIONS.values())


def test_every_exported_collection_has_its_words(cast: Cast) -> None:
    assert TELLERS.keys() == {kept.name for kept in PERSONAL_COLLECTIONS if kept.is_exported}


def test_of_somebody_in_every_collection_all_documents_are_forgotten(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)
    assert all(any(personal_documents.iterate_of(kept, life.id)) for kept in PERSONAL_COLLECTIONS)

    assert personal_documents.forget(life.id) == count_documents(life.id) + 7

    assert count_documents(life.id) == 0
    assert personal_documents.forget(life.id) == 0
    assert documents.collection("attempts").count_documents({"learner_id": cast.omar}) == 1
