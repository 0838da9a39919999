"""Forms that are a button."""

from tracker.errors import BadInput
from tracker.web.inputs import EmptyInput


def check_form() -> None:
    """Let a form pass that holds nothing but the proof that the page was ours. Raises: BadInput."""
    sent = EmptyInput()
    if not sent.validate_on_submit():
        raise BadInput(sent.errors)
