"""The bank as a whole: the real one is sound, and a broken one says everything that is wrong with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.storage.bank_files import FAMILY, REAL, SINGLE, TEXT, BankCopy, copy_bank
from tracker.app import create_app
from tracker.config import Config
from tracker.errors import BankError, NotFound
from tracker.storage.question_bank import QuestionBank, get_bank, load_bank

NEW = "items/language/syntax/new.toml"


@pytest.fixture(scope="module")
def real() -> QuestionBank:
    return load_bank(REAL)


@pytest.fixture
def bank(tmp_path: Path) -> BankCopy:
    """A copy of the real bank to break."""
    return copy_bank(tmp_path / "question_bank")


# the real bank


def test_the_roadmap_has_the_five_areas_and_all_29_topics(real: QuestionBank) -> None:
    assert [(area.slug, len(area.topics)) for area in real.roadmap.areas] == [
        ("language", 5),
        ("frameworks", 3),
        ("databases", 8),
        ("apis", 5),
        ("tools", 8),
    ]


def test_every_topic_has_three_items_or_more(real: QuestionBank) -> None:
    scarce = [topic.id for topic in real.roadmap.topics if len(real.live_by_topic[topic.id]) < 3]

    assert scarce == []


def test_there_is_a_quiz_for_each_area_and_one_over_all_of_them(real: QuestionBank) -> None:
    covered = {slug: assessment.area_slugs for slug, assessment in real.assessments.items()}
    areas = tuple(area.slug for area in real.roadmap.areas)

    assert covered == {"placement": areas, **{slug: (slug,) for slug in areas}}


def test_every_item_is_found_by_its_version_and_in_its_topic(real: QuestionBank) -> None:
    assert {item.id for item in real.items_by_version.values()} == set(real.items)
    assert all(real.find_item(item.version) is item for item in real.items.values())
    assert sum(len(entries) for entries in real.live_by_topic.values()) == len(real.items) + len(real.families)


def test_every_variant_is_found_by_its_version(real: QuestionBank) -> None:
    for family in real.families.values():
        for surface in family.surfaces[:2]:
            variant = family.variant(surface)
            assert real.find_item(variant.version) is variant


@pytest.mark.parametrize("version", ["", "0" * 16, "0" * 16 + "-00000000"])
def test_a_version_that_the_bank_does_not_have_is_not_found(real: QuestionBank, version: str) -> None:
    family = next(iter(real.families.values()))

    assert real.find_item(version) is None
    assert real.find_item(f"{family.version}-00000000") is None
    assert real.find_item(family.version) is None


def test_all_text_of_the_bank_is_free_of_links_and_scripts(real: QuestionBank) -> None:
    for item in (*real.items.values(), real.sample):
        texts = [item.stem, item.explanation]
        texts += [text for option in item.body.options for text in (option.text, option.note)]
        assert not [text for text in texts if "<a" in text or "<script" in text or "<img" in text]


def test_tokens_of_all_options_differ_so_that_no_two_pages_look_alike(real: QuestionBank) -> None:
    tokens = [(item.id, option.token) for item in real.items.values() for option in item.body.options]

    assert len(set(tokens)) == len(tokens)


def test_the_sample_is_never_served_in_an_attempt(real: QuestionBank) -> None:
    assert real.sample.version not in real.items_by_version
    assert real.sample.id not in real.items


def test_an_unknown_assessment_is_not_found(real: QuestionBank) -> None:
    assert real.assessment("language").item_count == 12
    with pytest.raises(NotFound):
        real.assessment("languages")


def test_the_app_keeps_one_bank_for_good(app: Flask) -> None:
    assert get_bank() is get_bank()


# broken banks


def test_a_copy_is_as_sound_as_the_bank_itself(bank: BankCopy) -> None:
    assert bank.faults() == []


def test_every_fault_of_every_file_is_reported_at_once_by_file_and_field(bank: BankCopy) -> None:
    bank.change("roadmap.toml", 'name = "Syntax and control flow"', 'nmae = "Syntax"')
    bank.change("assessments.toml", "items = 12", "items = 0")
    bank.change("misconceptions.toml", 'slug = "repetition-copies"', 'slug = "renamed"')
    bank.write(NEW, SINGLE.replace("difficulty = 3", "difficulty = 0"))
    bank.write("items/language/sintax/lost.toml", TEXT)
    bank.write("items/tools/git/broken.toml", "type = ")
    bank.remove_topic("apis/soap")

    faults = bank.faults()

    assert {fault.split(":")[0] for fault in faults} >= {
        "roadmap.toml",
        "assessments.toml",
        "misconceptions.toml",
        "sample.toml",
        NEW,
        "items/language/sintax/lost.toml",
        "items/tools/git/broken.toml",
        "items/apis/soap",
    }
    assert "roadmap.toml: areas[language]: topics[syntax]: name: a text is needed" in faults
    assert "roadmap.toml: areas[language]: topics[syntax]: nmae: there is no such field" in faults
    assert "assessments.toml: assessments[language]: items: a whole number from 1 to 200 is needed" in faults
    assert f"{NEW}: difficulty: a whole number from 1 to 5 is needed" in faults
    assert "sample.toml: options[copied]: misconception: repetition-copies is not in misconceptions.toml" in faults
    assert (
        "items/language/sintax/lost.toml: path: must be items/<area>/<topic>/<slug>.toml with a known topic" in faults
    )
    assert "misconceptions.toml: renamed: no item names it" in faults
    assert "items/apis/soap: the topic has no items" in faults
    assert [fault for fault in faults if fault.startswith("items/tools/git/broken.toml: not valid TOML: ")]


def test_the_app_does_not_start_on_a_broken_bank(bank: BankCopy, config: Config) -> None:
    bank.write(NEW, SINGLE.replace("difficulty = 3", "difficulty = 0"))

    with pytest.raises(BankError, match=r"new\.toml: difficulty") as refusal:
        create_app(replace(config, bank=bank.folder))

    assert len(refusal.value.faults) == 1


def test_a_new_item_needs_nothing_but_its_file(bank: BankCopy) -> None:
    bank.write(NEW, SINGLE)

    assert "language/syntax/new" in load_bank(bank.folder).items


def test_an_item_with_a_script_in_it_is_loaded_harmless(bank: BankCopy) -> None:
    bank.write(NEW, SINGLE.replace("What *is* it?", "<script>alert(1)</script>[x](javascript:alert(1))"))

    stem = load_bank(bank.folder).items["language/syntax/new"].stem

    assert stem == "<p>&lt;script&gt;alert(1)&lt;/script&gt;[x](javascript:alert(1))</p>"


@pytest.mark.parametrize(
    "path", ["items/stray.toml", "items/language/stray.toml", "items/language/syntax/deep/stray.toml"]
)
def test_an_item_outside_a_known_topic_is_a_fault(bank: BankCopy, path: str) -> None:
    bank.write(path, SINGLE)

    assert bank.faults() == [f"{path}: path: must be items/<area>/<topic>/<slug>.toml with a known topic"]


def test_two_files_with_the_same_content_are_a_fault_since_they_would_be_one_version(bank: BankCopy) -> None:
    bank.write(NEW, SINGLE)
    bank.write("items/tools/git/copy.toml", SINGLE)

    assert bank.faults() == ["items/tools/git/copy.toml: file: the same as items/language/syntax/new.toml"]


def test_a_topic_without_items_is_a_fault(bank: BankCopy) -> None:
    bank.remove_topic("apis/graphql")

    assert "items/apis/graphql: the topic has no items" in bank.faults()


def test_a_topic_of_families_alone_is_a_fault_since_learners_use_them_up(bank: BankCopy) -> None:
    bank.remove_topic("apis/soap")
    for number in range(3):
        bank.write(f"items/apis/soap/sums-{number}.toml", f"# {number}\n{FAMILY}")

    assert "assessments.toml: assessments[apis]: items: apis/soap has 0 items, a form may need 3" in bank.faults()


def test_an_assessment_that_could_ask_more_of_a_topic_than_it_has_is_a_fault(bank: BankCopy) -> None:
    bank.change("assessments.toml", "items = 12", "items = 150")

    faults = bank.faults()

    assert faults
    assert all("a form may need 30" in fault for fault in faults)
    assert any(
        fault.startswith("assessments.toml: assessments[language]: items: language/syntax has ") for fault in faults
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('areas = ["language"]', 'areas = ["langauge"]',
         "areas: langauge is none of: language, frameworks, databases, apis, tools"),
        ('areas = ["language"]', 'areas = ["language", "language"]', "areas: one is there twice"),
        ('areas = ["language"]', "areas = []", "areas: at least 1 needed"),
        ('name = "Programming Language"', "", "name: a text is needed"),
        ('slug = "language"', 'slug = "language"\nseconds = 5', "seconds: there is no such field"),
    ],
)  # fmt: skip
def test_a_fault_of_an_assessment_names_it(bank: BankCopy, old: str, new: str, fault: str) -> None:
    bank.change("assessments.toml", old, new)

    assert f"assessments.toml: assessments[language]: {fault}" in bank.faults()


def test_two_assessments_of_one_name_are_a_fault(bank: BankCopy) -> None:
    bank.change("assessments.toml", 'slug = "language"', 'slug = "placement"')

    assert "assessments.toml: assessments[placement]: slug: placement is there twice" in bank.faults()


def test_an_adaptive_assessment_needs_a_length_and_a_slug_of_its_own(bank: BankCopy) -> None:
    bank.change("assessments.toml", "area = { items = 15, ", "area = { ")
    bank.change("assessments.toml", 'slug = "tools"', 'slug = "topic-tools-git"')

    faults = bank.faults()

    assert "assessments.toml: adaptive: area: items: a whole number from 1 to 200 is needed" in faults
    assert "assessments.toml: adaptive: two assessments would be called topic-tools-git" in faults


def test_a_prerequisite_that_is_no_topic_is_a_fault(bank: BankCopy) -> None:
    bank.change("roadmap.toml", 'prerequisites = ["language/syntax"]', 'prerequisites = ["language/sintax"]')

    assert bank.faults() == ["roadmap.toml: language/data-structures: prerequisites: there is no topic language/sintax"]


def test_topics_that_build_on_each_other_in_a_circle_are_all_named(bank: BankCopy) -> None:
    bank.change("roadmap.toml", "prerequisites = []", 'prerequisites = ["language/modules"]')

    loops = [fault for fault in bank.faults() if fault.endswith("the topic would build on itself")]

    assert [fault.split(": ")[1] for fault in loops] == ["language/modules", "language/syntax"]


def test_a_topic_that_builds_on_itself_is_a_fault(bank: BankCopy) -> None:
    bank.change("roadmap.toml", "prerequisites = []", 'prerequisites = ["language/syntax"]')

    assert bank.faults() == ["roadmap.toml: language/syntax: prerequisites: the topic would build on itself"]


def test_two_topics_or_areas_of_one_name_are_a_fault(bank: BankCopy) -> None:
    bank.change("roadmap.toml", 'slug = "data-structures"', 'slug = "syntax"')
    bank.change("roadmap.toml", 'slug = "tools"', 'slug = "apis"')

    faults = bank.faults()

    assert "roadmap.toml: language/syntax: slug: is there twice" in faults
    assert "roadmap.toml: apis: slug: is there twice" in faults


def test_a_topic_needs_two_to_four_resources_at_https_addresses_with_honest_times(bank: BankCopy) -> None:
    resource = '{ title = "x", url = "http://x", minutes = 0 }'
    text = bank.read("roadmap.toml")
    before, _, rest = text.partition("resources = [")
    after = rest.partition("\n]")[2]
    bank.write("roadmap.toml", f"{before}resources = [{resource}]{after}")

    where = "roadmap.toml: areas[language]: topics[syntax]: resources"
    assert bank.faults() == [
        f"{where}: 2 to 4 needed, there are 1",
        f"{where}[1]: minutes: a whole number from 1 to 600 is needed",
        f"{where}[1]: url: an https:// address is needed",
    ]


def test_a_misconceptions_name_ends_without_a_full_stop(bank: BankCopy) -> None:
    bank.change("misconceptions.toml", 'what is in it"', 'what is in it."')

    assert bank.faults() == [
        "misconceptions.toml: misconceptions[repetition-copies]: name: ends without a full stop: pages go on after it"
    ]


def test_two_misconceptions_of_one_name_are_a_fault(bank: BankCopy) -> None:
    bank.write("misconceptions.toml", bank.read("misconceptions.toml") + "\n" + _misconception("repetition-copies"))

    assert bank.faults() == [
        "misconceptions.toml: misconceptions[repetition-copies]: slug: repetition-copies is there twice"
    ]


def test_a_misconception_belongs_to_a_known_topic(bank: BankCopy) -> None:
    bank.write(
        "misconceptions.toml", bank.read("misconceptions.toml") + "\n" + _misconception("new", "language/sintax")
    )

    unknown_topic, unused = bank.faults()

    assert unknown_topic.startswith(
        "misconceptions.toml: misconceptions[new]: topic: must be one of: language/syntax, "
    )
    assert unused == "misconceptions.toml: new: no item names it"


@pytest.mark.parametrize(
    "name", ["roadmap.toml", "assessments.toml", "misconceptions.toml", "sample.toml", "targets.toml"]
)
def test_a_missing_file_is_named(bank: BankCopy, name: str) -> None:
    (bank.folder / name).unlink()

    assert f"{name}: the file is missing" in bank.faults()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'slug = "senior-backend"',
            'slug = "junior-backend"',
            "templates[junior-backend]: slug: junior-backend is there twice",
        ),
        ("frameworks = ", "cobol = ", "templates[senior-backend]: levels: cobol: there is no such field"),
        (
            'frameworks = "Proficient"',
            'frameworks = "Wizard"',
            "templates[senior-backend]: levels: frameworks: must be one of: Foundation, Developing, Proficient, Expert",
        ),
        ('name = "API developer"', "", "templates[api-developer]: name: a text is needed"),
    ],
)
def test_a_faulty_template_of_targets_is_named(bank: BankCopy, old: str, new: str, fault: str) -> None:
    bank.change("targets.toml", old, new)

    assert f"targets.toml: {fault}" in bank.faults()


def test_an_empty_folder_is_refused_with_reasons_and_not_with_a_crash(tmp_path: Path) -> None:
    faults = BankCopy(tmp_path).faults()

    assert "roadmap.toml: the file is missing" in faults
    assert "assessments.toml: the file is missing" in faults


def _misconception(slug: str, topic: str = "language/syntax") -> str:
    return f'[[misconceptions]]\nslug = "{slug}"\nname = "N"\ndescription = "D"\ntopic = "{topic}"\n'
