"""One operation of the API: how its request is read, who may ask it, how it is answered, and what the document says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from flask import Response, request
from pydantic import StringConstraints, TypeAdapter, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from tracker.errors import BadInput
from tracker.services.tokens import Scope
from tracker.web.api import bearer
from tracker.web.api.models import Input, Model, passing_of

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[A-Za-z0-9-]{1,64}$"
JSON = "application/json"
ETAG_LENGTH = 32

T = TypeVar("T")

_keys = TypeAdapter(Annotated[str, StringConstraints(pattern=KEY_PATTERN)])


@dataclass(frozen=True, slots=True)
class Operation:
    """What is told of a view. `created`: what 201 means, where it can come; `conflicts`: the codes of its 409."""

    scope: Scope | None
    gives: type[Model]
    query: type[Input] | None = None
    body: type[Input] | None = None
    has_key: bool = False
    created: str = ""
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with a status or headers of its own."""

    model: Model
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[..., Model | Given | bytes]
"""What answers a request; of a read, bytes are the JSON of what it gives, written before."""

OPERATIONS: dict[Callable[..., Any], Operation] = {}
"""What is told of each view, by the function that Flask calls."""


def operation(
    *,
    gives: type[Model],
    scope: Scope | None = None,
    query: type[Input] | None = None,
    body: type[Input] | None = None,
    has_key: bool = False,
    created: str = "",
    conflicts: tuple[str, ...] = (),
) -> Callable[[View], Callable[..., Response]]:
    """Make a view an operation of the API, asked with a token that has this scope, or with any without one.

    query, body: what it takes, passed to it under these names. has_key: whether every request names itself with an
    Idempotency-Key, passed as `key`. created, conflicts: as in `Operation`.
    """

    def decorate(view: View) -> Callable[..., Response]:
        @bearer.scope(scope)
        @wraps(view)
        def answered(**names: Any) -> Response:
            if query:
                names["query"] = _read_query(query)
            if has_key:
                names["key"] = _read_key()
            if body:
                names["body"] = _read_body(body)
            return _reply(view(**names))

        OPERATIONS[answered] = Operation(scope, gives, query, body, has_key, created, conflicts)
        return answered

    return decorate


def _read_query(model: type[Input]) -> Input:
    sent = request.args.to_dict(flat=False)
    values = {name: texts[0] if len(texts) == 1 else texts for name, texts in sent.items()}
    return _checked(lambda: model.model_validate(values))


def _read_key() -> str:
    try:
        return _keys.validate_python(request.headers.get(KEY_HEADER, ""))
    except ValidationError:
        message = "Send a key of your own with each new request: 1 to 64 letters, digits and hyphens."
        raise BadInput({KEY_HEADER: [message]}) from None


def _read_body(model: type[Input]) -> Input:
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"Send the body as {JSON}.")
    return _checked(lambda: model.model_validate_json(request.get_data(), strict=True))


def _checked(read: Callable[[], T]) -> T:
    """What was read. Raises: BadInput, naming every field that is wrong."""
    try:
        return read()
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            fields.setdefault(".".join(map(str, fault["loc"])) or "body", []).append(fault["msg"])
        raise BadInput(fields) from None


def _reply(result: Model | Given | bytes) -> Response:
    if isinstance(result, bytes):
        return _unless_known(Response(result, mimetype=JSON), result)
    given = result if isinstance(result, Given) else Given(result)
    sent = given.model.model_dump_json()
    response = Response(sent, given.status, given.headers, mimetype=JSON)
    if request.method not in {"GET", "HEAD"}:
        return response
    passing = passing_of(type(given.model))
    lasting = given.model.model_dump_json(exclude=passing) if passing else sent
    return _unless_known(response, lasting.encode())


def _unless_known(response: Response, lasting: bytes) -> Response:
    """A read's response with the ETag of what lasts of it; without its body where whoever asks has that already."""
    response.set_etag(sha256(lasting).hexdigest()[:ETAG_LENGTH], weak=True)
    response.make_conditional(request)
    return response
