"""Problems with items: learners report what they have met, authors see it without their names, and reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer
from tracker.errors import Conflict, NotFound
from tracker.services import items, practice
from tracker.services.accounts import Person, check_author
from tracker.services.attempts import get_attempt
from tracker.services.explanation import Explanation, explain
from tracker.storage import attempts, item_reports
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import ItemReport

MOST_A_DAY = 20
DAY = timedelta(days=1)
ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a learner met an item that may be reported: in an attempt at a place of its form, or in practice."""

    item: Item
    answer: Answer
    attempt_id: str | None = None
    place: int | None = None
    assessment_name: str | None = None


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its learner sees it. is_held: whether its item is; then neither its text nor the reply is shown."""

    report: ItemReport
    topic_name: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as authors see it: what was answered to the version that was served.

    explanation: None when nothing knows that version any more. is_current: whether the bank still has it.
    """

    report: ItemReport
    explanation: Explanation | None
    is_current: bool


def get_attempt_occasion(attempt_id: str, number: int, *, learner_id: int, now: datetime) -> Occasion:
    """The item at this place, counted from 1, of a learner's own attempt. Raises: NotFound, Conflict."""
    attempt = get_attempt(attempt_id, learner_id=learner_id, now=now)
    if not 1 <= number <= len(attempt.form):
        raise NotFound
    if not attempt.is_finished:
        raise Conflict("This attempt is still open. You can report a problem with its questions once it is over.")
    place = attempt.form[number - 1]
    if attempts.get_quiz_history(learner_id, now=now).holds_item(place.item_id):
        raise Conflict("This question is not explained to you yet. You can report a problem with it once it is.")
    item = items.find_item(place.item_version)
    if item is None:
        raise NotFound
    return Occasion(
        item=item,
        answer=attempt.answers.get(number - 1, ()),
        attempt_id=attempt.id,
        place=number,
        assessment_name=attempt.assessment_name,
    )


def get_practice_occasion(
    scope_slug: str, item_version: str, number: int, *, learner_id: int, now: datetime
) -> Occasion:
    """The item of a learner's own answer in practice. Raises: NotFound, Conflict."""
    found = practice.get_explained(scope_slug, item_version, number, learner_id=learner_id, now=now)
    return Occasion(found.explanation.item, found.explanation.answer)


def report_item(occasion: Occasion, *, learner_id: int, kind: str, text: str, form_id: str, now: datetime) -> None:
    """Tell the authors what is wrong with an item; the same form with the same words again changes nothing.

    Raises: Conflict.
    """
    sent = repr((learner_id, form_id, occasion.item.version, kind, text))
    report = ItemReport(
        public_id=sha256(sent.encode()).hexdigest()[:ID_LENGTH],
        user_id=learner_id,
        item_id=occasion.item.id,
        item_version=occasion.item.version,
        attempt_id=occasion.attempt_id,
        place=occasion.place,
        assessment_name=occasion.assessment_name,
        answer=list(occasion.answer),
        kind=kind,
        text=text,
        at=now,
    )
    if not item_reports.add(report, since=now - DAY, most=MOST_A_DAY):
        raise Conflict(
            f"You have reported {MOST_A_DAY} problems within a day, which is as many as we take. "
            "They are all kept; this one was not saved. Please send it tomorrow."
        )


def list_own(learner_id: int, *, now: datetime) -> list[OwnReport]:
    """What a learner has reported, the newest first."""
    reports = item_reports.list_of(learner_id)
    if not reports:
        return []
    roadmap = get_bank().roadmap
    history = attempts.get_quiz_history(learner_id, now=now)
    found = []
    for report in reports:
        topic = roadmap.find_topic(report.item_id.rpartition("/")[0])
        found.append(OwnReport(report, topic.name if topic else "", history.holds_item(report.item_id)))
    return found


def list_of_attempt(attempt_id: str, *, learner_id: int) -> dict[int, list[ItemReport]]:
    """What a learner has reported of an attempt's items, by place, the newest first."""
    found: dict[int, list[ItemReport]] = {}
    for report in item_reports.list_of(learner_id, attempt_id=attempt_id):
        if report.place:
            found.setdefault(report.place, []).append(report)
    return found


def count_open(*, author: Person) -> int:
    """How many reports wait for a reply. Raises: NotFound to those who write no items."""
    check_author(author)
    return item_reports.count_open()


def list_open(*, author: Person) -> Sequence[ItemReport]:
    """The reports that wait for a reply, the oldest first. Raises: NotFound to those who write no items."""
    check_author(author)
    return item_reports.list_open()


def list_about(item_id: str, *, author: Person) -> Sequence[ItemReport]:
    """The reports of an item, the newest first. Raises: NotFound to those who write no items."""
    check_author(author)
    return item_reports.list_about(item_id)


def get_reported(report_id: str, *, author: Person) -> Reported:
    """A report with what it is about. Raises: NotFound, also to those who write no items."""
    check_author(author)
    report = item_reports.get(report_id)
    item = items.find_item(report.item_version)
    return Reported(
        report=report,
        explanation=explain(
            item,
            tuple(report.answer),
            option_ids=[option.id for option in item.body.options],
            proofs={},
        )
        if item
        else None,
        is_current=get_bank().find_item(report.item_version) is not None,
    )


def reply(report_id: str, *, text: str, author: Person, now: datetime) -> None:
    """Answer a report, which closes it. Raises: NotFound, also to those who write no items; Conflict."""
    check_author(author)
    report = item_reports.get(report_id)
    if not item_reports.set_reply(report.public_id, reply=text, by=author.name, at=now):
        raise Conflict("This report has a reply already, perhaps from another author. Nothing was changed.")
