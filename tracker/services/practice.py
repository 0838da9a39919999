"""Practice: one item at a time, explained at once, back when it is due. Never changes a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from tracker.assessment.assembly import Placement
from tracker.assessment.item import Item
from tracker.assessment.practice import Card, PracticeAnswer, next_card
from tracker.assessment.practice_queue import Entry, choose_new, choose_variant
from tracker.assessment.practice_scope import Scope, find_scope, topic_scope_slug
from tracker.assessment.roadmap import Area, Topic
from tracker.assessment.served import ServedItem, serve
from tracker.errors import Conflict, NotFound
from tracker.scoring.author_prior import LABELS, by_level
from tracker.services import items, profiles
from tracker.services.explanation import Explanation, explain
from tracker.services.practice_queue import Queue, find_live, get_queue, list_live
from tracker.storage import attempts, practice
from tracker.storage.proofs import load_proofs
from tracker.storage.question_bank import get_bank

DIFFICULTIES = {level: by_level(level).b for level in LABELS}


@dataclass(frozen=True, slots=True)
class TopicPractice:
    """A topic to practise, and how many of its items are due today."""

    topic: Topic
    scope_slug: str
    due: int


@dataclass(frozen=True, slots=True)
class AreaPractice:
    """An area to practise, and how many of its items are due today."""

    area: Area
    due: int
    topics: tuple[TopicPractice, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What can be practised. held: how many due items wait until an open quiz is over."""

    areas: tuple[AreaPractice, ...]
    held: int

    @property
    def due(self) -> int:
        return sum(area.due for area in self.areas)


@dataclass(frozen=True, slots=True)
class Turn:
    """The item to answer now, None when there is nothing; seq: how many answers it has had.

    due: how many items of the scope are due today, this one included. held: as in `Overview`. next_due: when the first
    of an area or a topic comes back, where nothing is left of it.
    """

    scope: Scope
    item: ServedItem | None
    seq: int
    due: int
    held: int
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer with its item explained. due: when the item comes back, None once a later answer has settled that."""

    scope: Scope
    topic: Topic | None
    explanation: Explanation
    mark: float
    due: datetime | None


def scope_slug(topic_id: str) -> str:
    """The slug of a topic's practice, as in `/practice/<slug>`."""
    return topic_scope_slug(topic_id)


def get_scope(slug: str) -> Scope:
    """What this slug asks for. Raises: NotFound."""
    scope = find_scope(get_bank().roadmap, slug)
    if scope is None:
        raise NotFound
    return scope


def count_due(learner_id: int, *, now: datetime, zone: str) -> int:
    """How many items are due today."""
    return len(get_queue(learner_id, now=now, zone=zone).due)


def get_overview(learner_id: int, *, now: datetime, zone: str) -> Overview:
    """What a learner can practise."""
    queue = get_queue(learner_id, now=now, zone=zone)
    areas = tuple(_area_practice(area, queue) for area in get_bank().roadmap.areas)
    return Overview(areas=areas, held=len(queue.held))


def get_turn(slug: str, *, learner_id: int, now: datetime, zone: str) -> Turn:
    """The item to answer now: what is due longest, then something new where it is needed most. Raises: NotFound."""
    scope = get_scope(slug)
    queue = get_queue(learner_id, now=now, zone=zone).of(scope.topic_ids)
    if queue.due:
        entry: Entry | None = queue.due[0].entry
    elif scope.is_due_only:
        entry = None
    else:
        queue = queue.with_cards_of(scope.topic_ids, learner_id=learner_id)
        entry = _find_new(scope, queue, learner_id=learner_id, now=now)
    card = queue.cards.get(entry.id) if entry else None
    seq = card.seq if card else 0
    item = choose_variant(entry, card, learner_id=learner_id) if entry else None
    return Turn(
        scope=scope,
        item=serve(item, _place(item, seq, learner_id), answer=()) if item else None,
        seq=seq,
        due=len(queue.due),
        held=len(queue.held),
        next_due=None if item else queue.next_due,
    )


def submit_answer(
    item_version: str, *, learner_id: int, seq: int, sent: Sequence[str], seconds: float, now: datetime
) -> int:
    """Mark one answer and save it durably; the same request again gives the same reply.

    Returns: the answer's number. Raises: BadInput, NotFound, Conflict; then nothing is changed.
    """
    item = items.find_item(item_version)
    if item is None:
        raise NotFound
    answer = items.read_answer(item, sent) if any(sent) else ()
    given = PracticeAnswer(item_version, answer, mark=item.body.mark(answer), seconds=seconds, at=now)
    found = practice.find_card(learner_id, item.id)
    if _is_repeat(found, given, seq):
        return seq + 1
    card = found[0] if found else None
    _check_served(item, card, learner_id=learner_id, seq=seq, now=now)
    items.keep_served([_place(item, seq, learner_id)])
    if practice.append_answer(next_card(card, given, learner_id=learner_id, item_id=item.id), given):
        return seq + 1
    if _is_repeat(practice.find_card(learner_id, item.id), given, seq):
        return seq + 1
    raise _answered_before()


def get_explained(slug: str, item_version: str, number: int, *, learner_id: int, now: datetime) -> Explained:
    """A learner's own answer with its item explained. Raises: NotFound; Conflict while an open quiz asks the item."""
    scope = get_scope(slug)
    item = items.find_item(item_version)
    found = practice.find_card(learner_id, item.id) if item else None
    if item is None or found is None:
        raise NotFound
    card, answers = found
    if not 1 <= number <= card.seq or answers[number - 1].item_version != item_version:
        raise NotFound
    _check_not_held(item, learner_id=learner_id, now=now)
    given = answers[number - 1]
    return Explained(
        scope=scope,
        topic=get_bank().roadmap.find_topic(item.topic_id),
        explanation=explain(
            item,
            given.answer,
            option_ids=_place(item, number - 1, learner_id).option_ids,
            proofs=load_proofs(),
        ),
        mark=given.mark,
        due=card.due if number == card.seq else None,
    )


def _find_new(scope: Scope, queue: Queue, *, learner_id: int, now: datetime) -> Entry | None:
    profile = profiles.get_profile(learner_id, now=now)
    return choose_new(
        list_live(scope.topic_ids),
        cards=queue.cards,
        history=queue.history,
        abilities={topic_id: profile.topic(topic_id).ability.theta for topic_id in scope.topic_ids},
        difficulties=DIFFICULTIES,
        learner_id=learner_id,
    )


def _area_practice(area: Area, queue: Queue) -> AreaPractice:
    due = [one.entry.topic_id for one in queue.due]
    topics = tuple(TopicPractice(topic, topic_scope_slug(topic.id), due.count(topic.id)) for topic in area.topics)
    return AreaPractice(area=area, due=sum(topic.due for topic in topics), topics=topics)


def _place(item: Item, seq: int, learner_id: int) -> Placement:
    """The item in the order of its options that it has until it is answered once more."""
    random = Random(f"{learner_id}/{item.version}/{seq}")  # noqa: S311 -- nothing secret depends on it
    return Placement(item.id, item.version, item.body.arrange(random))


def _is_repeat(found: tuple[Card, tuple[PracticeAnswer, ...]] | None, given: PracticeAnswer, seq: int) -> bool:
    """Whether the answer after `seq` is this very one: the same request, sent again."""
    if found is None or not 0 <= seq < len(found[1]):
        return False
    there = found[1][seq]
    return (there.item_version, there.answer) == (given.item_version, given.answer)


def _check_served(item: Item, card: Card | None, *, learner_id: int, seq: int, now: datetime) -> None:
    """Whether this is what practice serves of this item now. Raises: Conflict."""
    _check_not_held(item, learner_id=learner_id, now=now)
    if seq != (card.seq if card else 0):
        raise _answered_before()
    entry = find_live(item.id)
    if entry is None or choose_variant(entry, card, learner_id=learner_id).version != item.version:
        raise Conflict(
            "This question was changed or withdrawn while you were answering. Nothing was saved; please go on."
        )


def _check_not_held(item: Item, *, learner_id: int, now: datetime) -> None:
    if attempts.get_quiz_history(learner_id, now=now).holds(item):
        raise Conflict(
            "A quiz that you have open may ask this question, or an assigned one does not show its answers yet. "
            "Practice explains it once that gives nothing away."
        )


def _answered_before() -> Conflict:
    return Conflict("You have answered this question already, perhaps in another tab. Your first answer was kept.")
