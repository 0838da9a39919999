"""What an installation is made of, told in full."""

import json
import re
from typing import Any

import pytest

from deploy import sbom


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return sbom.document()


def test_every_pin_of_an_installation_is_named_and_nothing_that_only_tests_need(document: dict[str, Any]) -> None:
    named = {each["purl"].lower() for each in document["components"] if each["purl"].startswith("pkg:pypi/")}
    assert named == {f"pkg:pypi/{name}@{version}" for name, version in sbom.pins()}
    assert {"flask", "pymongo", "secantusdb", "psycopg"} <= {name for name, _ in sbom.pins()}
    assert "pytest" not in {name for name, _ in sbom.pins()}


def test_a_pin_is_read_whatever_stands_behind_it() -> None:
    pinned = "".join(file.read_text() for file in sbom.PINS)
    assert len(re.findall(r"^[a-zA-Z].*==", pinned, re.MULTILINE)) == len(sbom.PIN.findall(pinned))


def test_every_vendored_file_is_named_with_its_digest(document: dict[str, Any]) -> None:
    named = {each["bom-ref"]: each["hashes"] for each in document["components"] if "hashes" in each}
    served = {file.name for file in sbom.VENDOR.iterdir() if file.suffix in {".css", ".js", ".woff2"}}
    assert set(named) == {f"vendored/{name}" for name in served}


def test_everything_has_a_licence(document: dict[str, Any]) -> None:
    assert [each["name"] for each in document["components"] if not each.get("licenses")] == []


def test_what_needs_what_names_only_what_is_in_it(document: dict[str, Any]) -> None:
    known = {each["bom-ref"] for each in document["components"]} | {document["metadata"]["component"]["bom-ref"]}
    needed = {ref for each in document["dependencies"] for ref in each["dependsOn"]}
    assert "Flask==" in " ".join(needed)
    assert needed <= known


def test_made_again_it_is_the_same(document: dict[str, Any]) -> None:
    assert json.dumps(sbom.document()) == json.dumps(document)
