"""The items' files of a small bank: what each gives, and what an old version of it still gives."""

from pathlib import Path

import pytest

from tests.storage.bank_files import FAMILY, SINGLE, changed
from tracker.errors import BankError
from tracker.storage.item_files import ItemFiles, Source, find_version, iterate_variant_faults, read_files

TOPIC = "language/syntax"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank with one item and one family."""
    (tmp_path / "items" / TOPIC).mkdir(parents=True)
    write(tmp_path, "plain", SINGLE)
    write(tmp_path, "sums", FAMILY)
    return tmp_path


def write(folder: Path, slug: str, text: str) -> None:
    (folder / "items" / TOPIC / f"{slug}.toml").write_text(text, encoding="utf-8")


def read(folder: Path) -> tuple[ItemFiles, list[str]]:
    faults: list[str] = []
    return read_files(folder, topic_ids=[TOPIC], misconceptions=[], faults=faults), faults


def sound(folder: Path) -> ItemFiles:
    files, faults = read(folder)
    assert faults == []
    return files


def test_a_file_gives_an_item_or_a_family_and_its_source(folder: Path) -> None:
    files = sound(folder)

    assert list(files.items) == [f"{TOPIC}/plain"]
    assert list(files.families) == [f"{TOPIC}/sums"]
    assert {source.item_id for source in files.sources.values()} == {f"{TOPIC}/plain", f"{TOPIC}/sums"}
    assert all(source.version == version for version, source in files.sources.items())


def test_the_version_follows_the_content_and_nothing_else(folder: Path) -> None:
    before = sound(folder).items[f"{TOPIC}/plain"].version
    assert sound(folder).items[f"{TOPIC}/plain"].version == before

    write(folder, "plain", changed(SINGLE, "What *is* it?", "What *was* it?"))

    assert sound(folder).items[f"{TOPIC}/plain"].version != before


def test_every_variant_has_its_own_version_and_stem(folder: Path) -> None:
    family = sound(folder).families[f"{TOPIC}/sums"]
    variants = [family.variant(surface) for surface in family.surfaces]

    assert len({variant.version for variant in variants}) == len({variant.stem for variant in variants}) == 8
    assert {variant.id for variant in variants} == {family.id}
    assert variants[0].body.mark(("6",)) == 1
    assert variants[1].body.mark(("6",)) == 0


def test_a_surface_that_the_family_does_not_have_is_refused(folder: Path) -> None:
    with pytest.raises(KeyError):
        sound(folder).families[f"{TOPIC}/sums"].variant("00000000")


def test_a_familys_surfaces_outlive_a_change_of_its_words(folder: Path) -> None:
    before = sound(folder).families[f"{TOPIC}/sums"]
    write(folder, "sums", changed(FAMILY, "What does", "What, exactly, does"))
    after = sound(folder).families[f"{TOPIC}/sums"]

    assert before.surfaces == after.surfaces
    assert before.version != after.version


def test_an_old_version_is_read_from_its_source_alone(folder: Path) -> None:
    files = sound(folder)
    item = files.items[f"{TOPIC}/plain"]
    family = files.families[f"{TOPIC}/sums"]
    variant = family.variant(family.surfaces[2])

    assert find_version(files.sources[item.version], item.version) == item
    assert find_version(files.sources[family.version], variant.version) == variant


def test_an_old_version_keeps_a_misconception_that_the_bank_has_dropped() -> None:
    text = changed(SINGLE, 'note = "Why a."', 'note = "Why a."\nmisconception = "long-gone"')
    item = find_version(Source(f"{TOPIC}/plain", text), "0123456789abcdef")

    assert item is not None
    assert item.misconceptions == {"long-gone"}


@pytest.mark.parametrize(
    ("text", "version"),
    [("type = 3", "0123456789abcdef"), ("not toml", "0123456789abcdef"), (FAMILY, "0123456789abcdef-00000000")],
)
def test_a_version_that_todays_format_cannot_read_is_not_found(text: str, version: str) -> None:
    assert find_version(Source(f"{TOPIC}/plain", text), version) is None


def test_a_retired_item_is_read_and_named(folder: Path) -> None:
    retired = 'retired = { on = 2026-11-22, reason = "Two experts disagreed." }\n'
    write(folder, "plain", retired + SINGLE)
    files = sound(folder)

    assert files.retired == {f"{TOPIC}/plain"}
    assert f"{TOPIC}/plain" in files.items


def test_a_retired_item_must_lead_to_one_that_lives(folder: Path) -> None:
    write(
        folder,
        "plain",
        'retired = { on = 2026-11-22, reason = "Old.", replaced_by = "language/syntax/none" }\n' + SINGLE,
    )

    assert read(folder)[1] == [
        "items/language/syntax/plain.toml: retired: replaced_by: there is no live item language/syntax/none"
    ]


def test_a_file_twice_is_a_fault_and_so_is_one_in_no_topic(folder: Path) -> None:
    write(folder, "twin", SINGLE)
    (folder / "items" / "stray.toml").write_text(SINGLE)

    assert read(folder)[1] == [
        "items/language/syntax/twin.toml: file: the same as items/language/syntax/plain.toml",
        "items/stray.toml: path: must be items/<area>/<topic>/<slug>.toml with a known topic",
    ]


def test_the_first_variant_is_checked_when_the_bank_is_read(folder: Path) -> None:
    write(folder, "sums", changed(FAMILY, "note = ", "not = "))

    assert "items/language/syntax/sums.toml: misses[1]: note: a text is needed" in read(folder)[1]


def test_a_fault_of_a_later_variant_is_found_by_the_check_of_all() -> None:
    text = changed(FAMILY, '"<<stop>>", note', '"<<later>>", note') + 'later = "4 if stop == 4 else total"\n'
    faults = list(iterate_variant_faults(Source(f"{TOPIC}/sums", text), misconceptions=[]))

    assert len(faults) == 7
    assert "items/language/syntax/sums.toml: misses: 10 would be marked right (with stop 5)" in faults


def test_a_variant_with_faults_is_never_given(folder: Path) -> None:
    write(folder, "sums", changed(FAMILY, '"sum(range(stop))"', '"sum(range(stop)) // (8 - stop)"'))
    family = sound(folder).families[f"{TOPIC}/sums"]

    assert family.variant(family.surfaces[0])
    with pytest.raises(BankError, match="cannot be computed"):
        family.variant(family.surfaces[4])


def test_two_variants_with_the_same_stem_are_a_fault() -> None:
    text = changed(FAMILY, "`sum(range(<<stop>>))`", "it")
    faults = list(iterate_variant_faults(Source(f"{TOPIC}/sums", text), misconceptions=[]))

    assert "items/language/syntax/sums.toml: family: the same stem with stop 5 as with stop 4" in faults
