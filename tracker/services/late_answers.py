"""Answers that arrive after an attempt is over: never counted, but kept, and told."""

from tracker.assessment.attempt import Attempt
from tracker.assessment.late_answer import LateAnswer
from tracker.errors import KeyReused
from tracker.storage import late_answers


def keep_late(attempt: Attempt, late: LateAnswer) -> bool:
    """Keep an answer that came after its attempt was over, durably and once. Says whether it is kept.

    It is not when it is to no item of the form, says what is saved there anyway, or is one more than an attempt keeps.
    Raises: KeyReused.
    """
    is_of_form = late.item_version in attempt.versions[late.position : late.position + 1]
    if not is_of_form or late.answer == attempt.answers.get(late.position, ()):
        return False
    kept = late_answers.add(late, attempt_id=attempt.id, learner_id=attempt.learner_id)
    if kept and not kept.says_the_same(late):
        raise KeyReused
    return kept is not None


def list_late_places(attempt: Attempt) -> tuple[int, ...]:
    """The places to which an answer came after this attempt was over, in the order of its form."""
    return tuple(sorted({late.position for late in late_answers.list_of(attempt.id)}))
