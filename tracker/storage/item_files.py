"""The items' files: each gives an item or a family, and its text is the source of every version it had."""

import hashlib
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tracker.assessment.family import Family, split_version, variant_version
from tracker.assessment.item import Item
from tracker.errors import BankError
from tracker.storage.bank_fields import Fields
from tracker.storage.bank_items import read_item
from tracker.storage.families import FamilyTable, read_family

VERSION_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an item: its path as id, and its text."""

    item_id: str
    text: str

    @property
    def version(self) -> str:
        """The hash of the content: it changes with any letter of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:VERSION_LENGTH]


@dataclass(slots=True)
class ItemFiles:
    """What the files of a bank hold. `retired` has the ids of items and families that no new form gets."""

    items: dict[str, Item] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)


def read_files(
    folder: Path, *, topic_ids: Collection[str], misconceptions: Collection[str], faults: list[str]
) -> ItemFiles:
    """Every item and family under `items/`; of a family only its first variant is read and checked."""
    files = ItemFiles()
    for path in sorted((folder / "items").rglob("*.toml")):
        item_id = path.relative_to(folder / "items").with_suffix("").as_posix()
        where = f"items/{item_id}.toml"
        if item_id.rpartition("/")[0] not in topic_ids:
            faults.append(f"{where}: path: must be items/<area>/<topic>/<slug>.toml with a known topic")
            continue
        source = _source(path, item_id, where, faults)
        if source is None:
            continue
        twin = files.sources.setdefault(source.version, source)
        if twin is not source:
            faults.append(f"{where}: file: the same as items/{twin.item_id}.toml")
        _add(files, source, where, misconceptions, faults)
    _check_replacements(files, faults)
    return files


def read_one(path: Path, *, folder: Path, item_id: str, misconceptions: Collection[str], faults: list[str]) -> Item:
    """The item of one file that is no family."""
    where = path.relative_to(folder).as_posix()
    source = _source(path, item_id, where, faults)
    fields = _table(source, where, faults) if source else Fields({}, where, [])
    version = source.version if source else ""
    return read_item(fields, item_id=item_id, version=version, misconceptions=misconceptions)


def find_version(source: Source, version: str) -> Item | None:
    """The item of this version in a source; None when today's format can no longer read it."""
    faults: list[str] = []
    _, surface = split_version(version)
    where = f"items/{source.item_id}.toml"
    fields = _table(source, where, faults)
    if surface:
        family = read_family(fields)
        if surface not in family.combinations:
            return None
        fields = _variant_fields(family, surface, where, faults)
    item = read_item(fields, item_id=source.item_id, version=version, misconceptions=None)
    return None if faults else item


def iterate_variant_faults(source: Source, *, misconceptions: Collection[str]) -> Iterator[str]:
    """What is wrong with any variant of a family, beyond its first."""
    where = f"items/{source.item_id}.toml"
    family = read_family(_table(source, where, []))
    stems: dict[str, str] = {}
    for surface, parameters in family.combinations.items():
        values = ", ".join(f"{name} {value}" for name, value in parameters.items())
        faults: list[str] = []
        fields = _variant_fields(family, surface, where, faults)
        item = read_item(fields, item_id=source.item_id, version=surface, misconceptions=misconceptions)
        yield from (f"{fault} (with {values})" for fault in faults)
        twin = stems.setdefault(item.stem, values)
        if twin != values:
            yield f"{where}: family: the same stem with {values} as with {twin}"


def _source(path: Path, item_id: str, where: str, faults: list[str]) -> Source | None:
    try:
        return Source(item_id, path.read_bytes().decode())
    except FileNotFoundError:
        faults.append(f"{where}: the file is missing")
    except UnicodeDecodeError as error:
        faults.append(f"{where}: not valid TOML: {error}")
    return None


def _table(source: Source, where: str, faults: list[str]) -> Fields:
    try:
        return Fields(tomllib.loads(source.text), where, faults)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{where}: not valid TOML: {error}")
        return Fields({}, where, [])


def _add(files: ItemFiles, source: Source, where: str, misconceptions: Collection[str], faults: list[str]) -> None:
    fields = _table(source, where, faults)
    if "retired" in fields.table:
        files.retired.add(source.item_id)
    if "family" in fields.table:
        family = _family(source, fields, where, misconceptions)
        if family:
            files.families[source.item_id] = family
    else:
        files.items[source.item_id] = read_item(
            fields, item_id=source.item_id, version=source.version, misconceptions=misconceptions
        )


def _family(source: Source, fields: Fields, where: str, misconceptions: Collection[str]) -> Family | None:
    """The family in these fields, with its first variant checked; None when it has no variants."""
    table = read_family(fields)
    surfaces = tuple(table.combinations)
    if not surfaces:
        return None

    first = _variant(source, table, surfaces[0], where, misconceptions, fields.faults)

    @cache
    def read_variant(surface: str) -> Item:
        faults: list[str] = []
        item = first if surface == surfaces[0] else _variant(source, table, surface, where, misconceptions, faults)
        if faults:
            raise BankError(faults)
        return item

    return Family(
        id=source.item_id,
        version=source.version,
        difficulty=fields.whole("difficulty", 1, 5),
        is_retired="retired" in fields.table,
        surfaces=surfaces,
        read_variant=read_variant,
    )


def _variant(
    source: Source,
    table: FamilyTable,
    surface: str,
    where: str,
    misconceptions: Collection[str],
    faults: list[str],
) -> Item:
    fields = _variant_fields(table, surface, where, faults)
    version = variant_version(source.version, surface)
    return read_item(fields, item_id=source.item_id, version=version, misconceptions=misconceptions)


def _variant_fields(table: FamilyTable, surface: str, where: str, faults: list[str]) -> Fields:
    try:
        return Fields(table.variant(surface), where, faults)
    except ValueError as error:
        faults.append(f"{where}: family: {error}")
        return Fields({}, where, [])


def _check_replacements(files: ItemFiles, faults: list[str]) -> None:
    """A retired item's `replaced_by` must lead to an item that is not retired itself."""
    live = (files.items.keys() | files.families.keys()) - files.retired
    for source in files.sources.values():
        if source.item_id in files.retired:
            retired = tomllib.loads(source.text)["retired"]
            target = retired.get("replaced_by") if isinstance(retired, dict) else None
            if target is not None and target not in live:
                faults.append(f"items/{source.item_id}.toml: retired: replaced_by: there is no live item {target}")
