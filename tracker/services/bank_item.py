"""One file of the bank as its author needs it: as a learner sees it, its key, its notes and its proof."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from tracker.assessment.assembly import Placement
from tracker.assessment.family import Family, split_version, variant_version
from tracker.assessment.item import Item, Misconception
from tracker.assessment.item_types import Miss
from tracker.assessment.key_state import KeyState, judge_key
from tracker.assessment.proof_result import ProofResult
from tracker.assessment.roadmap import Area, Topic
from tracker.assessment.served import ServedItem, serve
from tracker.errors import NotFound
from tracker.services.accounts import Person, check_author
from tracker.services.item_health import ItemHealth, get_health
from tracker.storage import markdown
from tracker.storage.proofs import load_proofs
from tracker.storage.question_bank import QuestionBank, get_bank
from tracker.storage.variants import list_parameters


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a family: what makes it, in words, and how far its key is proved."""

    surface: str
    name: str
    state: KeyState


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer that the author foresaw. `note` is safe HTML, empty when it stands beside the option already."""

    given: str
    note: str
    misconception: Misconception | None


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item or, of a family, one variant: `surface` says which of `variants`.

    `code` and `facts` are the proof's, as safe HTML; `parameters` has all values that each of a family's takes.
    """

    item: Item
    area: Area
    topic: Topic
    path: str
    served: ServedItem
    mistakes: tuple[Mistake, ...]
    state: KeyState
    result: ProofResult | None
    code: str
    facts: tuple[str, ...]
    surface: str
    variants: tuple[Variant, ...]
    parameters: Mapping[str, tuple[str, ...]]
    health: ItemHealth


def get_bank_item(item_id: str, *, surface: str, author: Person) -> BankItem:
    """The item with this id; of a family the variant with this surface or, without such a one, its first.

    Raises: NotFound, also to those who write no items.
    """
    check_author(author)
    bank = get_bank()
    family = bank.families.get(item_id)
    item = _variant(family, surface) if family else bank.items.get(item_id)
    if item is None:
        raise NotFound
    results = load_proofs()
    combinations = list_parameters(bank.sources[family.version]) if family else {}
    return BankItem(
        item=item,
        area=bank.roadmap.area(item.area_slug),
        topic=bank.roadmap.topic(item.topic_id),
        path=f"question_bank/items/{item_id}.toml",
        served=_as_served(item),
        mistakes=tuple(_mistakes(item, bank)),
        state=judge_key(item.proof, [item.version], results),
        result=results.get(item.version),
        code=markdown.code(item.proof.code, "python"),
        facts=tuple(markdown.inline(fact) for fact in item.proof.facts),
        surface=split_version(item.version)[1],
        variants=tuple(_variants(family, item, combinations, results)) if family else (),
        parameters=_parameters(combinations),
        health=get_health(item_id, split_version(item.version)[0]),
    )


def _variant(family: Family, surface: str) -> Item:
    return family.variant(surface if surface in family.surfaces else family.surfaces[0])


def _as_served(item: Item) -> ServedItem:
    """The item in the order of one form, the same at every look."""
    random = Random(item.version)  # noqa: S311 -- nothing secret depends on it
    return serve(item, Placement(item.id, item.version, item.body.arrange(random)), answer=())


def _mistakes(item: Item, bank: QuestionBank) -> Iterator[Mistake]:
    """What was foreseen beyond the options' own notes: misses, and the misconceptions that options show."""
    mistakes = (mistake for slip in item.body.slips for mistake in item.body.mistakes(slip))
    for mistake in dict.fromkeys(mistakes):
        misconception = bank.misconceptions.get(mistake.misconception or "")
        if isinstance(mistake, Miss):
            yield Mistake(mistake.answer, mistake.note, misconception)
        elif misconception:
            yield Mistake(mistake.plain, "", misconception)


def _variants(
    family: Family,
    item: Item,
    combinations: Mapping[str, Mapping[str, object]],
    results: Mapping[str, ProofResult],
) -> Iterator[Variant]:
    for surface in family.surfaces:
        yield Variant(
            surface=surface,
            name=", ".join(f"{name} {value}" for name, value in combinations[surface].items()),
            state=judge_key(item.proof, [variant_version(family.version, surface)], results),
        )


def _parameters(combinations: Mapping[str, Mapping[str, object]]) -> dict[str, tuple[str, ...]]:
    """Every value of each parameter, once, in the order of the variants."""
    found: dict[str, dict[str, None]] = {}
    for values in combinations.values():
        for name, value in values.items():
            found.setdefault(name, {})[str(value)] = None
    return {name: tuple(values) for name, values in found.items()}
