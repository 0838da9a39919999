"""What Prometheus reads, and who may."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from tests.conftest import Cast
from tracker import metrics
from tracker.app import create_app
from tracker.config import Config

TOKEN = "t" * 32


@pytest.fixture
def counted(cast: Cast, config: Config) -> Flask:
    """The app, with a token for scrapers."""
    return create_app(replace(config, metrics_token=TOKEN))


@pytest.mark.parametrize("shown", ["", f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", TOKEN])
def test_without_its_token_there_is_nothing(counted: Flask, shown: str) -> None:
    answer = counted.test_client().get("/metrics", headers={"Authorization": shown} if shown else {})

    assert answer.status_code == 404
    assert "skillmark_" not in answer.text


def test_without_a_token_in_the_settings_no_token_opens_it(app: Flask) -> None:
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_with_the_token_requests_are_told_by_rule_and_status_never_by_path(counted: Flask) -> None:
    client = counted.test_client()
    client.get("/invitations/a-token-in-the-path")
    client.get("/a-path-that-is-no-page")
    client.open("/", method="BREW")

    told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text

    assert 'skillmark_requests_total{method="GET",rule="none",status="404"}' in told
    assert 'method="none"' in told
    assert "a-token-in-the-path" not in told
    assert "a-path-that-is-no-page" not in told
    assert "BREW" not in told


def test_every_name_and_label_is_bounded(counted: Flask) -> None:
    of_other_tests = {"/flawed", "/faulty", "/late"}  # all apps of a process count together
    rules = {rule.rule for rule in counted.url_map.iter_rules()} | {"none"} | of_other_tests

    told = metrics.told().decode()

    assert set(re.findall(r'rule="([^"]*)"', told)) <= rules
    assert set(re.findall(r"(\w+)=\"", told)) <= {"method", "rule", "status", "le", "store", "job", "outcome"}
