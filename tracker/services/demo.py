"""A demonstration cohort: a lead and 24 learners of different profiles, three months of real attempts.

Everything is made through the services that people use; only the clock is set back. Seeded: the same bank on
the same day gives the same forms and answers, except for what the sweep of a server that runs beside it cuts short:
the attempts are long over.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.item import Item
from tracker.assessment.sees import Sees
from tracker.errors import AttemptClosed
from tracker.scoring.author_prior import DISCRIMINATION, LABELS
from tracker.scoring.irt import probability
from tracker.services import accounts, attempts, cohorts, items, targets
from tracker.storage.question_bank import get_bank

COHORT_NAME = "Backend guild (demonstration)"
LEAD_EMAIL = "lena@demo.example"
TARGET = "junior-backend"
SPAN = timedelta(days=90)
NAMES = (
    "Ada", "Ben", "Chiara", "Dmitri", "Elif", "Farah", "Goran", "Hana", "Ines", "Jonas", "Keiko", "Luca",
    "Maya", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tove", "Umar", "Vera", "Wen", "Zofia",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner of the demonstration: what they can do in each area, in logits, and how fast they improve."""

    number: int
    name: str
    theta: dict[str, float]
    growth: float
    quizzes: tuple[tuple[str, datetime], ...]

    @property
    def email(self) -> str:
        return f"{self.name.casefold()}@demo.example"


@dataclass(frozen=True, slots=True)
class Taken:
    """A quiz that was taken. is_whole: to its end. password: the one of all accounts."""

    is_whole: bool
    password: str


def is_there() -> bool:
    """Whether the demonstration was filled before."""
    return accounts.has_account(LEAD_EMAIL)


def plan_learners(now: datetime) -> list[Learner]:
    """The learners and the quizzes each will take over the last three months."""
    return [_plan(number, name, now) for number, name in enumerate(NAMES)]


def fill(learners: list[Learner], *, now: datetime) -> Iterator[Taken]:
    """Make the cohort and every attempt. Yields: each when it is over."""
    password = secrets.token_urlsafe(12)
    start = now - SPAN
    lead = accounts.sign_up(email=LEAD_EMAIL, name="Lena Lead", zone="Europe/Berlin", password=password, now=start)
    cohort = cohorts.create_cohort(COHORT_NAME, lead_id=lead.id, sees=Sees.SCORES, now=start)
    targets.take_template(cohort.public_id, TARGET, lead_id=lead.id)
    token = cohorts.invite(cohort.public_id, lead_id=lead.id, now=start)
    for learner in learners:
        person = accounts.sign_up(email=learner.email, name=learner.name, zone="UTC", password=password, now=start)
        cohorts.join(token, user_id=person.id, agreed_to=Sees.SCORES, now=start)
        for slug, begins in learner.quizzes:
            yield Taken(_take(slug, learner, learner_id=person.id, begins=begins, start=start), password)


def _plan(number: int, name: str, now: datetime) -> Learner:
    random = Random(f"learner {number}")  # noqa: S311 -- reproducible on purpose
    general = random.gauss(0, 0.8)
    areas = [area.slug for area in get_bank().roadmap.areas]
    again = [f"{area}-adaptive" for area in random.choices(areas, k=random.randint(0, 3))]
    wanted = ["placement", *random.sample(areas, random.randint(2, 5)), *again]
    days = sorted(random.uniform(1, SPAN.days - 1) for _ in wanted)
    return Learner(
        number=number,
        name=name,
        theta={slug: general + random.gauss(0, 0.7) for slug in areas},
        growth=max(0.0, random.gauss(0.5, 0.4)),
        quizzes=tuple((slug, now - SPAN + timedelta(days=day)) for slug, day in zip(wanted, days, strict=True)),
    )


def _take(slug: str, learner: Learner, *, learner_id: int, begins: datetime, start: datetime) -> bool:
    """Take one quiz. Says whether to its finish: a sweep, which lives today, may have closed it before."""
    random = Random(f"learner {learner.number} at {slug} on {begins:%j}")  # noqa: S311 -- reproducible on purpose
    attempt = attempts.start_attempt(slug, learner_id=learner_id, now=begins, seed=random.getrandbits(32))
    try:
        _answer_all(attempt, learner, random, ability_grown=learner.growth * ((begins - start) / SPAN))
    except AttemptClosed:
        return False
    return True


def _answer_all(attempt: Attempt, learner: Learner, random: Random, *, ability_grown: float) -> None:
    moment = attempt.started_at
    while attempt.position != REVIEW:
        position = attempt.position
        place = attempt.form[position]
        item = items.find_items([place.item_version])[place.item_version]
        moment += timedelta(seconds=random.uniform(15, 55))
        attempt = attempts.submit_response(
            attempt.id,
            learner_id=attempt.learner_id,
            seq=attempt.seq,
            position=position,
            item_version=place.item_version,
            sent=_answer(item, learner.theta[item.area_slug] + ability_grown, random),
            then=attempt.place_after(position),
            arrived_at=moment,
        )
    attempts.finish_attempt(attempt.id, learner_id=attempt.learner_id, seq=attempt.seq, now=moment)


def _answer(item: Item, theta: float, random: Random) -> list[str]:
    """What somebody of this ability sends: the key as often as the item's curve says, else a mistake."""
    chance = probability(theta, DISCRIMINATION, LABELS[item.difficulty], item.body.guessing)
    is_right = random.random() < chance
    if is_right:
        return item.body.send(item.body.key)
    return item.body.send(random.choice(item.body.slips or ((),)))
