"""What the pages of areas and topics, and a result, say of their numbers."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.browser import Browser
from tests.builders import take
from tests.conftest import Cast
from tracker import clock
from tracker.assessment.parameters import ParameterSet, Population
from tracker.scoring import grid
from tracker.storage import item_parameters

DAY = timedelta(days=1)


@pytest.fixture
def read(cast: Cast, browser: Callable[[int | None], Browser]) -> Callable[[str], str]:
    """Read a page as Ada: its words, without markup."""
    ada = browser(cast.ada)

    def read(path: str) -> str:
        response = ada.get(path)
        assert response.status_code == 200
        words = re.sub(r"<[^>]+>", " ", response.text).replace("&nbsp;", " ").replace("&#39;", "'")
        return re.sub(r" +([.,:)])", r"\1", " ".join(words.split()))

    return read


Read = Callable[[str], str]


def ago(days: float) -> datetime:
    return clock.now() - days * DAY


def count_people(people: int) -> None:
    weights = tuple(grid.normalised(grid.log_normal(grid.COARSE, 0, 1)).tolist())
    populations = {"tools": Population(people=people, weights=weights)}
    item_parameters.add(ParameterSet(revision=1, made_at=ago(0), populations=populations))


def test_an_area_compares_with_the_people_measured_and_says_how_sure_that_is(cast: Cast, read: Read) -> None:
    count_people(212)
    take("tools", learner_id=cast.ada, now=ago(1))

    found = re.search(
        r"Ahead of about (\d+) % of the 212 people measured here \((\d+) to (\d+) %\)", read("/radar/tools")
    )

    assert found
    value, low, high = map(int, found.groups())
    assert 50 < low < value < high < 100


def test_without_enough_people_an_area_says_why_it_does_not_compare(cast: Cast, read: Read) -> None:
    count_people(49)
    assert "compare with others" not in read("/radar/tools"), "nothing to compare yet"

    take("tools", learner_id=cast.ada, now=ago(1))

    page = read("/radar/tools")
    assert "How you compare with others is shown once 50 people have been measured here." in page
    assert "Ahead of" not in page


def test_an_area_says_what_would_change_it_once_it_has_a_score(cast: Cast, read: Read) -> None:
    assert "What would change this" not in read("/radar/tools")

    take("tools", learner_id=cast.ada, now=ago(1), wrong=range(0, 12, 2))

    page = read("/radar/tools")
    assert re.search(
        r"About \d+ more answers in Essential Tools would narrow your interval from \d+.\d+ to about \d+.\d+\.", page
    )
    assert re.search(r"The chance that you are Proficient or better is \d+ %\.", page)
    assert "Older evidence counts less" not in page


def test_after_a_long_time_an_area_and_its_topics_say_that_older_evidence_counts_less(cast: Cast, read: Read) -> None:
    take("tools", learner_id=cast.ada, now=ago(400), wrong=range(0, 12, 2))

    assert "Older evidence counts less with time." in read("/radar/tools")
    assert "Older evidence counts less with time." in read("/radar/tools/git")


def test_a_change_is_told_with_its_probability_and_claimed_only_when_it_is_sure(cast: Cast, read: Read) -> None:
    take("tools", learner_id=cast.ada, now=ago(800), wrong=range(12))
    assert "Compared with" not in read("/radar/tools")

    second = take("tools", learner_id=cast.ada, now=ago(700), wrong=range(0, 12, 2))
    third = take("tools", learner_id=cast.ada, now=ago(1))

    area, unsure, sure = read("/radar/tools"), *(read(f"/attempts/{one.id}/result") for one in (second, third))
    assert "Compared with your first attempt," in area
    assert re.search(r"Compared with then, higher with [5-9]\d % probability: not sure yet that it changed\.", unsure)
    assert re.search(r"Compared with then, higher with 9[5-9] % probability\. This is a real change\.", sure)


def test_a_first_result_has_nothing_to_compare_with(cast: Cast, read: Read) -> None:
    first = take("tools", learner_id=cast.ada, now=ago(1))
    page = read(f"/attempts/{first.id}/result")
    assert "There is no earlier attempt to compare with." in page
    assert "probability" not in page.partition("What to do next")[0]


def test_a_result_leads_on_to_the_next_steps(cast: Cast, read: Read) -> None:
    attempt = take("tools", learner_id=cast.ada, now=ago(1), wrong=range(12))
    steps = read(f"/attempts/{attempt.id}/result").partition("What to do next")[2]
    assert "The chance that you are Proficient" in steps


def test_a_topic_never_asked_says_so_and_offers_its_quiz(read: Read) -> None:
    page = read("/radar/tools/git")
    assert "You have not been asked about it yet." in page
    assert "Take this topic's quiz" in page
    assert "What would change this" not in page
