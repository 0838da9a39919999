"""Who sends a request: the session cookie holds a token, Flask-Login asks the services whose it is."""

from flask import Flask, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from tracker import clock
from tracker.errors import SignInNeeded
from tracker.services import accounts, audit
from tracker.services.accounts import Person
from tracker.web.replies import is_fragment, wants_data


class SignedIn(UserMixin):
    """Somebody signed in: who they are and the token of this browser's session."""

    def __init__(self, person: Person, token: str) -> None:
        self.id = person.id
        self.person = person
        self.token = token

    def get_id(self) -> str:
        return self.token


def init(app: Flask) -> None:
    """Stamp every request's arrival and find out who sends it."""
    manager = LoginManager(app)
    manager.session_protection = None  # the token is checked against the stored session at each request
    app.before_request(_stamp_arrival)
    app.teardown_request(_forget_address)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        person = accounts.find_person(token, now=g.now)
        return SignedIn(person, token) if person else None

    @manager.unauthorized_handler
    def ask_to_sign_in() -> Response:
        """A page that was asked for comes after signing in; anything sent must be sent again."""
        if request.method == "GET" and not is_fragment() and not wants_data():
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        raise SignInNeeded


def begin_session(token: str) -> None:
    """Make this browser's session the token's, with nothing left of what was before."""
    person = accounts.find_person(token, now=g.now)
    if person is None:
        raise SignInNeeded
    session.clear()
    session.permanent = True
    login_user(SignedIn(person, token))


def me() -> Person:
    """Who is signed in, in a view that requires it."""
    person: Person = current_user.person
    return person


def my_token() -> str:
    """The token of this browser's session."""
    token: str = current_user.token
    return token


def forget_person() -> None:
    """Show the rest of this request as to a visitor: whose it is cannot be found out."""
    g._login_user = AnonymousUserMixin()


def asked_page() -> str:
    """The page of this site that was asked for and comes after signing in, if any."""
    wanted = request.args.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable() and "\\" not in wanted
    return wanted if is_ours else ""


def next_page() -> str:
    """Where to go after signing in: the page that was asked for, else home."""
    return asked_page() or url_for("home.show")


def _stamp_arrival() -> None:
    g.now = clock.now()
    audit.come_from(request.remote_addr or "")


def _forget_address(_error: BaseException | None) -> None:
    """What this thread does next is not this request's."""
    audit.come_from(audit.COMMAND)
