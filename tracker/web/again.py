"""Who is signed in shows once more who they are before they open another way in: their session may be left open."""

from typing import TypeVar

from flask import g

from tracker.services import second_factor
from tracker.web.inputs import AgainInput
from tracker.web.people import me

Form = TypeVar("Form", bound=AgainInput)


def with_code(form: Form) -> Form:
    """The form, asking for a code, and for the password only whoever has one."""
    if not me().has_password:
        del form.password
    return form


def again(form: Form) -> Form:
    """The form, asking for the password and a code only whoever has these."""
    if not second_factor.is_on(me().id):
        del form.code
    return with_code(form)


def sent_again(form: AgainInput) -> dict[str, str]:
    """The password and the code that were sent; what was not asked for is empty."""
    return {name: form[name].data if name in form else "" for name in ("password", "code")}


def prove_again(form: AgainInput) -> None:
    """Let pass whoever sent what shows who they are. Raises: BadInput, TooManyMisses."""
    second_factor.prove_again(me().id, **sent_again(form), now=g.now)
