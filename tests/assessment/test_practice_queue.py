"""What practice serves next, and what it never serves."""

from dataclasses import replace
from datetime import datetime

from tests.builders import a_card, a_family, an_item
from tests.conftest import NOON
from tracker.assessment.item import Item
from tracker.assessment.practice import DAY, Card
from tracker.assessment.practice_queue import Entry, QuizHistory, choose_new, choose_variant, list_returning

SLICES, LOOPS, GIT = (an_item(name) for name in ("language/syntax/slices", "language/syntax/loops", "tools/git/clean"))
NOTHING = QuizHistory(frozenset(), frozenset(), {})


def returning(*cards: Card, missed: dict[str, datetime] | None = None) -> list[tuple[str, datetime]]:
    """What comes back of the three items, and when."""
    live: dict[str, Entry] = {item.id: item for item in (SLICES, LOOPS, GIT)}
    history = replace(NOTHING, missed=missed or {})
    found = list_returning(live, {card.item_id: card for card in cards}, history)
    return [(one.entry.id, one.due) for one in found]


def new(*entries: Entry, cards: tuple[Card, ...] = (), history: QuizHistory = NOTHING, learner_id: int = 1) -> str:
    """Which of these is chosen by somebody at 0 in syntax and at -1 in git."""
    chosen = choose_new(
        entries,
        cards={card.item_id: card for card in cards},
        history=history,
        abilities={"language/syntax": 0.0, "tools/git": -1.0},
        difficulties={1: -1.0, 3: 0.0, 5: 1.0},
        learner_id=learner_id,
    )
    return chosen.id if chosen else ""


def test_what_was_practised_comes_back_when_it_is_due_the_earliest_first() -> None:
    cards = (a_card(SLICES, due=NOON + DAY), a_card(GIT, due=NOON))
    assert returning(*cards) == [(GIT.id, NOON), (SLICES.id, NOON + DAY)]


def test_what_a_quiz_missed_comes_back_the_day_after() -> None:
    assert returning(missed={LOOPS.id: NOON}) == [(LOOPS.id, NOON + DAY)]


def test_what_a_quiz_missed_comes_back_before_its_card_says_so() -> None:
    card = a_card(LOOPS, last_at=NOON - DAY, due=NOON + 30 * DAY)
    assert returning(card, missed={LOOPS.id: NOON}) == [(LOOPS.id, NOON + DAY)]


def test_what_was_practised_after_the_quiz_comes_back_when_its_card_says_so() -> None:
    card = a_card(LOOPS, last_at=NOON + DAY, due=NOON + 30 * DAY)
    assert returning(card, missed={LOOPS.id: NOON}) == [(LOOPS.id, NOON + 30 * DAY)]


def test_what_is_retired_or_changed_comes_back_no_more() -> None:
    retired = an_item("language/syntax/gone")
    changed = a_card(replace(SLICES, version="older"))
    assert returning(a_card(retired), changed, missed={"language/syntax/gone": NOON}) == []


def test_what_a_quiz_missed_is_practised_before_anything_new() -> None:
    assert new(GIT, LOOPS, history=replace(NOTHING, missed={LOOPS.id: NOON})) == LOOPS.id


def test_the_topic_in_most_need_comes_first() -> None:
    assert new(LOOPS, GIT) == GIT.id


def test_within_a_topic_the_level_near_the_learners_comes_first() -> None:
    easy, fitting, hard = (
        an_item(f"language/syntax/level{level}", difficulty=level, version=f"v{level}") for level in (1, 3, 5)
    )
    assert new(easy, hard, fitting) == fitting.id


def test_learners_meet_equals_in_different_orders_each_always_in_the_same() -> None:
    met = [new(SLICES, LOOPS, learner_id=learner_id) for learner_id in range(20)]
    assert set(met) == {SLICES.id, LOOPS.id}
    assert met == [new(LOOPS, SLICES, learner_id=learner_id) for learner_id in range(20)]


def test_what_has_a_card_is_not_new_unless_it_was_changed() -> None:
    assert new(SLICES, cards=(a_card(SLICES),)) == ""
    assert new(SLICES, cards=(a_card(replace(SLICES, version="older")),)) == SLICES.id


def test_what_an_open_quiz_asks_or_may_ask_is_never_new() -> None:
    assert new(SLICES, LOOPS, history=replace(NOTHING, open_item_ids=frozenset([LOOPS.id]))) == SLICES.id
    assert new(SLICES, LOOPS, history=replace(NOTHING, open_topic_ids=frozenset(["language/syntax"]))) == ""


def test_a_family_shows_every_surface_before_one_again_then_the_one_shown_longest_ago() -> None:
    family = a_family(surfaces="abc")
    shown: list[str] = []
    for _ in range(6):
        card = a_card(family, surfaces=tuple(dict.fromkeys(reversed(shown)))[::-1]) if shown else None
        shown.append(choose_variant(family, card, learner_id=1).version[-1])
    assert set(shown[:3]) == set("abc")
    assert shown[3:] == shown[:3]


def test_a_variant_stays_the_same_until_it_is_answered() -> None:
    family = a_family()
    assert len({choose_variant(family, None, learner_id=1).version for _ in range(5)}) == 1
    assert len({choose_variant(family, None, learner_id=learner_id).version for learner_id in range(30)}) > 1


def test_an_item_is_its_own_only_variant() -> None:
    served: Item = choose_variant(SLICES, a_card(SLICES), learner_id=1)
    assert served == SLICES
