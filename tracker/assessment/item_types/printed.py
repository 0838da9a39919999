"""What a program prints, as it is compared."""


def printed_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, without spaces at their ends and without empty lines at the text's end."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return tuple(line.rstrip() for line in ended.split("\n")) if ended else ()
