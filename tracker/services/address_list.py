"""A list of addresses as people have it: a line each, perhaps with a name, pasted or from a spreadsheet."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from tracker.services.accounts import normal_address

MOST_LINES = 500
LONGEST_LINE = 500
SHOWN = 60
"""So much of a line is shown with what is wrong with it."""

DELIMITERS = ",;\t"
BETWEEN_WORDS = re.compile(r'[\s,;<>()"]+')
MARK = "\ufeff"
"""What some programs begin a text with."""

TITLES = {"address", "e-mail", "e-mail address", "email", "email address", "mail", "name"}


@dataclass(frozen=True, slots=True)
class AddressList:
    """What was read. addresses: each once, in their order. repeated: those that came again. faults: by line number."""

    addresses: tuple[str, ...]
    repeated: tuple[str, ...]
    faults: tuple[str, ...]


def read_addresses(text: str) -> AddressList:
    """The addresses of a list; a line of titles and empty lines do not matter, nor do names."""
    lines = [(number, line) for number, line in enumerate(text.removeprefix(MARK).splitlines(), 1) if line.strip()]
    if lines and _is_title(lines[0][1]):
        lines = lines[1:]
    if not lines:
        return AddressList((), (), ("There is no address in it.",))
    if len(lines) > MOST_LINES:
        return AddressList((), (), (f"These are {len(lines)} lines; send {MOST_LINES} at most at once.",))
    return _read(lines)


def decode(file: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8, or what Windows uses in western Europe."""
    try:
        return file.decode()
    except UnicodeDecodeError:
        return file.decode("cp1252", errors="replace")


def _read(lines: list[tuple[int, str]]) -> AddressList:
    addresses: dict[str, int] = {}
    repeated, faults = [], []
    for number, line in lines:
        found = set(_addresses(line))
        if len(found) != 1:
            problem = "there is more than one address in it" if found else "there is no email address in it"
            faults.append(f"Line {number}, {line.strip()[:SHOWN]}: {problem}.")
            continue
        (address,) = found
        if address in addresses:
            repeated.append(address)
        addresses.setdefault(address, number)
    return AddressList(tuple(addresses), tuple(repeated), tuple(faults))


def _addresses(line: str) -> Iterator[str]:
    """The words of a line that are addresses, whatever stands around them: Ada <ada@example.org>."""
    for word in _words(line):
        try:
            yield normal_address(validate_email(word, check_deliverability=False, allow_smtputf8=False).normalized)
        except EmailNotValidError:
            continue


def _words(line: str) -> set[str]:
    return {word for word in BETWEEN_WORDS.split(line) if "@" in word} if len(line) <= LONGEST_LINE else set()


def _cells(line: str) -> set[str]:
    rows = (row for delimiter in DELIMITERS for row in csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    return {cell.strip() for row in rows for cell in row}


def _is_title(line: str) -> bool:
    return len(line) <= LONGEST_LINE and any(cell.casefold() in TITLES for cell in _cells(line))
