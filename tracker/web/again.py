"""Who is signed in shows once more who they are before they open another way in: their session may be left open."""

from typing import TypeVar

from flask import g

from tracker.services import second_factor
from tracker.web.inputs import AgainInput
from tracker.web.people import me

Form = TypeVar("Form", bound=AgainInput)


def again(form: Form) -> Form:
    """The form, asking for the password and a code only whoever has these."""
    if not me().has_password:
        del form.password
    if not second_factor.is_on(me().id):
        del form.code
    return form


def prove_again(form: AgainInput) -> None:
    """Let pass whoever sent what shows who they are. Raises: BadInput, TooManyMisses."""
    password = form.password.data if "password" in form else ""
    code = form.code.data if "code" in form else ""
    second_factor.prove_again(me().id, password=password, code=code, now=g.now)
