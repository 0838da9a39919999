"""The instance folder: generated secrets, and the embedded store with its address while it runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tracker.config import MONGODB_URI_FILE, ROOT, SECRET_KEY_FILE
from tracker.storage.embedded import EmbeddedStore
from tracker.storage.private_file import get_secret, make_private_folder, write_private


def prepare_instance(environment: Mapping[str, str]) -> Path:
    """The instance folder, private, with a secret key in it."""
    instance = Path(environment.get("TRACKER_INSTANCE", ROOT / "instance")).absolute()
    make_private_folder(instance)
    get_secret(instance / SECRET_KEY_FILE)
    return instance


@contextmanager
def document_store(instance: Path, environment: Mapping[str, str]) -> Iterator[EmbeddedStore | None]:
    """The embedded store, running, its address left where the app looks; nothing when the settings name another.

    Raises: StoreInUse when a live launcher runs it; NotStarted.
    """
    if environment.get("TRACKER_MONGODB_URI"):
        yield None
        return
    with EmbeddedStore(instance / "store") as store:
        address = instance / MONGODB_URI_FILE
        write_private(address, store.uri)
        try:
            yield store
        finally:
            address.unlink(missing_ok=True)
