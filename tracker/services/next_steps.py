"""Next steps: made from a learner's record, stored when first shown, made again from what they cite when contested."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.roadmap import Roadmap
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.next_steps import NextStep, next_steps
from tracker.scoring.next_steps.choice import WHEN
from tracker.scoring.next_steps.outcomes import WINDOW, Outcome, outcome
from tracker.scoring.next_steps.replay import differences
from tracker.scoring.next_steps.step import step_from_dict
from tracker.services import profiles
from tracker.services.profiles import Record
from tracker.storage import attempts, item_parameters
from tracker.storage import next_steps as store
from tracker.storage.next_steps import StoredSteps
from tracker.storage.question_bank import get_bank

KEPT = timedelta(days=30)
ID_LENGTH = 32
VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class ShownSteps:
    """What a learner is shown to do next, and what it was made from.

    attempts: ids of the finished ones. model, parameters: revisions of the scoring model and the items' parameters.
    held: ids of the items answered in them of which it may not be told now whether that was right.
    """

    made_at: datetime
    attempts: tuple[str, ...]
    model: int
    parameters: int
    roadmap: Roadmap
    steps: tuple[NextStep, ...]
    held: frozenset[str] = frozenset()

    @property
    def when(self) -> Mapping[str, str]:
        """By rule, when it gives a step, in words."""
        return WHEN

    @property
    def decision(self) -> tuple[object, ...]:
        """What makes steps other ones than those before: not the numbers, which time moves a little every day."""
        return self.attempts, self.model, self.parameters, tuple(_decided(step) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Replay:
    """Steps as they were shown, and how what comes out now differs, a line each."""

    shown: ShownSteps
    differences: tuple[str, ...]


def get_steps(learner_id: int, *, now: datetime) -> ShownSteps:
    """What a learner should do next."""
    record, history = profiles.get_record_and_history(learner_id, now=now)
    return steps_of(record, history, learner_id=learner_id, now=now)


def steps_of(record: Record, history: QuizHistory, *, learner_id: int, now: datetime) -> ShownSteps:
    """What a learner should do next. It is stored when first shown, and shown as stored until it changes or ages."""
    answered = {response.item_id for attempt in record.attempts for response in attempt.responses}
    held = frozenset(item_id for item_id in answered if history.holds_item(item_id))
    made = replace(make_steps(record, now), held=held)
    if not record.profile.responses:
        return made
    last = store.find_newest(learner_id)
    if last and now - last.made_at < KEPT and (shown := _from_stored(last)).decision == made.decision:
        return replace(shown, held=held)
    store.add(_to_stored(made, learner_id))
    return made


def make_steps(record: Record, now: datetime) -> ShownSteps:
    """What the learner with this record should do next; nothing is stored, so it is not shown to them by this."""
    roadmap = get_bank().roadmap
    profile = record.profile
    return ShownSteps(
        made_at=now,
        attempts=tuple(attempt.attempt_id for attempt in record.attempts),
        model=profile.revision,
        parameters=profile.parameters,
        roadmap=roadmap,
        steps=next_steps(
            profile,
            roadmap=roadmap,
            attempts=record.attempts,
            now=now,
            parameters=item_parameters.get(profile.parameters),
        ),
    )


def list_shown(learner_id: int) -> list[ShownSteps]:
    """All steps that a learner was ever shown, newest first."""
    return [_from_stored(stored) for stored in store.list_of(learner_id)]


def replay(learner_id: int) -> list[Replay]:
    """Make every set of steps that a learner was ever shown again, from what it was made from; newest first."""
    finished = attempts.list_marked(learner_id)
    return [_replay(stored, finished) for stored in store.list_of(learner_id)]


def list_learner_ids(*, now: datetime) -> list[int]:
    """Ids of all who were shown steps a month ago or earlier."""
    return store.list_learner_ids(before=now - WINDOW)


def list_outcomes(learner_id: int, *, now: datetime) -> list[Outcome]:
    """What became of the steps that a learner was shown a month ago or earlier; repeated within a month, once."""
    finished = attempts.list_marked(learner_id)
    counted: dict[tuple[str, str | None], datetime] = {}
    found = []
    for made in reversed(list_shown(learner_id)):
        if made.made_at > now - WINDOW:
            break
        parameters = item_parameters.get(made.parameters)
        for step in made.steps:
            about = (step.rule, step.topic_id)
            if about not in counted or made.made_at - counted[about] > WINDOW:
                counted[about] = made.made_at
                found.append(outcome(step, made_at=made.made_at, attempts=finished, parameters=parameters))
    return [one for one in found if one]


def _replay(stored: StoredSteps, finished: Sequence[MarkedAttempt]) -> Replay:
    cited = tuple(attempt for attempt in finished if attempt.attempt_id in stored.attempts)
    profile = fold(cited, item_parameters.get(stored.parameters))
    shown = _from_stored(stored)
    again = make_steps(Record(profile=aged(profile, stored.made_at), attempts=cited), stored.made_at)
    made_from = {
        "attempts": (len(stored.attempts), len(cited)),
        "scoring model": (stored.model, again.model),
        "roadmap": (stored.roadmap, _version(again.roadmap)),
    }
    changed = [f"{name}: {was} then, {now} now" for name, (was, now) in made_from.items() if was != now]
    return Replay(shown=shown, differences=(*changed, *differences(shown.steps, again.steps)))


def _decided(step: NextStep) -> tuple[object, ...]:
    evidence = step.evidence
    if evidence is None:
        return (step.rule,)
    prerequisites = tuple(prerequisite.topic_id for prerequisite in evidence.prerequisites)
    return step.rule, evidence.topic_id, step.unlocks, prerequisites, evidence.resource


def _version(roadmap: Roadmap) -> str:
    return sha256(repr(roadmap.areas).encode()).hexdigest()[:VERSION_LENGTH]


def _to_stored(made: ShownSteps, learner_id: int) -> StoredSteps:
    """Their id follows from the day and from what was decided, so that two pages opened at once store one document."""
    decided = repr((learner_id, made.made_at.date(), made.decision))
    return StoredSteps(
        id=sha256(decided.encode()).hexdigest()[:ID_LENGTH],
        learner_id=learner_id,
        made_at=made.made_at,
        attempts=made.attempts,
        model=made.model,
        parameters=made.parameters,
        roadmap=_version(made.roadmap),
        steps=[asdict(step) for step in made.steps],
    )


def _from_stored(stored: StoredSteps) -> ShownSteps:
    return ShownSteps(
        made_at=stored.made_at,
        attempts=stored.attempts,
        model=stored.model,
        parameters=stored.parameters,
        roadmap=get_bank().roadmap,
        steps=tuple(step_from_dict(values) for values in stored.steps),
    )
