"""Addresses that can lead nowhere."""

import re

from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.stored import everything

PART = re.compile(r"<\w+>")
OTHER = re.compile(r"<any\((\w+)[^>]*>|<[^>]*>")


def test_an_address_with_a_zero_byte_is_an_unknown_one_everywhere(app: Flask, cast: Cast) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if PART.search(rule.rule)}
    vera = Browser(app, cast.vera)
    before = everything()

    statuses = {rule: vera.get(OTHER.sub(r"1\1", PART.sub("%00", rule))).status_code for rule in rules}

    assert statuses == dict.fromkeys(rules, 404)
    assert everything() == before
