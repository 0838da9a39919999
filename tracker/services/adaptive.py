"""Adaptive attempts: which item comes next, and when it is enough.

What is the same at each turn of an attempt, its `Setting`, is worked out once a process and kept; every turn follows
from that, the answers so far, and a generator seeded by the attempt and the place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

import numpy as np

from tracker.assessment.assembly import USED_UP, Placement, Reason, place_next, staleness
from tracker.assessment.attempt import Attempt, Plan, Stop
from tracker.assessment.blueprint import Assessment
from tracker.assessment.family import Family, split_version
from tracker.assessment.item import Item
from tracker.assessment.marking import mark_attempt
from tracker.assessment.met import Seen
from tracker.assessment.parameters import ParameterSet
from tracker.errors import Conflict
from tracker.scoring import turn
from tracker.scoring.author_prior import estimate_of
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import ENOUGH_RESPONSES, PROFICIENT_CUT
from tracker.scoring.selection import Bank, Choice, Quotas, Selector, StopRules, Turn, even_quotas, exposure_rates
from tracker.scoring.selection.bank import NO_FAMILY, BoolArray, IntArray
from tracker.scoring.turn import Known, Outset
from tracker.services import items, met_items, profiles
from tracker.storage import exposures, item_parameters, item_reviews
from tracker.storage.question_bank import QuestionBank, get_bank

TIME_FOR_AN_ITEM = timedelta(seconds=20)
"""With less time left, no further item is begun."""

PLACEMENT_RULES = StopRules()
AREA_RULES = StopRules(fewest_in_area=ENOUGH_RESPONSES)
TOPIC_RULES = StopRules(standard_error=0.50, cuts=(PROFICIENT_CUT,), fewest_in_area=ENOUGH_RESPONSES)

MOST_STOCKS = 4
MOST_SETTINGS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What a bank has to give, as selection sees it by one revision of the parameters. Codes are places in a tuple."""

    parameters: ParameterSet
    entries: tuple[Item | Family, ...]
    places: Mapping[str, int]
    topic_ids: tuple[str, ...]
    selector: Selector


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What stays the same at each turn of an attempt.

    topics: the codes of those covered. seen: what the learner has met before; stale, shape (entries,), says how lately,
    and `USED_UP` of an item under review: its answer would not count.
    exposure, shape (entries,): as it was when the attempt began or was first met by this process.
    """

    stock: Stock
    plan: Plan
    topics: IntArray
    quotas: Quotas
    outset: Outset
    seen: Seen
    stale: IntArray
    exposure: FloatArray

    @property
    def is_possible(self) -> bool:
        """Whether there is anything to ask."""
        return bool((self.stale[np.isin(self.stock.selector.bank.topic, self.topics)] != USED_UP).any())


def begun(attempt: Attempt, assessment: Assessment) -> Attempt:
    """An attempt without form, with the plan of this assessment and its first item."""
    plan = Plan(
        topic_ids=assessment.topic_ids(get_bank().roadmap),
        item_count=assessment.item_count,
        parameters=item_parameters.current().revision,
    )
    planned = replace(attempt, plan=plan)
    setting = _setting_of(planned, plan)
    if not setting.is_possible:
        raise Conflict(
            "Every question of this quiz is under review just now, so there is none to ask. Please try later."
        )
    known = turn.known(setting.outset, (), setting.stock.parameters)
    return replace(planned, form=(_next_place(planned, setting, _turn(planned, setting, known)),))


def follow(attempt: Attempt, plan: Plan, *, now: datetime) -> Placement | Stop:
    """What follows once all items of an adaptive attempt are answered: the next one, or the rule that stops it."""
    if get_bank().live_by_topic.keys().isdisjoint(plan.topic_ids):
        return "exhausted"
    setting = _setting_of(attempt, plan)
    responses = mark_attempt(attempt, items.find_items(attempt.versions), ran_out=False)
    known = turn.known(
        setting.outset,
        [response for response in responses if response.topic_id in setting.outset.topic_ids],
        setting.stock.parameters,
    )
    at = _turn(attempt, setting, known)
    stop = setting.stock.selector.should_stop(
        at,
        _rules(attempt, plan),
        reported=_reported(setting, known),
        elapsed=now - attempt.started_at,
    )
    return stop or _next_place(attempt, setting, at)


def count_exposure(attempt: Attempt, plan: Plan) -> None:
    """Count what an attempt that has ended has given."""
    exposures.count(topic_ids=plan.topic_ids, file_versions=[split_version(version)[0] for version in attempt.versions])


def _rules(attempt: Attempt, plan: Plan) -> StopRules:
    areas = {topic_id.partition("/")[0] for topic_id in plan.topic_ids}
    rules = TOPIC_RULES if plan.is_of_one_topic else AREA_RULES if len(areas) == 1 else PLACEMENT_RULES
    return replace(rules, time=attempt.deadline - attempt.started_at - TIME_FOR_AN_ITEM)


def _reported(setting: Setting, known: Known) -> Weights:
    """What the attempt is about: its one topic, or the areas it covers."""
    if setting.plan.is_of_one_topic:
        return known.topics
    return known.areas[np.unique(setting.outset.area_of_topic)]


def _next_place(attempt: Attempt, setting: Setting, at: Turn) -> Placement:
    place = len(attempt.form)
    choice = setting.stock.selector.choose(at, np.random.default_rng((attempt.seed, place)))
    random = Random(f"{attempt.seed}/{place}")  # noqa: S311 -- reproducible on purpose; nothing secret depends on it
    return place_next(setting.stock.entries[choice.item], seen=setting.seen, random=random, reason=_reason(choice))


def _reason(choice: Choice) -> Reason:
    return Reason(
        criterion=choice.criterion,
        wanted=choice.wanted,
        theta=choice.theta,
        weight=choice.weight,
        information=choice.best.information,
        drawn=choice.best.drawn,
    )


def _turn(attempt: Attempt, setting: Setting, known: Known) -> Turn:
    stock = setting.stock
    given = np.array(
        [stock.places[place.item_id] for place in attempt.form if place.item_id in stock.places], dtype=np.intp
    )
    posteriors = np.full((len(stock.topic_ids), known.topics.shape[1]), 1 / known.topics.shape[1])
    posteriors[setting.topics] = known.topics
    return Turn(
        quotas=setting.quotas,
        given=given,
        posteriors=posteriors,
        excluded=np.flatnonzero(_too_stale(setting, given)),
        exposure=setting.exposure,
    )


def _too_stale(setting: Setting, given: IntArray) -> BoolArray:
    """Which items the learner met more lately than others left in the topic."""
    topic, stale = setting.stock.selector.bank.topic, setting.stale
    left = np.ones(stale.size, dtype=np.bool_)
    left[given] = False
    freshest = np.full(len(setting.stock.topic_ids), USED_UP)
    np.minimum.at(freshest, topic[left], stale[left])
    return np.asarray((stale > freshest[topic]) | (stale == USED_UP))


def _setting_of(attempt: Attempt, plan: Plan) -> Setting:
    return get_setting(get_bank(), attempt.id, attempt.learner_id, attempt.started_at, plan)


@lru_cache(MOST_SETTINGS)
def get_setting(bank: QuestionBank, attempt_id: str, learner_id: int, started_at: datetime, plan: Plan) -> Setting:
    stock = get_stock(bank, plan.parameters)
    topics = np.array([code for code, topic_id in enumerate(stock.topic_ids) if topic_id in plan.topic_ids])
    profile = profiles.get_profile_at(learner_id, moment=started_at, known=stock.parameters)
    seen = met_items.list_met(learner_id, now=started_at, apart_from=attempt_id)
    flagged = item_reviews.list_unscored([entry.version for entry in stock.entries])
    counted = exposures.get()
    return Setting(
        stock=stock,
        plan=plan,
        topics=topics,
        quotas=even_quotas(stock.selector.bank.area_of_topic, topics=topics, length=plan.item_count),
        outset=turn.outset(profile, [stock.topic_ids[code] for code in topics], item_count=plan.item_count),
        seen=seen,
        stale=np.array([USED_UP if entry.version in flagged else staleness(entry, seen) for entry in stock.entries]),
        exposure=exposure_rates(
            np.array([counted.given[entry.version] for entry in stock.entries]),
            np.array([counted.attempts[entry.topic_id] for entry in stock.entries]),
        ),
    )


@lru_cache(MOST_STOCKS)
def get_stock(bank: QuestionBank, revision: int) -> Stock:
    """What this bank has to give, by one revision of the parameters; made once a process."""
    known = item_parameters.get(revision)
    topic_ids = tuple(bank.live_by_topic)
    entries = tuple(entry for entries in bank.live_by_topic.values() for entry in entries)
    area_slugs = [area.slug for area in bank.roadmap.areas]
    estimates = [estimate_of(entry.version, entry.difficulty, known) for entry in entries]
    return Stock(
        parameters=known,
        entries=entries,
        places={entry.id: place for place, entry in enumerate(entries)},
        topic_ids=topic_ids,
        selector=Selector(
            Bank(
                topic=np.array([topic_ids.index(entry.topic_id) for entry in entries]),
                area_of_topic=np.array([area_slugs.index(topic_id.partition("/")[0]) for topic_id in topic_ids]),
                a=np.array([estimate.a for estimate in estimates]),
                b=np.array([estimate.b for estimate in estimates]),
                c=np.array([entry.guessing for entry in entries]),
                b_error=np.array([estimate.b_error for estimate in estimates]),
                family=np.full(len(entries), NO_FAMILY),
            )
        ),
    )
