"""Values for tests, every field filled; a test names only what it is about."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import NOON
from tracker.assessment.assembly import Placement, draw_form
from tracker.assessment.assignment import AssignedTerms, Release
from tracker.assessment.attempt import REVIEW, Attempt, Event
from tracker.assessment.family import Family, variant_version
from tracker.assessment.group_figures import TrendPoint
from tracker.assessment.item import Item, Source
from tracker.assessment.item_statistics import (
    ChoiceStatistics,
    Comparison,
    Figure,
    Finding,
    Fit,
    FitGroup,
    ItemStatistics,
    Times,
)
from tracker.assessment.item_types import (
    Answer,
    Body,
    Distractor,
    GapFill,
    LineOrder,
    Miss,
    MultipleResponse,
    NumberAnswer,
    Option,
    OutputAnswer,
    PairMatch,
    Prompt,
    SingleChoice,
    TextAnswer,
)
from tracker.assessment.item_types.gap import Gap
from tracker.assessment.late_answer import LateAnswer
from tracker.assessment.marking import mark_attempt
from tracker.assessment.practice import DAY, Card, PracticeAnswer
from tracker.assessment.proof import CITED, Proof
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.assessment.response import Response
from tracker.assessment.score import Report, Score
from tracker.assessment.time_ledger import TimeLedger
from tracker.scoring.levels import level_of
from tracker.scoring.profile import REVISION
from tracker.services import attempts, audit, items
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import ItemReport


def a_score(value: int = 500, **fields: Any) -> Score:
    """A score with a level, its interval 100 wide."""
    score = Score(value=value, low=value - 50, high=value + 50, level=level_of(value), responses=12, is_enough=True)
    return replace(score, **fields)


def a_report(**scores: Score) -> Report:
    """What an attempt told about some areas, by the first revision of the parameters."""
    told = scores or {"language": a_score()}
    return Report(model=REVISION, parameters=1, scores=told, improved=dict.fromkeys(told, 0.9))


def an_option(option_id: str, **fields: Any) -> Option:
    """An option that is not the key."""
    option = Option(
        id=option_id,
        token=f"token-{option_id}",
        text=option_id,
        plain=option_id,
        note=f"Why {option_id}.",
        is_key=False,
    )
    return replace(option, **fields)


def options(option_ids: str, *, keys: str) -> tuple[Option, ...]:
    """One option a letter; those in `keys` are right."""
    return tuple(an_option(option_id, is_key=option_id in keys) for option_id in option_ids)


def a_single(option_ids: str = "abcd", *, key: str = "b") -> SingleChoice:
    """A single choice whose options are letters."""
    return SingleChoice(options(option_ids, keys=key))


def a_multiple(option_ids: str = "abcde", *, keys: str = "ac") -> MultipleResponse:
    """A multiple response whose options are letters."""
    return MultipleResponse(options(option_ids, keys=keys))


def a_number(answer: float = 42.0, **fields: Any) -> NumberAnswer:
    """A number to type, without tolerance."""
    return replace(NumberAnswer(answer=answer, tolerance=0.0, unit="", misses=()), **fields)


def a_text(*accepted: str, **fields: Any) -> TextAnswer:
    """A text to type, in any case of letters."""
    return replace(TextAnswer(answers=accepted, case_sensitive=False, misses=()), **fields)


def an_output(answer: str = "1\n2", **fields: Any) -> OutputAnswer:
    """Something printed, two lines unless told."""
    return replace(OutputAnswer(answer=answer, misses=()), **fields)


def an_order(line_ids: str = "abc", *, distractors: Mapping[str, str | None] | None = None) -> LineOrder:
    """Lines in the order of these letters; distractors are letters, each with the line it stands against."""
    wrong = (distractors or {}).items()
    return LineOrder(
        lines=options(line_ids, keys=line_ids),
        distractors=tuple(Distractor(an_option(option_id), instead_of) for option_id, instead_of in wrong),
    )


def a_match(keys: Mapping[str, str] | None = None, *, option_ids: str = "abcd") -> PairMatch:
    """Prompts with the letter of the right option each."""
    keys = keys or {"one": "a", "two": "b", "three": "b"}
    return PairMatch(
        prompts=tuple(Prompt(name, f"Prompt {name}", key, f"Why {key}.") for name, key in keys.items()),
        options=options(option_ids, keys="".join(keys.values())),
    )


def a_gap(*gaps: Gap) -> GapFill:
    """Gaps to fill: one to choose from a to c, one to type `next`."""
    return GapFill(gaps or (a_single("abc"), a_text("next", case_sensitive=True, misses=(a_miss("iter"),))))


def one_of_each_type() -> list[Body]:
    """A body of every type, in the order of the registry, each with foreseen slips."""
    return [
        a_single(),
        a_multiple(),
        a_number(misses=(a_miss("41"),)),
        a_text("yes", misses=(a_miss("no"),)),
        an_output(misses=(a_miss("1 2"),)),
        an_order(distractors={"x": "b"}),
        a_match(),
        a_gap(),
    ]


def a_miss(answer: str, **fields: Any) -> Miss:
    """A foreseen wrong answer."""
    return replace(Miss(answer=answer, note=f"Why not {answer}."), **fields)


def an_item(item_id: str = "language/syntax/slices", **fields: Any) -> Item:
    """An item of middling difficulty: a single choice of a to d, b is right."""
    item = Item(
        id=item_id,
        version=f"version of {item_id}",
        difficulty=3,
        stem="<p>What is it?</p>",
        stem_code="",
        explanation="<p>It is b.</p>",
        source=Source(title="The reference", url="https://docs.python.org/3/", version="3.13"),
        body=a_single(),
        proof=Proof(kind=CITED, facts=("One thing.", "Another thing.")),
        retired=None,
    )
    return replace(item, **fields)


def a_proof_result(version: str, **fields: Any) -> ProofResult:
    """A proof that held at noon."""
    result = ProofResult(
        item_id="language/syntax/slices",
        version=version,
        kind="python",
        state=ProofState.PROVED,
        doubts=(),
        used=("Python 3.11.7", "Django 5.2.19"),
        toolchain="a toolchain",
        seconds=0.25,
        at=NOON,
    )
    return replace(result, **fields)


def a_figure(value: float = 0.5, *, half: float = 0.1, n: int = 100) -> Figure:
    """A figure with its interval that wide to each side."""
    return Figure(value=value, low=value - half, high=value + half, n=n)


def some_statistics(*rules: str, **fields: Any) -> ItemStatistics:
    """Statistics of a single choice of a and b, b the key, which surely breaks these rules."""
    half = a_figure()
    statistics = ItemStatistics(
        item_id="language/syntax/slices",
        version="0123abcd",
        made_at=NOON,
        parameters=3,
        responses=100,
        facility=half,
        residual=a_figure(0.03),
        item_rest=a_figure(0.3),
        expected_item_rest=0.3,
        upper_lower=a_figure(0.2),
        choices=(
            ChoiceStatistics("a", is_key=False, share=half, theta=None, by_third=(a_figure(0.6), half, a_figure(0.2))),
            ChoiceStatistics("b", is_key=True, share=half, theta=half, by_third=(a_figure(0.4), half, a_figure(0.8))),
        ),
        fit=Fit(
            rmsea=a_figure(0.1), p=0.2, groups=tuple(FitGroup(a_figure(at / 8), (at + 0.5) / 8) for at in range(1, 7))
        ),
        times=Times(lower=20.0, median=30.0, upper=45.0, threshold=3.0, rapid=a_figure(0.1)),
        drift=a_figure(-0.2),
        comparisons=(Comparison("retakes", reference=100, focal=120, delta=a_figure(-0.7), grade="A"),),
        findings=tuple(Finding(rule=rule, figure=a_figure(0.4), limit=0.0, part="a", since=NOON) for rule in rules),
    )
    return replace(statistics, **fields)


def a_family(family_id: str = "language/syntax/loops", *, surfaces: str = "abcdef", **fields: Any) -> Family:
    """A family whose surfaces are letters; its variants differ in their stems."""

    def read_variant(surface: str) -> Item:
        version = variant_version(f"version of {family_id}", surface)
        return an_item(family_id, version=version, stem=f"<p>What is {surface}?</p>")

    family = Family(
        id=family_id,
        version=f"version of {family_id}",
        difficulty=3,
        is_retired=False,
        surfaces=tuple(surfaces),
        read_variant=read_variant,
    )
    return replace(family, **fields)


def a_trend_point(month: int = 10, value: int = 500, **fields: Any) -> TrendPoint:
    """A mean of eight people at the end of a month of 2026, its interval 60 wide."""
    point = TrendPoint(
        area_slug="language",
        month=datetime(2026, month + 1, 1, tzinfo=UTC),
        told_at=NOON,
        n=8,
        value=value,
        low=value - 30,
        high=value + 30,
        change=None,
    )
    return replace(point, **fields)


def a_practice_answer(item_version: str = "v1", **fields: Any) -> PracticeAnswer:
    """A right answer given in practice at noon."""
    return replace(PracticeAnswer(item_version, answer=("b",), mark=1.0, seconds=20.0, at=NOON), **fields)


def a_card(entry: Item | Family, **fields: Any) -> Card:
    """Learner 1's card of an item answered rightly once, at noon, due two days later."""
    card = Card(
        learner_id=1,
        item_id=entry.id,
        item_version=entry.version,
        seq=1,
        surfaces=("",),
        last_at=NOON,
        due=NOON + 2 * DAY,
        stability=2.3065,
        difficulty=2.1181,
    )
    return replace(card, **fields)


def a_late_answer(**fields: Any) -> LateAnswer:
    """An answer that came a second after its attempt was over."""
    late = LateAnswer(
        seq=1,
        position=0,
        item_version="v1",
        answer=("a",),
        key="",
        arrived_at=NOON + timedelta(seconds=1),
        late_by=timedelta(seconds=1),
    )
    return replace(late, **fields)


def some_terms(**fields: Any) -> AssignedTerms:
    """The terms of the first attempt at an assignment that ends an hour after noon and shows its keys then."""
    terms = AssignedTerms(
        assignment_id="f" * 32, number=1, closes_at=NOON + timedelta(hours=1), release=Release.AFTER_DEADLINE
    )
    return replace(terms, **fields)


def a_place(item: Item) -> Placement:
    """A place of a form that shows the options in their own order."""
    return Placement(item.id, item.version, tuple(option.id for option in item.body.options))


def an_attempt_at(*items: Item, **fields: Any) -> Attempt:
    """An attempt of 15 minutes at just these items by learner 1, started at noon; needs no app."""
    attempt = Attempt(
        id="a" * 32,
        learner_id=1,
        assessment_slug="language",
        assessment_name="Programming Language",
        form=tuple(a_place(item) for item in items),
        seed=1,
        started_at=NOON,
        time=TimeLedger(timedelta(minutes=15)),
        events=(Event(seq=1, type="started", at=NOON, position=REVIEW, then=0),),
        finished_at=None,
        responses=(),
    )
    return until(attempt, **fields)


def until(attempt: Attempt, *, deadline: datetime | None = None, **fields: Any) -> Attempt:
    """The attempt with these fields, its time over at `deadline`."""
    changed = replace(attempt, **fields)
    return replace(changed, time=TimeLedger(deadline - changed.started_at)) if deadline else changed


def answered(attempt: Attempt, position: int, given: Answer, *, then: int, at: datetime = NOON) -> Attempt:
    """The attempt with one more answer in its events; needs no app."""
    event = Event(seq=attempt.seq + 1, type="answered", at=at, position=position, then=then, answer=given)
    return replace(attempt, events=(*attempt.events, event))


def an_attempt(**fields: Any) -> Attempt:
    """An attempt at the language quiz by learner 1, started at noon; drawn from the real bank."""
    bank = get_bank()
    assessment = bank.assessment("language")
    form = draw_form(assessment, roadmap=bank.roadmap, live_by_topic=bank.live_by_topic, seen={}, seed=1)
    attempt = an_attempt_at(form=form, assessment_name=assessment.name, time=TimeLedger(assessment.time_limit))
    return until(attempt, **fields)


def item_at(attempt: Attempt, position: int) -> Item:
    """The item at a place of the form."""
    item = items.find_item(attempt.form[position].item_version)
    assert item is not None
    return item


def right_answer(item: Item) -> list[str]:
    """What a form sends for a fully right answer."""
    return item.body.send(item.body.key)


def wrong_answer(item: Item) -> list[str]:
    """What a form sends for a wrong answer."""
    if not item.body.slips:
        return ["987654321"]
    return item.body.send(min(item.body.slips, key=item.body.mark))


def answer(attempt: Attempt, sent: list[str] | None = None, **fields: Any) -> Attempt:
    """Answer the attempt's place through the service, rightly unless told, and go to the next place."""
    position = fields.pop("position", attempt.position)
    parameters: dict[str, Any] = {
        "learner_id": attempt.learner_id,
        "seq": attempt.seq,
        "position": position,
        "item_version": attempt.form[position].item_version,
        "sent": right_answer(item_at(attempt, position)) if sent is None else sent,
        "then": attempt.place_after(position),
        "arrived_at": attempt.events[-1].at,
    }
    return attempts.submit_response(attempt.id, **{**parameters, **fields})


def take(slug: str, *, learner_id: int, now: datetime, wrong: Collection[int] = ()) -> Attempt:
    """Take a whole quiz through the services within one moment; the places in `wrong` are answered wrongly."""
    attempt = attempts.start_attempt(slug, learner_id=learner_id, now=now)
    while attempt.position != REVIEW:
        item = item_at(attempt, attempt.position)
        attempt = answer(attempt, wrong_answer(item) if attempt.position in wrong else right_answer(item))
    return attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=now)


def marked(attempt: Attempt) -> tuple[Response, ...]:
    """The responses that finishing this attempt now would give."""
    return mark_attempt(attempt, items.find_items(attempt.versions), ran_out=False)


def an_item_report(**fields: Any) -> ItemReport:
    """What somebody says is wrong with an item that they met in an attempt."""
    usual = {
        "public_id": "r" * 32,
        "item_id": "an/item",
        "item_version": "v" * 64,
        "place": 0,
        "answer": ["a"],
        "kind": "wrong",
        "text": "Wrong.",
        "at": NOON,
    }
    return ItemReport(**{**usual, **fields})


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Let what is done inside a `with` come from this address, as what a request does comes from its own."""
    audit.come_from(address)
    yield
    audit.come_from(audit.COMMAND)
