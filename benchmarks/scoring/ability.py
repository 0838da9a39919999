"""How long abilities take, beside PyPI's mirt and girth where they can do the same, on the same answers."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from statistics import median
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring import ability, evidence, irt, joint, profile
from tracker.scoring.fold import fold, updated
from tracker.scoring.structure import alike

SEED = 20261122
PEOPLE = 100_000
PEOPLE_AMONG_MANY_ITEMS = 2_000  # mirt needs a cell for every person and item: 80 MB here, 4 GB for all
ANSWERS = 20
BANK = 5_000
POINTS = 61
LIMITS = (-6, 6)
RUNS = 5
TOPICS = np.repeat(np.arange(5), 5)

Array = NDArray[np.float64]
Result = TypeVar("Result")


class Row(NamedTuple):
    """One program at one task: the median's seconds, how many people that was for, and the largest difference in
    theta from ours, None for our own.
    """

    task: str
    program: str
    people: int
    seconds: float
    difference: float | None = None

    @property
    def case(self) -> tuple[str]:
        """What programs are compared at."""
        return (self.task,)

    @property
    def cost(self) -> float:
        """Seconds for one person."""
        return self.seconds / self.people


class Answers(NamedTuple):
    """What so many people answered: who, which item, and the mark, each of shape (n,); the items' parameters."""

    person: NDArray[np.intp]
    item: NDArray[np.intp]
    marks: Array
    a: Array
    b: Array
    c: Array


def measure_ability() -> list[Row]:
    """Every task, ours first; a peer that is not installed has no row."""
    return [*_fixed_form(), *_own_items(), *_one_person(), *_profiles(), _one_attempt()]


def _fixed_form() -> Iterator[Row]:
    task = f"EAP, one form of {ANSWERS}"
    given = _answers(PEOPLE, bank=ANSWERS)
    ours, seconds = _timed(lambda: _ours(given, PEOPLE))
    yield Row(task, "Skillmark", PEOPLE, seconds)
    dense = given.marks.reshape(PEOPLE, ANSWERS).astype(np.int64)
    if find_spec("girth"):
        from girth import ability_3pl_eap

        options = {"quadrature_n": POINTS, "quadrature_bounds": LIMITS}
        columns = np.ascontiguousarray(dense.T)
        theirs, seconds = _timed(lambda: ability_3pl_eap(columns, given.b, given.a, given.c, options))
        yield Row(task, "girth", PEOPLE, seconds, _difference(theirs, ours))
    if find_spec("mirt"):
        theirs, seconds = _timed(lambda: _mirt_eap(given, dense))
        yield Row(task, "mirt", PEOPLE, seconds, _difference(theirs, ours))


def _own_items() -> Iterator[Row]:
    task = f"EAP, each their own {ANSWERS} of {BANK:,}"
    given = _answers(PEOPLE, bank=BANK)
    ours, seconds = _timed(lambda: _ours(given, PEOPLE))
    yield Row(task, "Skillmark", PEOPLE, seconds)
    if find_spec("mirt"):
        few = PEOPLE_AMONG_MANY_ITEMS
        dense = np.full((few, BANK), -1)
        first = slice(few * ANSWERS)
        dense[given.person[first], given.item[first]] = given.marks[first]
        theirs, seconds = _timed(lambda: _mirt_eap(given, dense))
        yield Row(task, "mirt", few, seconds, _difference(theirs, ours[:few]))


def _one_person() -> Iterator[Row]:
    given = _answers(1, bank=ANSWERS)
    whole, seconds = _timed(lambda: ability.eap(given.marks, given.a, given.b, given.c).theta, loops=200)
    yield Row(f"EAP, one person's {ANSWERS}", "Skillmark", 1, seconds)
    if find_spec("mirt"):
        theirs, seconds = _timed(lambda: _mirt_eap(given, given.marks[None].astype(np.int64)), loops=50)
        yield Row(f"EAP, one person's {ANSWERS}", "mirt", 1, seconds, _difference(theirs, np.array([whole])))
    state = ability.running(responses=ANSWERS)
    lines = evidence.log_table(state.points, given.a, given.b, given.c)[:, 1]
    _, seconds = _timed(lambda: state.after(lines[0]).ability, loops=500)
    yield Row("one more answer", "Skillmark", 1, seconds)


def _profiles() -> Iterator[Row]:
    task = f"5 areas and {TOPICS.size} topics, {ANSWERS} answers"
    structure = alike(TOPICS)
    given = _answers(PEOPLE, bank=BANK)
    topic = given.item % TOPICS.size
    _, seconds = _timed(
        lambda: joint.summaries(
            given.person, topic, given.marks, given.a, given.b, given.c,
            people=PEOPLE, structure=structure, item=given.item,
        )
    )  # fmt: skip
    yield Row(task, "Skillmark", PEOPLE, seconds)
    mine, item = slice(ANSWERS), given.item[:ANSWERS]
    _, seconds = _timed(
        lambda: profile.posterior(
            topic[mine], given.marks[mine], given.a[item], given.b[item], given.c[item], structure=structure
        ),
        loops=100,
    )
    yield Row(task, "Skillmark", 1, seconds)


def _one_attempt() -> Row:
    """The sixth attempt, a week after the fifth, each in all areas."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    attempts = [_attempt(number, start + number * timedelta(days=7)) for number in range(6)]
    known = fold(attempts[:5])
    _, seconds = _timed(lambda: updated(known, attempts[5]), loops=20)
    return Row(f"a profile after one more attempt of {ANSWERS}", "Skillmark", 1, seconds)


def _attempt(number: int, finished_at: datetime) -> MarkedAttempt:
    responses = (
        Response(
            item_id=f"item-{at}",
            item_version="v1",
            topic_id=f"area-{at % 5}/topic-{(number + at // 5) % 5}",
            answer=(),
            mark=float((number * ANSWERS + at) % 3 > 0),
            seconds=20.0,
            difficulty=1 + at % 5,
            guessing=0.25,
        )
        for at in range(ANSWERS)
    )
    return MarkedAttempt(attempt_id=str(number), finished_at=finished_at, responses=tuple(responses))


def _answers(people: int, *, bank: int) -> Answers:
    """Of people drawn from the population; to all items in turn when there are as many as answers."""
    rng = np.random.default_rng(SEED)
    a, b, c = rng.lognormal(0, 0.3, bank), rng.normal(0, 1, bank), rng.choice([0, 0.2, 0.25], bank)
    person = np.repeat(np.arange(people), ANSWERS)
    if bank == ANSWERS:
        item = np.tile(np.arange(bank), people)
    else:  # from a place of one's own, every 239th: no item twice
        item = (np.repeat(rng.integers(0, bank, people), ANSWERS) + 239 * np.tile(np.arange(ANSWERS), people)) % bank
    theta = rng.normal(0, 1, people)[person]
    marks = (rng.random(person.size) < irt.probability(theta, a[item], b[item], c[item])).astype(np.float64)
    return Answers(person, item, marks, a, b, c)


def _ours(given: Answers, people: int) -> Array:
    person, item, marks, a, b, c = given
    return ability.eap_batch(person, marks, a, b, c, people=people, item=item).theta


def _mirt_eap(given: Answers, dense: NDArray[np.int64]) -> Array:
    from mirt import fscores
    from mirt.models import ThreeParameterLogistic

    model = ThreeParameterLogistic(n_items=given.a.size)
    model.set_parameters(discrimination=given.a, difficulty=given.b, guessing=given.c)
    model._is_fitted = True  # it knows no other way to be given parameters
    return np.asarray(fscores(model, dense, method="EAP", n_quadpts=POINTS).theta).ravel()


def _difference(theirs: Array, ours: Array) -> float:
    return float(np.abs(theirs - ours).max())


def _timed(action: Callable[[], Result], *, loops: int = 1) -> tuple[Result, float]:
    """What it gives, and the median of its seconds; once unmeasured first."""
    result = action()
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(loops):
            action()
        seconds.append((time.perf_counter() - start) / loops)
    return result, median(seconds)
