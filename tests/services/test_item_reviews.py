"""Flagged items: by alarms or by people, unscored until somebody decides."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import some_statistics, take
from tests.conftest import NOON, Cast
from tests.services.test_bank_catalogue import OMAR, VERA
from tracker.assessment.item_review import KEPT, UNDER_REVIEW
from tracker.assessment.item_statistics import LEAKED, MISKEYED, Figure, ItemStatistics
from tracker.errors import Conflict, NotFound
from tracker.services import item_reviews, profiles
from tracker.services.item_reviews import decide, flag_alarmed, flag_item, keep_item
from tracker.storage import item_reviews as kept
from tracker.storage import item_statistics
from tracker.storage.question_bank import get_bank

ITEM = "language/syntax/single"
LATER = NOON + timedelta(days=1)


def version() -> str:
    return get_bank().items[ITEM].version


def statistics(*rules: str) -> ItemStatistics:
    """Of the item, which surely breaks these rules."""
    return some_statistics(*rules, item_id=ITEM, version=version())


def states() -> list[tuple[str, str | None]]:
    """What was decided of the item, oldest first, and by whom."""
    review = kept.find(version())
    return [(decision.state, decision.by) for decision in review.decisions] if review else []


def test_alarms_put_an_item_under_review_once_and_other_findings_do_not(small_app: Flask) -> None:
    assert flag_alarmed([statistics("item misfit", "facility low")], now=NOON) == []
    assert states() == []

    for _ in range(2):
        flag_alarmed([statistics(MISKEYED)], now=NOON)

    assert states() == [(UNDER_REVIEW, None)]


def test_an_alarm_that_is_not_quite_sure_waits_for_a_person(small_app: Flask) -> None:
    unsure = statistics(LEAKED)
    (finding,) = unsure.findings
    unsure = replace(unsure, findings=(replace(finding, figure=Figure(value=0.4, low=0.15, high=0.65, n=200)),))

    assert flag_alarmed([unsure], now=NOON) == []


def test_what_somebody_kept_is_flagged_again_only_by_an_alarm_that_they_did_not_weigh(small_app: Flask) -> None:
    flag_alarmed([statistics(MISKEYED)], now=NOON)
    keep_item(ITEM, because="The key is right.", now=LATER)

    assert flag_alarmed([statistics(MISKEYED)], now=LATER) == []
    assert flag_alarmed([statistics(MISKEYED, LEAKED)], now=LATER) != []
    assert [state for state, _ in states()] == [UNDER_REVIEW, KEPT, UNDER_REVIEW]


def test_every_decision_is_kept_with_who_when_and_why(small_app: Flask) -> None:
    decide(ITEM, UNDER_REVIEW, because="It looks odd.", author=VERA, now=NOON)
    decide(ITEM, KEPT, because="It is fine.", author=VERA, now=LATER)

    review = kept.find(version())

    assert review is not None
    assert [(one.by, one.at, one.because) for one in review.decisions] == [
        (VERA.name, NOON, "It looks odd."),
        (VERA.name, LATER, "It is fine."),
    ]
    assert not review.is_open


def test_those_who_write_no_items_decide_nothing(small_app: Flask) -> None:
    with pytest.raises(NotFound):
        decide(ITEM, UNDER_REVIEW, because="I was wrong.", author=OMAR, now=NOON)
    assert states() == []


def test_what_cannot_be_decided_is_said(small_app: Flask) -> None:
    with pytest.raises(NotFound):
        flag_item("language/syntax/unknown", because="?", now=NOON)
    with pytest.raises(Conflict, match="not under review"):
        keep_item(ITEM, because="?", now=NOON)
    flag_item(ITEM, because="!", now=NOON)
    with pytest.raises(Conflict, match="under review already"):
        flag_item(ITEM, because="!", now=NOON)


def test_answers_to_a_flagged_item_do_not_count_until_it_is_kept_and_past_ones_stay_as_they_were(
    app: Flask, cast: Cast
) -> None:
    before = take("language", learner_id=cast.ada, now=NOON)
    item_id = before.responses[0].item_id
    flag_item(item_id, because="It looks odd.", now=NOON)
    assert [response.unscored for response in before.responses].count("flagged") == 0

    lena = take("language", learner_id=cast.lena, now=LATER)
    omar = take("language", learner_id=cast.omar, now=LATER)

    for attempt in (lena, omar):
        flagged = {response.item_id for response in attempt.responses if response.unscored == "flagged"}
        assert flagged == {item_id} & {place.item_id for place in attempt.form}


def test_a_profile_is_made_without_what_is_flagged(app: Flask, cast: Cast) -> None:
    bank = get_bank()
    for area in bank.roadmap.areas:
        if area.slug == "language":
            for topic in area.topics:
                for entry in bank.live_by_topic[topic.id]:
                    item_reviews.flag_item(entry.id, because="All of it.", now=NOON)
    attempt = take("language", learner_id=cast.ada, now=NOON)

    assert {response.unscored for response in attempt.responses} == {"flagged"}
    assert profiles.get_record(cast.ada, now=NOON).profile.area("language").responses == 0

    for version_, review in kept.list_all().items():
        assert review.is_open, version_
        keep_item(review.item_id, because="Sound.", now=LATER)
    counted = take("language", learner_id=cast.ada, now=LATER)

    assert {response.unscored for response in counted.responses} == {None}
    profile = profiles.get_record(cast.ada, now=LATER).profile
    assert profile.area("language").responses == len(counted.responses)


def test_alarms_that_stood_when_somebody_decided_were_weighed(small_app: Flask) -> None:
    flag_alarmed([statistics(MISKEYED)], now=NOON)
    item_statistics.replace_all([statistics(MISKEYED, LEAKED)], made_at=NOON)

    keep_item(ITEM, because="Checked both.", now=LATER)

    assert flag_alarmed([statistics(MISKEYED, LEAKED)], now=LATER) == []
