"""The stores as a whole: make them ready before the app serves."""

from tracker.errors import ConfigError
from tracker.storage import (
    attempts,
    documents,
    group_figures,
    late_answers,
    next_steps,
    practice,
    shapes,
    sql,
    topology,
)


def prepare_stores() -> None:
    """Bring the SQL tables to the newest migration, and the document store's indexes and shapes; safe to do again.

    Raises: ConfigError, when the document store cannot keep what we promise; then nothing is touched.
    """
    fault = topology.find_fault()
    if fault:
        raise ConfigError([f"TRACKER_MONGODB_URI: {fault}"])
    sql.upgrade()
    shapes.declare()
    with documents.patiently():
        attempts.prepare_indexes()
        late_answers.prepare_indexes()
        practice.prepare_indexes()
        next_steps.prepare_indexes()
        group_figures.prepare_indexes()


def give_up_reading() -> None:
    """Something was wrong with SQL: let go of what was begun there, as PostgreSQL answers nothing more until then."""
    sql.session().rollback()


def rest_documents() -> None:
    """Somebody has waited for the document store in vain: answer others at once for a moment, instead of queueing."""
    documents.rest()
