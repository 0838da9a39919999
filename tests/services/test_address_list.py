"""Lists of addresses as people have them."""

import pytest

from tracker.services.address_list import MOST_LINES, decode, read_addresses


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org\nben@example.org",
        "ada@example.org\r\n\r\n  ben@example.org  \r\n",
        "Ada,ada@example.org\nBen,ben@example.org",
        "ada@example.org;Ada\nben@example.org;Ben",
        "Ada\tada@example.org\nBen\tben@example.org",
        '"Lovelace, Ada","ada@example.org"\n"Ben; the other",ben@example.org',
        "Name;E-mail\nAda;ada@example.org\nBen;ben@example.org",
        "\ufeffEmail,Name\nada@example.org,Ada\nben@example.org,Ben",
        "ADA@Example.org\nben@example.org",
        "Ada <ada@example.org>\nLovelace, Ben <ben@example.org>;",
        '"Lovelace, Ada" <ada@example.org>,\nBen the other ben@example.org',
        "ada@example.org (Ada)\nben@example.org Ben",
    ],
)
def test_addresses_are_read_however_their_lines_are_written(text: str) -> None:
    listed = read_addresses(text)

    assert (listed.addresses, listed.repeated, listed.faults) == (("ada@example.org", "ben@example.org"), (), ())


def test_a_file_may_be_what_a_spreadsheet_saves() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        listed = read_addresses(decode("Jürgen;juergen@example.org\r\n".encode(encoding)))
        assert (listed.addresses, listed.faults) == (("juergen@example.org",), ())


def test_an_address_that_comes_again_is_told_and_kept_once() -> None:
    listed = read_addresses("ada@example.org\nAda@example.org\nben@example.org")

    assert listed.addresses == ("ada@example.org", "ben@example.org")
    assert (listed.repeated, listed.faults) == (("ada@example.org",), ())


def test_every_wrong_line_is_named_by_its_number_in_what_was_sent() -> None:
    listed = read_addresses("Name,Address\nada@example.org\n\nBen\nben@\na@example.org,b@example.org\n" + "x" * 1000)

    assert listed.faults == (
        "Line 4, Ben: there is no email address in it.",
        "Line 5, ben@: there is no email address in it.",
        "Line 6, a@example.org,b@example.org: there is more than one address in it.",
        f"Line 7, {'x' * 60}: there is no email address in it.",
    )


@pytest.mark.parametrize("text", ["", " \n\r\n", "Email\n", "\ufeff"])
def test_a_list_without_a_line_is_a_fault(text: str) -> None:
    assert read_addresses(text).faults == ("There is no address in it.",)


def test_a_list_has_so_many_lines_and_not_one_more() -> None:
    lines = [f"{number}@example.org" for number in range(MOST_LINES + 1)]

    assert len(read_addresses("\n".join(lines[:-1])).addresses) == MOST_LINES
    assert read_addresses("\n".join(lines)).faults == ("These are 501 lines; send 500 at most at once.",)


@pytest.mark.parametrize("text", ["\x00", "\x00\x01@\x02", "PK\x03\x04" * 50, '"' * 400, "=cmd()|a@b"])
def test_what_is_no_text_is_a_fault_and_no_accident(text: str) -> None:
    assert len(read_addresses(text).faults) == 1
