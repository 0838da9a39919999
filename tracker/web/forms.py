"""Forms: those that are a button, and what services said of what was sent."""

from typing import Any

from flask_wtf import FlaskForm

from tracker.errors import BadInput
from tracker.web.inputs import EmptyInput


def check_form() -> None:
    """Let a form pass that holds nothing but the proof that the page was ours. Raises: BadInput."""
    sent = EmptyInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)


def sound(form: FlaskForm) -> dict[str, Any]:
    """What an address asks for; what was left empty or not understood does not matter."""
    return {name: value for name, value in form.data.items() if value and not form[name].errors}


def with_error(form: FlaskForm, error: Exception, field: str) -> FlaskForm:
    """The form with what the service said, at the field it is about."""
    named = error.fields if isinstance(error, BadInput) else {field: (str(error),)}
    for name, messages in named.items():
        form[name].errors = [*form[name].errors, *messages]
    return form
