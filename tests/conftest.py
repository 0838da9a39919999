"""What every test may use: the real app on a real embedded document store and real SQLite, and the cast.

With TEST_DATABASE=postgresql, on a real PostgreSQL.

Ada learns, Lena leads Ada's cohort, Vera writes items, Omar is the outsider.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask, current_app
from sqlalchemy import delete, update

from tests.browser import Browser
from tests.open_trail import open_trail
from tests.postgresql import IS_CHOSEN, PostgreSQL
from tests.storage.small_bank import write_small_bank
from tests.web.stored import COLLECTIONS
from tracker.app import create_app
from tracker.config import Config, Provider
from tracker.services import adaptive, stores
from tracker.storage import accounts, archive, audit, documents, export_files, item_parameters, proofs, sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.embedded import EmbeddedStore
from tracker.storage.sql import Base
from tracker.storage.tables import User
from tracker.web import limits
from tracker.web.limits import limiter

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Cheap on purpose: the cost of hashing is tested where it matters, not paid for in every test."""

COUNTING = "where the one limiter counts"
NewDatabase = Callable[[], dict[str, str]]

PROVIDER_AWAY = Provider(issuer="http://127.0.0.1:1", client_id="skillmark", name="Example Ltd")
"""Whom people could sign in with, but nobody answers there."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run every test whose app uses it; the others, which choose their own stores, ran before."""
    if IS_CHOSEN:
        others = [item for item in items if "new_database" not in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in set(others)]
        config.hook.pytest_deselected(items=others)


@dataclass(frozen=True)
class Cast:
    """The people of the tests, by their user ids."""

    ada: int
    lena: int
    omar: int
    vera: int


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A real document store, one for each test process."""
    with EmbeddedStore(tmp_path_factory.mktemp("store") / "mongodb") as running:
        yield running


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL, one for each test process that asks for it."""
    with PostgreSQL() as running:
        yield running


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Gives settings of a new database on PostgreSQL if the tests run on it, else none: SQLite's is in the instance."""
    if not IS_CHOSEN:
        return dict
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return lambda: {"TRACKER_DATABASE_URL": server.new_database()}


@pytest.fixture(scope="session")
def config(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Config:
    """Settings on real stores in temporary folders; assessments can be taken again at once, as fast as one likes."""
    instance = tmp_path_factory.mktemp("instance")
    in_file = f"sqlite:///{instance / 'skillmark.sqlite3'}"
    return Config(
        secret_key="a key of the tests that is long enough",
        database_url=new_database().get("TRACKER_DATABASE_URL", in_file),
        mongodb_uri=store.uri,
        instance=instance,
        provider=PROVIDER_AWAY,
        retake_days=0,
        changes_a_second=0,
    )


@pytest.fixture(scope="session")
def whole_app(config: Config) -> Flask:
    """The app, its stores prepared; use `app`, which empties them first."""
    app = create_app(config)
    with app.app_context():
        stores.prepare_stores()
    return app


@pytest.fixture
def app(whole_app: Flask, config: Config) -> Iterator[Flask]:
    """The app without people and proof runs, in an app context."""
    with whole_app.app_context():
        count_limits_here(whole_app, config)
        forget_people()
        forget_proofs(whole_app)
        yield whole_app


@pytest.fixture(scope="session")
def whole_small_app(config: Config, whole_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app on a small bank of its own, on the same stores; use `small_app`, which empties them first."""
    folder = tmp_path_factory.mktemp("small")
    write_small_bank(folder / "bank")
    return create_app(replace(config, bank=folder / "bank", instance=folder))


@pytest.fixture
def small_app(app: Flask, whole_small_app: Flask) -> Iterator[Flask]:
    """The app on a small bank with empty stores and no proof run, in an app context."""
    with whole_small_app.app_context():
        whole_small_app.extensions.pop(archive.EXTENSION, None)
        forget_proofs(whole_small_app)
        yield whole_small_app


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ada, Lena, Omar and Vera with accounts."""
    return Cast(
        ada=add_person("ada@example.org", "Ada"),
        lena=add_person("lena@example.org", "Lena"),
        omar=add_person("omar@example.org", "Omar"),
        vera=add_author("vera@example.org", "Vera"),
    )


@pytest.fixture
def browser(app: Flask) -> Callable[[int | None], Browser]:
    """Make a browser: signed in as the person with this id, or a visitor's with None."""
    return lambda user_id: Browser(app, user_id)


def add_person(email: str, name: str) -> int:
    """Add a person whose password is PASSWORD. Returns: their id."""
    user = accounts.add_user(
        email=email, name=name, zone="UTC", password_hash=PASSWORD_HASH, is_admin=False, now=NOON - timedelta(days=1)
    )
    return user.id


def add_author(email: str, name: str) -> int:
    """Add a person who writes items. Returns: their id."""
    author_id = add_person(email, name)
    accounts.set_author(author_id)
    return author_id


def add_admin(email: str, name: str) -> int:
    """Add an admin. Returns: their id."""
    admin_id = add_person(email, name)
    accounts.set_admin(admin_id)
    return admin_id


def verify(user_id: int) -> None:
    """Let somebody have shown that their address is theirs."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(verified_at=NOON))


def empty_stores() -> None:
    """Take everything out of both stores."""
    forget_people()
    forget_sources()


def forget_people() -> None:
    """Take everything out of both stores but the texts of items, which are the same for everybody."""
    if audit.find_newest():
        with open_trail() as session:
            session.execute(delete(AuditEvent))
    with sql.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table is not AuditEvent.__table__:
                session.execute(delete(table))
    for name in COLLECTIONS - {"item_sources"}:
        documents.collection(name).delete_many({})
    export_files.remove_all_of(export_files.list_ids())
    item_parameters.get.cache_clear()
    adaptive.get_stock.cache_clear()
    limiter.reset()


def forget_sources() -> None:
    """Take the texts of items out of the document store."""
    documents.collection("item_sources").delete_many({})
    current_app.extensions.pop(archive.EXTENSION, None)


def count_limits_here(app: Flask, config: Config) -> None:
    """Let the one limiter of this process count in the tests' store, wherever another app has let it count since."""
    if limiter.storage is not app.extensions.get(COUNTING):
        limits.init(Flask("the one limiter counts where it did"), config)
        app.extensions[COUNTING] = limiter.storage


def forget_proofs(app: Flask) -> None:
    """Remove what became of proofs that an app's tests have run."""
    app.extensions[proofs.EXTENSION].unlink(missing_ok=True)
