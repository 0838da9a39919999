"""Marking an attempt: which of its items count, and what each answer was worth."""

from collections.abc import Collection, Mapping

from tracker.assessment.attempt import Attempt
from tracker.assessment.family import split_version
from tracker.assessment.item import Item
from tracker.assessment.response import Response


def mark_attempt(
    attempt: Attempt, items_by_version: Mapping[str, Item], *, ran_out: bool, flagged: Collection[str] = ()
) -> tuple[Response, ...]:
    """The responses of an attempt that ends now. flagged: the versions of files whose items are under review.

    Left out on purpose is wrong; never reached, or first served when time had run out, is no response. Withdrawn items
    do not count; those under review are marked, but not scored.
    """
    deadline = attempt.deadline
    reached = attempt.answers.keys() | {event.then for event in attempt.events if event.at < deadline}
    return tuple(
        _response(attempt, position, item, is_flagged=split_version(item.version)[0] in flagged)
        for position, place in enumerate(attempt.form)
        if (item := items_by_version.get(place.item_version)) and (position in reached or not ran_out)
    )


def _response(attempt: Attempt, position: int, item: Item, *, is_flagged: bool) -> Response:
    answer = attempt.answers.get(position, ())
    return Response(
        item_id=item.id,
        item_version=item.version,
        topic_id=item.topic_id,
        answer=answer,
        mark=item.body.mark(answer),
        seconds=attempt.seconds.get(position, 0.0),
        difficulty=item.difficulty,
        guessing=item.body.guessing,
        unscored="flagged" if is_flagged else None,
    )
