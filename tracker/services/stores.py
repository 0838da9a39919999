"""The stores as a whole: make them ready before the app serves."""

from tracker.storage import attempts, documents, group_figures, next_steps, practice, sql


def prepare_stores() -> None:
    """Bring the SQL tables to the newest migration and build the document store's indexes; safe to do again."""
    sql.upgrade()
    attempts.prepare_indexes()
    practice.prepare_indexes()
    next_steps.prepare_indexes()
    group_figures.prepare_indexes()


def rest_documents() -> None:
    """Somebody has waited for the document store in vain: answer others at once for a moment, instead of queueing."""
    documents.rest()
