"""How long an adaptive turn and whole simulations take, beside PyPI's mirt and catsim, on the same banks and people.

Every program starts at 0 and then asks what tells most at its estimate; ours, in the turns, also restricts, spreads and
balances, which the others are spared. mirt estimates by 21 points, its default, we by 61; catsim maximises the
likelihood. What is slow is run less often or for fewer people: each row says how many.
"""

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.scoring import grid, irt, profile
from tracker.scoring.selection import Bank, Quotas, Selector, Turn, even_quotas, simulate
from tracker.scoring.selection.bank import NO_FAMILY
from tracker.scoring.structure import alike

SEED = 20261122
BANKS = (500, 5_000, 50_000)
SIMULATED_BANKS = (500, 5_000)
LENGTH = 20
PEOPLE = 1_000
TURNS = 400
PROFILE_TOPICS = np.arange(29) * 5 // 29
RUNS = 5
SLOW_RUNS = 3
SLOW_PEOPLE = 50  # what catsim is given instead of PEOPLE

Array = NDArray[np.float64]


class Row(NamedTuple):
    """One program at one task and bank: the median of so many runs, each of so many people or turns, for one of them.

    slowest: the 99th percentile, where single turns were timed. rmse: of the abilities found, where people were
    simulated; both in the unit of what they stand beside, None elsewhere.
    """

    task: str
    program: str
    bank: int
    people: int
    runs: int
    seconds_each: float
    slowest: float | None = None
    rmse: float | None = None

    @property
    def case(self) -> tuple[str, int]:
        """What programs are compared at."""
        return self.task, self.bank

    @property
    def cost(self) -> float:
        """Seconds for one person or turn."""
        return self.seconds_each


def measure_selection() -> list[Row]:
    """Every task, ours first; a peer that is not installed has no row."""
    return [*_turns(), *_profile_turns(), *_simulations()]


def _turns() -> Iterator[Row]:
    """An answer taken and the next item chosen, ability one number."""
    task = "turn"
    for size in BANKS:
        bank = _bank(size)
        yield _row(task, "Skillmark", size, _our_turns(bank, np.zeros(TURNS // LENGTH)))
        if find_spec("mirt"):
            yield _row(task, "mirt", size, _mirt_turns(bank, np.zeros(max(1, 25_000 // size))))
        if find_spec("catsim"):
            yield _row(task, "catsim", size, _catsim_turns(bank, turns=max(10, 100_000 // size)))


def _profile_turns() -> Iterator[Row]:
    """The same with the abilities of 5 areas and 29 topics estimated jointly, the topics balanced by quotas."""
    structure = alike(PROFILE_TOPICS)
    for size in BANKS:
        bank = _bank(size, area_of_topic=PROFILE_TOPICS)
        selector = Selector(bank)
        quotas = even_quotas(PROFILE_TOPICS, topics=np.arange(PROFILE_TOPICS.size), length=LENGTH)
        exposure = np.zeros(size)
        a, rng, seconds = bank.curves.a, np.random.default_rng(SEED), []
        for _ in range(TURNS // LENGTH):
            given, marks = np.empty(0, dtype=np.intp), np.empty(0)
            for _ in range(LENGTH):
                start = time.perf_counter()
                known = profile.posterior(
                    bank.topic[given], marks, a[given], bank.b[given], bank.c[given], structure=structure
                )
                item = selector.choose(_turn(quotas, given, known.topic_weights, exposure), rng).item
                seconds.append(time.perf_counter() - start)
                given = np.append(given, item)
                marks = np.append(
                    marks, float(rng.random() < irt.probability(0.0, a[item], bank.b[item], bank.c[item]))
                )
        yield _row("turn, 5 areas and 29 topics", "Skillmark", size, seconds)


def _simulations() -> Iterator[Row]:
    """Whole tests of many people."""
    theta = np.random.default_rng(SEED).normal(size=PEOPLE)
    for size in SIMULATED_BANKS:
        task = f"simulation, {LENGTH} items"
        bank = _bank(size)
        yield _simulated(task, "Skillmark", size, theta, partial(_ours, bank, theta))
        if find_spec("mirt"):
            yield _simulated(task, "mirt", size, theta, partial(_mirt, bank, theta), runs=SLOW_RUNS)
        if find_spec("catsim"):
            few = theta[:SLOW_PEOPLE]
            yield _simulated(task, "catsim", size, few, partial(_catsim, bank, few), runs=1)
        task = f"simulation, {LENGTH} items, nothing guessed"
        bank = _bank(size, guessing=False)
        yield _simulated(task, "Skillmark", size, theta, partial(_ours, bank, theta))
        if find_spec("mirt"):
            yield _simulated(task, "mirt (Rust)", size, theta, partial(_mirt, bank, theta), runs=SLOW_RUNS)


def _our_turns(bank: Bank, theta: Array) -> list[float]:
    selector, rng, seconds = Selector(bank), np.random.default_rng(SEED), []
    quotas = even_quotas(bank.area_of_topic, topics=[0], length=LENGTH)
    lines = irt.probability(grid.COARSE, bank.a[:, None], bank.b[:, None], bank.c[:, None])
    exposure = np.zeros(bank.size)
    for person in theta:
        weights = grid.normalised(grid.log_normal(grid.COARSE, 0, 1))
        given: list[int] = []
        item = selector.choose(_turn(quotas, np.array(given, dtype=np.intp), weights[None], exposure), rng).item
        while len(given) < LENGTH - 1:
            given.append(item)
            is_right = rng.random() < irt.probability(person, bank.a[item], bank.b[item], bank.c[item])
            start = time.perf_counter()
            weights = weights * (lines[item] if is_right else 1 - lines[item])
            weights /= weights.sum()
            item = selector.choose(_turn(quotas, np.array(given), weights[None], exposure), rng).item
            seconds.append(time.perf_counter() - start)
    return seconds


def _turn(quotas: Quotas, given: NDArray[np.intp], posteriors: Any, exposure: Array) -> Turn:
    return Turn(quotas, given, posteriors, excluded=np.empty(0, dtype=np.intp), exposure=exposure)


def _mirt_turns(bank: Bank, theta: Array) -> list[float]:
    seconds = []
    for person in theta:
        engine = _mirt_engine(bank)
        item = engine.select_next_item()
        rng = np.random.default_rng(SEED)
        for _ in range(LENGTH - 1):
            mark = int(rng.random() < irt.probability(person, bank.a[item], bank.b[item], bank.c[item]))
            start = time.perf_counter()
            item = engine.administer_item(mark).next_item
            seconds.append(time.perf_counter() - start)
    return seconds


def _catsim_turns(bank: Bank, *, turns: int) -> list[float]:
    """The turn in the middle of a test, over and over."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector

    items, estimator, selector = ItemBank(_columns(bank)), NumericalSearchEstimator(), MaxInfoSelector()
    given, seconds = list(range(LENGTH // 2)), []
    marks = [item % 2 == 0 for item in given]
    for _ in range(turns):
        start = time.perf_counter()
        theta = estimator.estimate(item_bank=items, administered_items=given, response_vector=marks, est_theta=0.0)
        selector.select(item_bank=items, administered_items=given, est_theta=theta)
        seconds.append(time.perf_counter() - start)
    return seconds


def _ours(bank: Bank, theta: Array) -> Array:
    return simulate(bank, theta, length=LENGTH, rng=np.random.default_rng(SEED)).theta


def _mirt(bank: Bank, theta: Array) -> Array:
    return np.array([one.theta for one in _mirt_engine(bank).run_batch_simulation(theta)])


def _mirt_engine(bank: Bank) -> Any:
    from mirt.cat.engine import CATEngine
    from mirt.models import ThreeParameterLogistic, TwoParameterLogistic

    parameters = {"discrimination": bank.a, "difficulty": bank.b}
    if bank.c.any():
        model = ThreeParameterLogistic(n_items=bank.size)
        parameters["guessing"] = bank.c
    else:
        model = TwoParameterLogistic(n_items=bank.size)
    model.set_parameters(**parameters)
    model._is_fitted = True  # it knows no other way to be given parameters
    return CATEngine(model, se_threshold=1e-6, max_items=LENGTH, seed=SEED)


def _catsim(bank: Bank, theta: Array) -> Array:
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import MinErrorStopper

    simulator = Simulator(ItemBank(_columns(bank)), theta)
    stopper = MinErrorStopper(1e-6, max_items=LENGTH)
    simulator.simulate(FixedPointInitializer(0), MaxInfoSelector(), NumericalSearchEstimator(), stopper)
    return np.array(simulator.latest_estimations)


def _columns(bank: Bank) -> Array:
    return np.column_stack((bank.a, bank.b, bank.c, np.ones(bank.size)))


def _bank(size: int, *, area_of_topic: NDArray[np.intp] | None = None, guessing: bool = True) -> Bank:
    rng = np.random.default_rng(SEED)
    area_of_topic = np.zeros(1, dtype=np.intp) if area_of_topic is None else area_of_topic
    return Bank(
        topic=np.arange(size) % area_of_topic.size,
        area_of_topic=area_of_topic,
        a=rng.lognormal(0, 0.3, size),
        b=rng.normal(0, 1, size),
        c=rng.choice([0, 0.2, 0.25], size) if guessing else np.zeros(size),
        b_error=np.zeros(size),
        family=np.full(size, NO_FAMILY),
    )


def _simulated(task: str, program: str, size: int, theta: Array, run: Callable[[], Array], *, runs: int = RUNS) -> Row:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - start)
    rmse = math.sqrt(np.mean((found - theta) ** 2))
    return Row(task, program, size, theta.size, runs, median(seconds) / theta.size, rmse=rmse)


def _row(task: str, program: str, size: int, seconds: list[float]) -> Row:
    slowest = float(np.quantile(seconds, 0.99))
    return Row(task, program, size, people=1, runs=len(seconds), seconds_each=median(seconds), slowest=slowest)
