"""Plain text of the bank with code between backticks, for pages."""

from markupsafe import Markup


def code_spans(text: str) -> Markup:
    """The text as safe HTML, what stands between backticks as code."""
    return Markup().join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(text.split("`"))
    )
