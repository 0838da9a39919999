"""Who asks the API: the token in the Authorization header, never the cookie; what it may do, and how often.

Requests without a token that works count for the place that they come from. They hold up nobody at that place whose
token works: it is looked up first.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request
from werkzeug.wrappers import Response

from tracker.errors import ScopeMissing, TokenNeeded, TooFast
from tracker.services import tokens
from tracker.services.accounts import Person
from tracker.services.tokens import Bearer, Scope
from tracker.web.limits import count_guess, count_request

SCHEME = "bearer"

P = ParamSpec("P")
T = TypeVar("T")


def scope(needed: Scope | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a view be asked only with a token that has this scope, or any token without one, and not too often.

    Raises, instead of the view: TooFast, TokenNeeded, ScopeMissing.
    """

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            bearer = _find_bearer()
            g.quota = count_request(bearer.person.id) if bearer else count_guess()
            if g.quota.remaining < 0:
                raise TooFast(g.quota.reset_seconds)
            if bearer is None:
                raise TokenNeeded
            if needed and needed not in bearer.scopes:
                g.missing_scope = needed
                raise ScopeMissing(needed)
            g.person = bearer.person
            return view(*args, **kwargs)

        return checked

    return decorate


def asker() -> Person:
    """Whom the token acts for, in a view that `scope` guards."""
    person: Person = g.person
    return person


def tell_limits(response: Response) -> Response:
    """Say in an answer's headers how many requests are left, and after a refusal what was missing."""
    if "quota" in g:
        response.headers["RateLimit-Limit"] = str(g.quota.limit)
        response.headers["RateLimit-Remaining"] = str(max(0, g.quota.remaining))
        response.headers["RateLimit-Reset"] = str(g.quota.reset_seconds)
    match response.status_code:
        case 401:
            response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if _has_sent_token() else "Bearer"
        case 403:
            response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{g.missing_scope}"'
    return response


def _find_bearer() -> Bearer | None:
    sent = request.authorization
    return tokens.find_bearer(sent.token, now=g.now) if sent and sent.type == SCHEME and sent.token else None


def _has_sent_token() -> bool:
    return request.authorization is not None and request.authorization.type == SCHEME
