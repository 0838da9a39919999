"""Drawing forms: from a small roadmap of our own, and from the real bank."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_family, an_item
from tracker.assessment.assembly import USED_UP, Placement, Reason, draw_form, place_next, staleness
from tracker.assessment.blueprint import Assessment
from tracker.assessment.family import Family, split_version
from tracker.assessment.item import Item
from tracker.assessment.met import Met, Seen
from tracker.assessment.roadmap import Area, Roadmap, Topic
from tracker.storage.question_bank import QuestionBank, load_bank

BANK = Path(__file__).parents[2] / "question_bank"
TOPICS = {"language": ("syntax", "oop", "modules"), "tools": ("git", "pytest")}
IN_TOPIC = 6

seeds = st.integers(0, 2**32 - 1)
counts = st.integers(1, 20)


@pytest.fixture(scope="module")
def bank() -> QuestionBank:
    """The real bank."""
    return load_bank(BANK)


def a_roadmap() -> Roadmap:
    return Roadmap(
        tuple(
            Area(slug=area, name=area, description=area, topics=tuple(_topic(f"{area}/{slug}") for slug in slugs))
            for area, slugs in TOPICS.items()
        )
    )


def _topic(topic_id: str) -> Topic:
    return Topic(id=topic_id, name=topic_id, description=topic_id, prerequisites=(), resources=())


def live_by_topic() -> Mapping[str, Sequence[Item]]:
    return {
        topic.id: [an_item(f"{topic.id}/{number}", difficulty=1 + number % 5) for number in range(IN_TOPIC)]
        for topic in a_roadmap().topics
    }


def an_assessment(item_count: int, *area_slugs: str) -> Assessment:
    return Assessment(
        slug="quiz",
        name="Quiz",
        description="A quiz.",
        area_slugs=area_slugs or tuple(TOPICS),
        item_count=item_count,
        time_limit=timedelta(minutes=15),
    )


def met(surfaces: str = "", *, rank: int = 1) -> Met:
    """Met with these surfaces, a letter each; without any, as an item is that is no family."""
    return Met(frozenset(surfaces or [""]), rank)


def draw(assessment: Assessment, *, seed: int = 1, seen: Sequence[str] = ()) -> tuple[Placement, ...]:
    """A form for somebody who met these items, the last of them most lately."""
    ranked = {item_id: met(rank=rank) for rank, item_id in enumerate(seen, 1)}
    return draw_form(assessment, roadmap=a_roadmap(), live_by_topic=live_by_topic(), seen=ranked, seed=seed)


def per(part: int, form: Sequence[Placement]) -> Counter[str]:
    """How many places each area (part 1) or topic (part 2) got."""
    return Counter("/".join(place.item_id.split("/")[:part]) for place in form)


def spread(shares: Counter[str], names: Sequence[str]) -> int:
    """How far the largest share lies above the smallest, also counting who got nothing."""
    return max(shares[name] for name in names) - min(shares[name] for name in names)


@given(counts, seeds)
def test_a_form_has_as_many_items_as_its_blueprint_says_and_none_twice(count: int, seed: int) -> None:
    form = draw(an_assessment(count), seed=seed)

    assert len(form) == len({place.item_id for place in form}) == count


@given(counts, seeds)
def test_areas_and_topics_share_the_places_as_evenly_as_it_goes(count: int, seed: int) -> None:
    form = draw(an_assessment(count), seed=seed)

    assert spread(per(1, form), list(TOPICS)) <= 1
    for area, slugs in TOPICS.items():
        assert spread(per(2, form), [f"{area}/{slug}" for slug in slugs]) <= 1


@given(counts, seeds)
def test_the_same_seed_draws_the_same_form(count: int, seed: int) -> None:
    assert draw(an_assessment(count), seed=seed) == draw(an_assessment(count), seed=seed)


def test_other_seeds_draw_other_items_and_other_orders_of_options() -> None:
    forms = [draw(an_assessment(10), seed=seed) for seed in range(20)]

    assert len({tuple(place.item_id for place in form) for form in forms}) > 10
    assert len({place.option_ids for form in forms for place in form}) > 10


def test_whoever_gets_the_odd_place_is_drawn_and_not_always_the_first() -> None:
    lucky = {draw(an_assessment(1, "language"), seed=seed)[0].item_id.rpartition("/")[0] for seed in range(50)}

    assert lucky == {"language/syntax", "language/oop", "language/modules"}


@given(seeds)
def test_items_never_seen_come_before_all_others(seed: int) -> None:
    seen = [f"language/syntax/{number}" for number in range(4)]

    form = draw(an_assessment(6, "language"), seed=seed, seen=seen)

    assert not {place.item_id for place in form} & set(seen)


@given(seeds)
def test_seen_items_fill_up_only_what_the_unseen_leave(seed: int) -> None:
    seen = [f"language/syntax/{number}" for number in range(5)]

    form = draw(an_assessment(6, "language"), seed=seed, seen=seen)

    in_topic = {place.item_id for place in form if place.item_id.startswith("language/syntax/")}
    assert len(in_topic) == 2
    assert "language/syntax/5" in in_topic


@given(seeds)
def test_of_the_seen_those_come_first_that_were_seen_longest_ago(seed: int) -> None:
    everything = [item.id for number in range(IN_TOPIC) for item in _numbered(number)]

    form = draw(an_assessment(6, "language"), seed=seed, seen=everything)

    oldest = {item.id for number in range(2) for item in _numbered(number)}
    assert {place.item_id for place in form} <= oldest


def _numbered(number: int) -> list[Item]:
    """The item with this number of each topic."""
    return [items[number] for items in live_by_topic().values()]


def test_who_has_seen_everything_still_gets_a_whole_form() -> None:
    everything = [item.id for items in live_by_topic().values() for item in items]

    assert len(draw(an_assessment(10), seen=everything)) == 10


@given(seeds)
def test_within_a_topic_items_run_from_easy_to_hard(seed: int) -> None:
    difficulty = {item.id: item.difficulty for items in live_by_topic().values() for item in items}

    form = draw(an_assessment(12, "language"), seed=seed)

    for topic in a_roadmap().area("language").topics:
        levels = [difficulty[place.item_id] for place in form if place.item_id.startswith(f"{topic.id}/")]
        assert levels == sorted(levels)


def test_areas_that_the_blueprint_does_not_name_are_left_alone() -> None:
    assert set(per(1, draw(an_assessment(6, "tools")))) == {"tools"}


def test_a_share_larger_than_a_topic_is_refused_rather_than_filled_with_repeats() -> None:
    too_many = 2 * IN_TOPIC + 1

    with pytest.raises(ValueError, match="the topic has 6"):
        draw(an_assessment(too_many, "tools"))


def test_every_assessment_of_the_bank_draws_whole_and_even_forms(bank: QuestionBank) -> None:
    for assessment in bank.assessments.values():
        for seed in range(20):
            form = draw_form(assessment, roadmap=bank.roadmap, live_by_topic=bank.live_by_topic, seen={}, seed=seed)
            assert len({place.item_id for place in form}) == assessment.item_count
            assert spread(per(1, form), assessment.area_slugs) <= 1
            for slug in assessment.area_slugs:
                assert spread(per(2, form), [topic.id for topic in bank.roadmap.area(slug).topics]) <= 1


def test_every_place_shows_each_option_of_its_item_once(bank: QuestionBank) -> None:
    form = draw_form(
        bank.assessment("placement"), roadmap=bank.roadmap, live_by_topic=bank.live_by_topic, seen={}, seed=1
    )

    for place in form:
        item = bank.find_item(place.item_version)
        assert item is not None
        assert item.id == place.item_id
        assert sorted(place.option_ids) == sorted(option.id for option in item.body.options)


def test_the_key_stands_in_every_place_about_equally_often(bank: QuestionBank) -> None:
    item = next(item for item in bank.items.values() if item.body.name == "single" and len(item.body.options) == 4)
    key = next(option.id for option in item.body.options if option.is_key)
    alone = {topic.id: [item] for topic in bank.roadmap.area(item.area_slug).topics}

    forms = (
        draw_form(an_assessment(1, item.area_slug), roadmap=bank.roadmap, live_by_topic=alone, seen={}, seed=seed)
        for seed in range(400)
    )
    places = Counter(form[0].option_ids.index(key) for form in forms)

    assert set(places) == {0, 1, 2, 3}
    assert all(60 <= count <= 140 for count in places.values())


# families


ONE_TOPIC = Roadmap((Area(slug="language", name="", description="", topics=(_topic("language/syntax"),)),))
PLAIN = [an_item(f"language/syntax/{number}") for number in range(2)]


def draw_one(*entries: Item | Family, seen: Seen, seed: int = 1, count: int = 1) -> list[tuple[str, str]]:
    """The ids and surfaces that a form over one topic with these entries gets."""
    form = draw_form(
        an_assessment(count, "language"),
        roadmap=ONE_TOPIC,
        live_by_topic={"language/syntax": entries},
        seen=seen,
        seed=seed,
    )
    return [(place.item_id, split_version(place.item_version)[1]) for place in form]


@given(seeds)
def test_a_family_gives_every_learner_a_surface_that_is_new_to_them(seed: int) -> None:
    family = a_family(surfaces="abcd")
    shown = ""

    for _ in family.surfaces:
        [(_, surface)] = draw_one(family, seen={family.id: met(shown)}, seed=seed)
        assert surface not in shown
        shown += surface

    with pytest.raises(ValueError, match="1 items wanted, the topic has 0"):
        draw_one(family, seen={family.id: met(shown)}, seed=seed)


def test_another_seed_draws_another_variant() -> None:
    family = a_family(surfaces="abcdefgh")

    drawn = {draw_one(family, seen={}, seed=seed)[0][1] for seed in range(100)}

    assert drawn == set("abcdefgh")
    assert draw_one(family, seen={}, seed=7) == draw_one(family, seen={}, seed=7)


@given(seeds)
def test_a_family_met_before_comes_after_what_is_new_and_in_its_turn_among_what_was_met(seed: int) -> None:
    family = a_family(surfaces="ab")
    new, same = PLAIN
    seen = {family.id: met("a", rank=1), same.id: met(rank=2)}

    first_two = draw_one(family, new, same, seen=seen, seed=seed, count=2)

    assert sorted(first_two) == sorted([(new.id, ""), (family.id, "b")])


def test_a_family_that_is_used_up_leaves_its_place_to_items_met_before() -> None:
    family = a_family(surfaces="ab")
    seen = {family.id: met("ab"), **{item.id: met(rank=2) for item in PLAIN}}

    assert {item_id for item_id, _ in draw_one(family, *PLAIN, seen=seen, count=2)} == {item.id for item in PLAIN}


def test_a_family_gives_a_form_one_variant_at_most() -> None:
    family = a_family(surfaces="abcdefgh")

    drawn = draw_one(family, *PLAIN, seen={}, count=3)

    assert len({item_id for item_id, _ in drawn}) == 3


# one place at a time


REASON = Reason("at the estimate", "any", theta=0.2, weight=0.5, information=0.2, drawn=0.1)


def test_the_next_place_keeps_why_its_item_was_chosen() -> None:
    item = an_item("language/syntax/first")

    place = place_next(item, seen={}, random=Random(1), reason=REASON)

    assert (place.item_id, place.item_version, place.reason) == (item.id, item.version, REASON)
    assert place_next(item, seen={}, random=Random(1), reason=REASON) == place


def test_the_next_place_of_a_family_shows_a_surface_never_met() -> None:
    family = a_family()
    *old, new = family.surfaces
    seen = {family.id: met("".join(old))}

    places = [place_next(family, seen=seen, random=Random(seed), reason=REASON) for seed in range(5)]

    assert {split_version(place.item_version)[1] for place in places} == {new}


def test_staleness_grows_with_how_lately_it_was_met() -> None:
    item, family = an_item("language/syntax/first"), a_family()

    assert staleness(item, {}) == staleness(family, {}) == 0
    assert staleness(family, {family.id: met("a", rank=1)}) == 1
    assert staleness(item, {item.id: met(rank=7)}) == 7
    assert staleness(family, {family.id: met("".join(family.surfaces))}) == USED_UP
