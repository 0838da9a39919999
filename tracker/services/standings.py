"""Where many learners stand at one moment: what a cohort's pages, figures and exports are made of."""

from collections.abc import Sequence
from datetime import datetime

from tracker.scoring.packing import FORMAT, NOTHING, Packed, unpacked
from tracker.scoring.profile import REVISION
from tracker.scoring.standings import Standings
from tracker.storage import standings
from tracker.storage.question_bank import get_bank


def list_standings(learner_ids: Sequence[int], *, now: datetime) -> Standings:
    """The standings of these learners as of now, in their order; of who was not measured, what that leaves open."""
    stored = standings.list_of(learner_ids, revision=REVISION, format=FORMAT)
    found = {learner_id: Packed(one.skills, one.numbers) for learner_id, one in stored.items()}
    return unpacked([found.get(learner_id, NOTHING) for learner_id in learner_ids], get_bank().roadmap, now)
