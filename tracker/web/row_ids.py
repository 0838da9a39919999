"""Numbers of rows, as they come in addresses."""

HIGHEST_ID = 2**31 - 1


def row_id(text: str) -> int:
    """A number that a row may have. Raises: ValueError."""
    number = int(text)
    if not 0 < number <= HIGHEST_ID:
        raise ValueError(text)
    return number
