"""What levels cohorts want, in SQL."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from tracker.storage import cohorts, sql
from tracker.storage.cohort_tables import Target


def list_of(cohort_id: int) -> dict[str, str]:
    """The level that a cohort wants in each area or topic that it named."""
    rows = sql.session().execute(select(Target.skill, Target.level).where(Target.cohort_id == cohort_id))
    return {row.skill: row.level for row in rows}


def replace(cohort_id: int, levels: Mapping[str, str]) -> None:
    """Want these levels from now on, and no others."""
    with sql.writing() as session:
        cohorts.hold(cohort_id)
        session.execute(delete(Target).where(Target.cohort_id == cohort_id))
        if levels:
            rows = [{"cohort_id": cohort_id, "skill": skill, "level": level} for skill, level in levels.items()]
            session.execute(insert(Target), rows)
