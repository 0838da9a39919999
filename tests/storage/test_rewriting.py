"""Writing the embedded store's data anew: what a crash leaves at each point, and that the copy is the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import ASCENDING, MongoClient
from pymongo.errors import WriteError

from tracker.processes import NotStarted
from tracker.storage import rewriting
from tracker.storage.embedded import EmbeddedStore

DATA = "secantusdb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store's folder with old data, which are to be written anew."""
    _write(tmp_path / DATA, "old")
    (tmp_path / rewriting.WANTED).touch()
    return tmp_path


@pytest.fixture
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path_factory.mktemp("new")) as store:
        yield store


def _write(data: Path, text: str) -> None:
    data.mkdir(parents=True)
    (data / "data").write_text(text)


def test_new_data_take_the_place_of_the_old_ones(folder: Path) -> None:
    _write(folder / rewriting.NEW / DATA, "new")

    rewriting.replace(folder / DATA)

    assert (folder / DATA / "data").read_text() == "new"
    assert [file.name for file in folder.iterdir()] == [DATA]


def test_half_a_copy_that_a_crash_left_is_cleared_away_and_the_copy_still_wanted(folder: Path) -> None:
    _write(folder / rewriting.NEW / DATA, "half")

    rewriting.tidy(folder)

    assert (folder / DATA / "data").read_text() == "old"
    assert rewriting.is_wanted(folder)
    assert not (folder / rewriting.NEW).exists()


def test_a_crash_between_the_two_renamings_is_finished(folder: Path) -> None:
    _write(folder / rewriting.NEW / DATA, "new")
    (folder / rewriting.OLD).mkdir()
    (folder / DATA).rename(folder / rewriting.OLD / DATA)

    rewriting.tidy(folder)

    assert (folder / DATA / "data").read_text() == "new"
    assert [file.name for file in folder.iterdir()] == [DATA]


def test_a_crash_after_them_is_cleared_away(folder: Path) -> None:
    _write(folder / rewriting.OLD / DATA, "older")

    rewriting.tidy(folder)

    assert (folder / DATA / "data").read_text() == "old"
    assert not (folder / rewriting.OLD).exists()


def test_without_room_for_a_copy_it_says_how_much_there_must_be(folder: Path) -> None:
    with (folder / DATA / "large").open("wb") as file:
        file.truncate(2**43)

    with pytest.raises(NotStarted, match="make room"):
        rewriting.check_room(folder / DATA)


def test_a_copy_has_the_documents_the_indexes_and_the_rules(store: EmbeddedStore, new_store: EmbeddedStore) -> None:
    with MongoClient(store.uri) as client:
        database = client["copied"]
        database.create_collection("things", validator={"size": {"$gt": 0}})
        database.things.create_index([("size", ASCENDING)], unique=True, sparse=True)
        database.things.insert_many({"_id": number, "size": number + 1} for number in range(rewriting.AT_ONCE + 1))

    try:
        rewriting.copy(_named(store), _named(new_store))
        with MongoClient(new_store.uri) as client:
            copied = client["copied"].things
            assert copied.count_documents({}) == rewriting.AT_ONCE + 1
            assert copied.find_one({"_id": 3}) == {"_id": 3, "size": 4}
            assert copied.index_information()["size_1"] == {
                "v": 2,
                "key": [("size", ASCENDING)],
                "unique": True,
                "sparse": True,
            }
            with pytest.raises(WriteError):
                copied.insert_one({"_id": "small", "size": 0})
    finally:
        with MongoClient(store.uri) as client:
            client.drop_database("copied")


def _named(store: EmbeddedStore) -> str:
    return store.uri.replace("/skillmark?", "/copied?")
