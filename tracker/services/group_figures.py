"""Figures of a cohort as a group, as its leads read them; they are made beforehand (`group_telling`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.group_figures import AnsweredItem, GroupFigures, HeldMisconception, TrendPoint
from tracker.assessment.item import Item, Misconception
from tracker.assessment.item_title import ItemTitle, title_of
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.roadmap import Area, Topic
from tracker.errors import NotFound
from tracker.scoring.trend_chart import TrendChart, draw
from tracker.services import cohorts
from tracker.services.group_telling import MOST_COUNTED
from tracker.storage import attempts, contributors, group_figures
from tracker.storage.cohort_tables import Cohort
from tracker.storage.question_bank import QuestionBank, get_bank

RENEWED_AFTER = timedelta(hours=1)
"""Figures are made anew when somebody looks at older ones."""

PAGE = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A misconception with what was told of it."""

    misconception: Misconception
    figure: HeldMisconception


@dataclass(frozen=True, slots=True)
class HeldInTopic:
    """The misconceptions of a topic, the most common first."""

    area: Area
    topic: Topic
    held: tuple[Held, ...]

    @property
    def common(self) -> list[Held]:
        """Those that two people or more chose."""
        return [one for one in self.held if one.figure.share.end != "few"]

    @property
    def rare(self) -> list[Held]:
        """Those that at most one person chose."""
        return [one for one in self.held if one.figure.share.end == "few"]


@dataclass(frozen=True, slots=True)
class AreaTrend:
    """An area's points, oldest first, and their drawing."""

    area: Area
    points: tuple[TrendPoint, ...]
    chart: TrendChart


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """A cohort's figures as of `made_at`, None before they were made, or when somebody in them has left since.

    is_too_large: no figures are made of so many members.
    """

    cohort: Cohort
    made_at: datetime | None
    topics: tuple[HeldInTopic, ...]
    trends: tuple[AreaTrend, ...]
    areas: tuple[tuple[Area, int], ...]
    withheld: int
    is_too_large: bool = False


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item with what was told of it. is_held: whoever looks may still be asked it, so its key is not shown."""

    item: Item
    topic: Topic
    figure: AnsweredItem
    is_held: bool

    @property
    def title(self) -> ItemTitle:
        """What it is called in a list."""
        return title_of(self.item)


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """Some of the items of an area, those that break a rule first, then topic by topic. pages: how many there are."""

    cohort: Cohort
    area: Area
    items: tuple[ListedItem, ...]
    page: int
    pages: int


def open_figures(public_id: str, *, lead_id: int, now: datetime) -> FiguresPage:
    """A cohort's figures for its leads; old ones are asked for anew. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    members = contributors.list_seen(cohort.id).keys()
    if len(members) > MOST_COUNTED:
        return FiguresPage(cohort, None, (), (), (), 0, is_too_large=True)
    figures = group_figures.find(cohort.id)
    if figures and not figures.learners <= members:
        figures = None
    if figures is None or figures.made_at + RENEWED_AFTER <= now:
        group_figures.want(cohort.id, now=now)
    if figures is None:
        return FiguresPage(cohort, None, (), (), (), 0)
    bank = get_bank()
    return FiguresPage(
        cohort=cohort,
        made_at=figures.made_at,
        topics=tuple(_by_topic(figures, bank)),
        trends=tuple(
            AreaTrend(area, tuple(points), draw(points))
            for area in bank.roadmap.areas
            if (points := figures.trends.get(area.slug))
        ),
        areas=tuple((area, count) for area in bank.roadmap.areas if (count := figures.answered.get(area.slug))),
        withheld=figures.withheld,
    )


def open_items(public_id: str, area_slug: str, *, page: int, lead_id: int, now: datetime) -> ItemsPage:
    """What is told of an area's items, for a cohort's leads. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    area = next((area for area in get_bank().roadmap.areas if area.slug == area_slug), None)
    if area is None:
        raise NotFound
    learners, told = group_figures.list_items(cohort.id, area.slug)
    if not learners <= contributors.list_seen(cohort.id).keys():
        told = []
    listed = _listed(told, attempts.get_quiz_history(lead_id, now=now))
    pages = max(1, -(-len(listed) // PAGE))
    place = min(max(page, 1), pages)
    return ItemsPage(cohort, area, tuple(listed[(place - 1) * PAGE : place * PAGE]), page=place, pages=pages)


def _by_topic(figures: GroupFigures, bank: QuestionBank) -> Iterable[HeldInTopic]:
    known = [
        Held(bank.misconceptions[one.slug], one) for one in figures.misconceptions if one.slug in bank.misconceptions
    ]
    for area in bank.roadmap.areas:
        for topic in area.topics:
            held = [one for one in known if one.misconception.topic_id == topic.id]
            if held:
                yield HeldInTopic(area, topic, tuple(sorted(held, key=_most_common_first)))


def _most_common_first(held: Held) -> tuple[float, str]:
    share = held.figure.share
    likely = {"few": 0, "most": 1}.get(share.end or "", (share.low + share.high) / 2)
    return -(likely if share.value is None else share.value), held.misconception.name


def _listed(told: Sequence[AnsweredItem], history: QuizHistory) -> list[ListedItem]:
    """The items that are in the bank as they were answered: those that break a rule, then topic by topic."""
    bank = get_bank()
    listed = []
    for one in told:
        entry = bank.items_by_version.get(one.version) or bank.families_by_version.get(one.version)
        if entry:
            topic = bank.roadmap.topic(entry.topic_id)
            listed.append(ListedItem(entry.sample, topic, one, history.holds_item(one.item_id)))
    places = {topic.id: place for place, topic in enumerate(bank.roadmap.topics)}
    return sorted(
        listed, key=lambda one: (not one.figure.rules, places[one.topic.id], -one.figure.right.n, one.figure.item_id)
    )
