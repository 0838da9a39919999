"""Reviews in MongoDB: decisions are only ever added."""

from datetime import timedelta

from flask import Flask

from tests.conftest import NOON
from tracker.assessment.item_review import KEPT, UNDER_REVIEW, Decision
from tracker.storage import item_reviews

FLAGGED = Decision(state=UNDER_REVIEW, by=None, at=NOON, because="leaked in 200 answers")
KEPT_LATER = Decision(state=KEPT, by="Vera", at=NOON + timedelta(days=1), because="It is common knowledge.")


def test_an_item_that_was_never_flagged_has_no_review(app: Flask) -> None:
    assert item_reviews.find("0123abcd") is None
    assert item_reviews.list_all() == {}
    assert item_reviews.list_unscored(["0123abcd"]) == frozenset()


def test_decisions_add_up_and_the_last_one_counts(app: Flask) -> None:
    item_reviews.add_decision("0123abcd", FLAGGED, item_id="language/syntax/slices", rules=("leaked",))
    assert item_reviews.list_unscored(["0123abcd", "other"]) == {"0123abcd"}

    item_reviews.add_decision("0123abcd", KEPT_LATER, item_id="language/syntax/slices")

    review = item_reviews.find("0123abcd")
    assert review is not None
    assert (review.state, review.rules, review.decisions) == (KEPT, ("leaked",), (FLAGGED, KEPT_LATER))
    assert item_reviews.list_unscored(["0123abcd"]) == frozenset()
    assert item_reviews.list_all() == {"0123abcd": review}


def test_alarms_are_remembered_once(app: Flask) -> None:
    for rules in (("leaked",), ("leaked", "miskey alarm")):
        item_reviews.add_decision("0123abcd", FLAGGED, item_id="language/syntax/slices", rules=rules)

    review = item_reviews.find("0123abcd")
    assert review is not None
    assert review.rules == ("leaked", "miskey alarm")
