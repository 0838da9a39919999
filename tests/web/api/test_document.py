"""The OpenAPI document: sound, current, whole, and true."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.web.api.client import API, Client
from tracker.web.api.document import FILE, make_document
from tracker.web.api.operation import OPERATIONS

Table = dict[str, Any]


@pytest.fixture(scope="module")
def document(whole_app: Flask) -> Table:
    return make_document(whole_app)


def operations(document: Table) -> Iterator[tuple[str, Table]]:
    """Each operation with its name."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_it_is_a_sound_document_of_openapi_3_1(document: Table) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_one_in_docs_is_current(document: Table) -> None:
    assert json.loads(FILE.read_text()) == document, "run `make api`"


def test_it_is_served_to_everybody(app: Flask, document: Table) -> None:
    served = Client(app, None).get("/openapi.json")
    assert (served.status_code, served.mimetype) == (200, "application/json")
    assert served.json == document


def test_unchanged_it_is_not_sent_again(app: Flask) -> None:
    nobody = Client(app, None)
    served = nobody.get("/openapi.json")

    again = nobody.get("/openapi.json", **{"If-None-Match": served.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert nobody.get("/openapi.json", **{"If-None-Match": '"another"'}).data == served.data


def test_it_tells_of_every_address_of_the_api(app: Flask, document: Table) -> None:
    views = {app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules() if rule.rule.startswith(API)}
    assert views - OPERATIONS.keys() == {app.view_functions["api.show"]}
    assert len(list(operations(document))) == len(views) - 1


def test_names_of_operations_are_all_different(document: Table) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_every_operation_has_examples_that_fit_their_schemas(document: Table) -> None:
    registry = Registry().with_resource("urn:document", DRAFT202012.create_resource(document))
    for name, operation in operations(document):
        bodies = [operation["responses"]["200"]["content"]["application/json"]]
        if "requestBody" in operation:
            bodies.append(operation["requestBody"]["content"]["application/json"])
        for body in bodies:
            schema = {"$ref": f"urn:document{body['schema']['$ref']}"}
            faults = [
                fault.message for fault in Draft202012Validator(schema, registry=registry).iter_errors(body["example"])
            ]
            assert (name, faults) == (name, [])
        for parameter in operation["parameters"]:
            shown = "example" in parameter or {"examples", "default"} & parameter["schema"].keys()
            assert shown or parameter["name"] == "cursor"


def test_every_error_is_a_problem(document: Table) -> None:
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
        assert response["content"]["application/problem+json"]["examples"]


def test_every_operation_says_what_it_needs(document: Table) -> None:
    scopes = {scope for _, operation in operations(document) for one in operation["security"] for scope in one["token"]}
    assert scopes == {"profile:read", "attempts:read", "attempts:write", "cohorts:read"}
    for name, operation in operations(document):
        has_scope = bool(operation["security"][0]["token"])
        assert (name, "403" in operation["responses"]) == (name, has_scope)
        assert {"200", "401", "429", "503"} <= operation["responses"].keys()
