"""Simulated attempts, written through the store as if they had been taken."""

from datetime import UTC, datetime

import numpy as np

from tests.builders import an_attempt_at
from tests.scoring.calibration.living_world import Bank, LivingWorld, a_bank, a_living_world
from tracker.assessment.response import Response
from tracker.assessment.response_log import ResponseLog
from tracker.storage import attempts

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def a_small_world(*, people: int = 60, months: int = 4, bank: Bank | None = None, seed: int = 1) -> LivingWorld:
    """Some hundred attempts at fifty items."""
    return a_living_world(bank or a_bank(2), people=people, months=months, each=10, seed=seed)


def store(log: ResponseLog) -> None:
    """Store a log's attempts, finished as it says, counted from the beginning of 2026."""
    for code, learner_id in enumerate(log.learner_id.tolist()):
        at = datetime.fromtimestamp(BEGIN.timestamp() + round(log.ended_at[code]), UTC)
        rows = np.flatnonzero(log.attempt == code)
        attempt = an_attempt_at(
            id=f"{code:032x}",
            learner_id=learner_id,
            assessment_slug=f"quiz-{code}",
            started_at=at,
            finished_at=at,
            responses=tuple(_response(log, row) for row in rows),
        )
        assert attempts.add(attempt)


def _response(log: ResponseLog, row: int) -> Response:
    item = log.items[log.item[row]]
    return Response(
        item_id=f"{item.topic_id}/{item.version}",
        item_version=item.version,
        topic_id=item.topic_id,
        answer=("a",),
        mark=float(log.right[row]),
        seconds=float(log.seconds[row]),
        difficulty=item.difficulty,
        guessing=item.guessing,
    )
