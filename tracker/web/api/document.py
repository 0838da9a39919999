"""The OpenAPI document of the API, made from its operations: served, and kept in docs/openapi.json."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from flask import Blueprint, Flask, Response, current_app, request
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from tracker.config import ROOT
from tracker.web.api.models import Model, example_of
from tracker.web.api.operation import JSON, KEY_HEADER, KEY_PATTERN, OPERATIONS, Operation
from tracker.web.api.problems import CODES, MEDIA_TYPE, PREFIX, TITLES, Problem, a_problem

FILE = ROOT / "docs" / "openapi.json"
EXTENSION = "skillmark-api-document"
Table = dict[str, Any]
Models = set[tuple[type[BaseModel], JsonSchemaMode]]
Refs = Mapping[tuple[Any, JsonSchemaMode], Table]

DESCRIPTION = (
    "What the pages do, for programs. Every request names its token as `Authorization: Bearer skm_...`; errors are"
    " problem details (RFC 9457). Nothing here tells a key before its attempt is over and released."
)
PARAMETER = re.compile(r"<(?:[^:>]+:)?(\w+)>")
PATH_PARAMETERS: Mapping[str, tuple[str, str]] = {
    "slug": ("The assessment's slug.", "language"),
    "area_slug": ("The area's slug.", "language"),
    "topic_slug": ("The topic's slug.", "syntax"),
    "attempt_id": ("The attempt's id.", "3f0c9d6a1b7e4c58a2d4e6f80123abcd"),
    "cohort_id": ("The cohort's id.", "9a1b7e4c58a2d4e6f80123abcd3f0c6d"),
    "export_id": ("The export's id.", "58a2d4e6f80123abcd3f0c6d9a1b7e4c"),
}
"""What each part of an address means, with an example."""

SCHEMA = "#/components/schemas/{model}"
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
HEADERS: Mapping[str, tuple[str, str]] = {
    "ETag": ("Names what is given; send it as `If-None-Match`.", "string"),
    "Location": ("Where it is.", "string"),
    "Retry-After": ("How many seconds to wait.", "integer"),
    "WWW-Authenticate": ("What is missing.", "string"),
    "RateLimit-Limit": (
        "How many requests a person has a minute or, without a token that works, an address.",
        "integer",
    ),
    "RateLimit-Remaining": ("How many are left.", "integer"),
    "RateLimit-Reset": ("In how many seconds all are there again.", "integer"),
}
"""What each header of a response means, and its type."""

REFUSAL_HEADERS = {
    401: ("WWW-Authenticate", *LIMITS),
    403: ("WWW-Authenticate", *LIMITS),
    429: ("Retry-After", *LIMITS),
    503: ("Retry-After",),
}
OWN_CODES = {400: ("bad-input", "full")}
REFUSALS = (400, 401, 403, 404, 408, 413, 415, 422, 429, 503)

bp = Blueprint("api", __name__, url_prefix=PREFIX, cli_group="api")
bp.cli.help = "The JSON API."


@bp.get("/openapi.json")
def show() -> Response:
    """The document of the running app."""
    if EXTENSION not in current_app.extensions:
        current_app.extensions[EXTENSION] = written(current_app)
    response = Response(current_app.extensions[EXTENSION], mimetype=JSON)
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.cli.command("document")
def write() -> None:
    """Write the API's document to docs/openapi.json."""
    FILE.write_text(written(current_app))
    click.echo(f"Wrote {FILE.relative_to(ROOT)}")


def written(app: Flask) -> str:
    """The document as it is kept."""
    return json.dumps(make_document(app), indent=1, ensure_ascii=False) + "\n"


def make_document(app: Flask) -> Table:
    """The OpenAPI 3.1 document of an app's operations."""
    found = list(_operations(app))
    refs, definitions = models_json_schema(
        sorted(_models(operation for _, _, operation in found), key=lambda one: one[0].__name__),
        ref_template=SCHEMA,
    )
    asked = [_query_schema(operation).get("$defs", {}) for _, _, operation in found]
    paths: dict[str, Table] = {}
    for rule, method, operation in found:
        paths.setdefault(PARAMETER.sub(r"{\1}", rule.rule), {})[method.lower()] = _told(app, rule, operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Skillmark", "version": "1", "description": DESCRIPTION, "license": {"name": "MIT"}},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for part in (definitions["$defs"], *asked) for name, schema in part.items()},
            "responses": {
                str(status): _refusal(status, OWN_CODES.get(status, (CODES[status],))) for status in REFUSALS
            },
            "headers": {
                name: {"description": text, "schema": {"type": kind}} for name, (text, kind) in HEADERS.items()
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token made on the account page."}
            },
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        operation = OPERATIONS.get(app.view_functions[rule.endpoint])
        if operation:
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            yield rule, method, operation


def _models(operations: Iterator[Operation]) -> Models:
    """Every model of the document, as it is read or written."""
    models: Models = {(Problem, "serialization")}
    for operation in operations:
        models.add((operation.gives, "serialization"))
        if operation.body:
            models.add((operation.body, "validation"))
    return models


def _told(app: Flask, rule: Rule, operation: Operation, refs: Refs) -> Table:
    """What the document says of one operation."""
    is_read = "GET" in (rule.methods or ())
    told: Table = {
        "operationId": rule.endpoint.removeprefix("api_").replace(".", "_"),
        "summary": (app.view_functions[rule.endpoint].__doc__ or "").strip(),
        "tags": [rule.endpoint.partition(".")[0].removeprefix("api_")],
        "security": [{"token": [operation.scope] if operation.scope else []}],
        "parameters": [*_path_parameters(rule), *_query_parameters(operation), *_header_parameters(operation)],
        "responses": _responses(rule, operation, refs, is_read=is_read),
    }
    if operation.body:
        content = {"schema": refs[operation.body, "validation"], "example": example_of(operation.body)}
        told["requestBody"] = {"required": True, "content": {JSON: content}}
    return told


def _path_parameters(rule: Rule) -> Iterator[Table]:
    for name in PARAMETER.findall(rule.rule):
        description, example = PATH_PARAMETERS[name]
        schema = {"type": "string"}
        yield {"name": name, "in": "path", "required": True, **_described(description, schema, example)}


def _query_parameters(operation: Operation) -> Iterator[Table]:
    schema = _query_schema(operation)
    for name, values in schema.get("properties", {}).items():
        is_needed = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": is_needed, "schema": _unless_absent(values)}


def _query_schema(operation: Operation) -> Table:
    return operation.query.model_json_schema(ref_template=SCHEMA) if operation.query else {}


def _unless_absent(schema: Table) -> Table:
    """The schema of a parameter that is sent: an address cannot hold null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest} if kinds else schema


def _header_parameters(operation: Operation) -> Iterator[Table]:
    if operation.has_key:
        description = "Names this request: the same again, with the same content, changes nothing more."
        schema = {"type": "string", "pattern": KEY_PATTERN}
        yield {
            "name": KEY_HEADER,
            "in": "header",
            "required": True,
            **_described(description, schema, "my-key-1"),
        }


def _described(description: str, schema: Table, example: str) -> Table:
    return {"description": description, "schema": schema, "example": example}


def _responses(rule: Rule, operation: Operation, refs: Refs, *, is_read: bool) -> dict[str, Table]:
    """Every status that can come."""
    given = {"schema": refs[operation.gives, "serialization"], "example": example_of(operation.gives)}
    content = {"content": {JSON: given}}
    own = ["ETag"] if is_read else ["Location"] if operation.created else []
    responses = {200: {"description": _first_line(operation.gives), **content, **_headers(*own, *LIMITS)}}
    if operation.created:
        responses[201] = {"description": operation.created, **content, **_headers(*own, *LIMITS)}
    if is_read:
        responses[304] = {"description": "What `If-None-Match` names is still so.", **_headers(*own, *LIMITS)}
    for status in _refusals(rule, operation):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    if operation.conflicts:
        responses[409] = _refusal(409, operation.conflicts)
    return {str(status): response for status, response in sorted(responses.items())}


def _refusals(rule: Rule, operation: Operation) -> Iterator[int]:
    """The statuses of the problems that an operation can meet, conflicts aside."""
    yield from (401, 429, 503)
    if operation.scope:
        yield 403
    if rule.arguments:
        yield 404
    if operation.query or operation.body or operation.has_key:
        yield 400
    if operation.body:
        yield from (408, 413, 415)
    if operation.has_key:
        yield 422


def _refusal(status: int, codes: Sequence[str]) -> Table:
    """A response that tells of a problem of one of these kinds."""
    examples = {
        code: {"value": a_problem(status, TITLES[code], code=code).model_dump(mode="json", exclude_none=True)}
        for code in codes
    }
    schema = {"$ref": SCHEMA.format(model=Problem.__name__)}
    return {
        "description": "; ".join(TITLES[code] for code in codes),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
        **_headers(*REFUSAL_HEADERS.get(status, LIMITS)),
    }


def _headers(*names: str) -> Table:
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}}


def _first_line(model: type[Model]) -> str:
    return (model.__doc__ or "").partition("\n")[0]
