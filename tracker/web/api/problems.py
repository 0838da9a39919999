"""What the API answers when something is wrong: problem details (RFC 9457), whatever the request says it reads."""

from flask import Response, request
from pydantic import Field

from tracker.web.api.models import Model, Moment

PREFIX = "/api/v1"
MEDIA_TYPE = "application/problem+json"
TYPE = "urn:problem-type:skillmark:"

CODES = {
    400: "bad-input",
    401: "token-needed",
    403: "scope-missing",
    404: "not-found",
    405: "method-not-allowed",
    408: "too-slow",
    409: "conflict",
    413: "too-large",
    415: "not-json",
    422: "key-reused",
    429: "too-fast",
    503: "unavailable",
}
"""What is wrong, in a word, where no error has a word of its own."""

TITLES = {
    "bad-input": "The request is malformed",
    "closed": "The attempt is closed",
    "conflict": "This does not fit what is stored",
    "full": "The attempt takes no more changes",
    "key-reused": "The key of this request belongs to another one",
    "method-not-allowed": "The address takes no such method",
    "not-found": "There is nothing here for you",
    "not-json": "The body must be JSON",
    "not-open": "It is not open yet",
    "open": "The attempt is not finished",
    "scope-missing": "The token lacks a scope",
    "stale": "The attempt has moved on",
    "token-needed": "A token is needed",
    "too-fast": "Too many requests",
    "too-large": "The request is too large",
    "too-slow": "The request came too slowly",
    "unavailable": "Please try again in a moment",
}


class Problem(Model):
    """What is wrong. `type`, `title` and `code` say of which kind it is; the last six are there where they help."""

    type: str = Field(description="Names the kind of problem.", examples=[f"{TYPE}bad-input"])
    title: str = Field(description="The kind of problem, for people.", examples=[TITLES["bad-input"]])
    status: int = Field(description="The status of the response.", examples=[400])
    detail: str = Field(description="What is wrong here, and what to do.", examples=["seq: Field required"])
    code: str = Field(description="The kind of problem, for programs: the end of `type`.", examples=["bad-input"])
    fields: dict[str, list[str]] | None = Field(
        None, description="What is wrong with which field.", examples=[{"seq": ["Field required"]}]
    )
    seq: int | None = Field(None, description="Of `stale`: the attempt's newest number.")
    closed_at: Moment | None = Field(None, description="Of `closed`: when the attempt ended.")
    now: Moment | None = Field(None, description="Of `closed`: the server's time.")
    is_kept: bool | None = Field(None, description="Of `closed`: whether what was sent is kept, as late.")
    opens_at: Moment | None = Field(None, description="Of `not-open`: when it opens.")


def is_api() -> bool:
    """Whether the request is one to the API, also to an address that it does not have."""
    return f"{request.path}/".startswith(f"{PREFIX}/")


def a_problem(status: int, detail: str, *, code: str = "", **facts: object) -> Problem:
    """A problem of this status, of a kind of its own where `code` names one."""
    known = code if code in TITLES else CODES.get(status, "unavailable")
    return Problem.model_validate(
        {"type": TYPE + known, "title": TITLES[known], "status": status, "detail": detail, "code": known, **facts}
    )


def problem_reply(problem: Problem) -> Response:
    """The response that tells of a problem."""
    return Response(problem.model_dump_json(exclude_none=True), problem.status, mimetype=MEDIA_TYPE)
