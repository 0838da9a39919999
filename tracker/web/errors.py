"""Errors to answers: one table from what went wrong to the status, one page and one fragment to say it."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, current_app, g, render_template
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from pymongo.errors import OperationFailure, PyMongoError
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from tracker import errors, metrics
from tracker.errors import TrackerError
from tracker.services import stores
from tracker.web import limits
from tracker.web.api.problems import a_problem, is_api
from tracker.web.api.problems import problem_reply as api_problem_reply
from tracker.web.people import forget_person
from tracker.web.replies import is_fragment, problem_reply, utc, wants_data

STATUS: Mapping[type[TrackerError], int] = {
    errors.NotFound: 404,
    errors.BadInput: 400,
    errors.SignInRefused: 401,
    errors.SignInNeeded: 401,
    errors.NotVouched: 401,
    errors.TooManyMisses: 429,
    errors.TokenNeeded: 401,
    errors.ScopeMissing: 403,
    errors.TooFast: 429,
    errors.AttemptClosed: 409,
    errors.AttemptOpen: 409,
    errors.StaleAnswer: 409,
    errors.AttemptFull: 400,
    errors.KeyReused: 422,
    errors.NotOpenYet: 409,
    errors.Conflict: 409,
    errors.StoreUnavailable: 503,
    errors.PdfUnavailable: 503,
}

CODES: Mapping[type[object], str] = {
    errors.AttemptClosed: "closed",
    errors.AttemptOpen: "open",
    errors.StaleAnswer: "stale",
    errors.AttemptFull: "full",
    errors.KeyReused: "key-reused",
    errors.NotOpenYet: "not-open",
    errors.BadInput: "bad-input",
}
"""What programs read where the status alone says too little."""

TITLES = {
    400: "That did not fit",
    401: "Please sign in",
    404: "Nothing here",
    405: "Nothing here",
    409: "This has moved on",
    413: "That was too large",
    422: "That did not fit",
    429: "Too fast",
    503: "Please try again in a moment",
}

WORDS = {
    404: "There is nothing at this address, or it is not yours to see.",
    405: "This address cannot be used that way.",
    413: "What you sent is larger than we take. Nothing was changed.",
}

RETRY_SECONDS = 2

AWAY = (PyMongoError, OperationalError, InterfaceError, InternalError, ProgrammingError, NoConnectionFree)
"""What either store's driver raises when it cannot be reached, or when what we need is not there."""


def init(app: Flask) -> None:
    """Answer every error with a sentence."""
    app.log_exception = _leave_to_us  # type: ignore[method-assign,assignment]
    app.register_error_handler(TrackerError, _tracker_error)
    for away in AWAY:
        app.register_error_handler(away, _store_error)
    app.register_error_handler(DataError, _unkeepable)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RateLimitExceeded, _too_fast)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _late_error)
    app.register_error_handler(Exception, _unforeseen)


def answer(status: int, message: str, error: TrackerError | None = None, *, code: str = "") -> Response:
    """The page for an error; for a part of a page, the fragment; for a program, the same as JSON."""
    response: Response
    if is_api():
        told = a_problem(status, message, code=code or CODES.get(type(error), ""), **_facts(error))
        response = api_problem_reply(told)
    elif wants_data():
        known = code or CODES.get(type(error), HTTPStatus(status).phrase.casefold().replace(" ", "-"))
        response = problem_reply(status, known, message, **_facts(error))
    else:
        response = _page(status, message, error)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, errors.TooFast | errors.TooManyMisses):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _page(status: int, message: str, error: TrackerError | None) -> Response:
    template = "errors/_problem.html" if is_fragment() else "errors/show.html"
    page = render_template(
        template, status=status, title=TITLES.get(status, "That did not work"), message=message, error=error, now=g.now
    )
    return current_app.make_response((page, status))


def _facts(error: TrackerError | None) -> dict[str, object]:
    """What a program can use of an error."""
    match error:
        case errors.StaleAnswer(seq=seq):
            return {"seq": seq}
        case errors.AttemptClosed(closed_at=closed_at, is_kept=is_kept):
            return {"closed_at": utc(closed_at), "now": utc(g.now), "is_kept": is_kept}
        case errors.NotOpenYet(opens_at=opens_at):
            return {"opens_at": utc(opens_at)}
        case errors.BadInput(fields=fields):
            return {"fields": fields}
        case _:
            return {}


def _tracker_error(error: TrackerError) -> Response:
    status = STATUS.get(type(error))
    return answer(status, str(error), error) if status else _unforeseen(error)


def _store_error(error: Exception) -> Response:
    metrics.store_errors.labels("documents" if isinstance(error, PyMongoError) else "sql").inc()
    current_app.logger.warning("A store did not answer: %s", _reason(error))
    if isinstance(error, PyMongoError) and error.timeout:
        stores.rest_documents()
    forget_person()
    return _tracker_error(errors.StoreUnavailable())


def _reason(error: Exception) -> str:
    """What is said in the log; a refusal's own text may quote what people sent."""
    return f"{type(error).__name__} {error.code}" if isinstance(error, OperationFailure) else str(error)


def _unkeepable(_error: DataError) -> Response:
    """Only PostgreSQL refuses values: a zero byte, or more than a column holds."""
    stores.give_up_reading()
    return answer(
        400,
        "Something in what you sent cannot be kept. Nothing was changed. Check it and send it again.",
        code="bad-input",
    )


def _csrf_error(_error: CSRFError) -> Response:
    return answer(
        400,
        "This page was open for too long, so what you sent was not taken. Go back, reload, and send again.",
        code="outdated-page",
    )


def _too_fast(error: RateLimitExceeded) -> Response:
    response = answer(429, f"That was too often ({error.description}). Please wait a little; nothing is lost.")
    response.headers["Retry-After"] = str(limits.seconds_to_wait())
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    response = answer(status, WORDS.get(status, error.description or "That did not work."))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _leave_to_us(_raised: object) -> None:
    """Flask would log the address, which may hold a token; `_late_error` logs what happened."""


def _late_error(error: InternalServerError) -> Response:
    """What failed outside a view: while an answer was being finished or an error was being explained."""
    cause = error.original_exception or error
    return _store_error(cause) if isinstance(cause, AWAY) else _unforeseen(cause)


def _unforeseen(error: BaseException) -> Response:
    current_app.logger.error("An error nobody foresaw", exc_info=error)
    stores.give_up_reading()
    return answer(
        503, "Something went wrong on our side. Nothing you saved before is lost; please try again in a moment."
    )
