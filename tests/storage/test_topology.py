"""Which document stores are taken: by replies as the MongoDB manual shows them, and by the embedded store's own."""

from typing import Any

import pytest
from flask import Flask
from pymongo.uri_parser import parse_uri

from tracker.config import Config
from tracker.errors import ConfigError
from tracker.services import stores
from tracker.storage import documents, topology
from tracker.storage.topology import fault_of_address, fault_of_server

# From the manual's page of `hello` and of the query router ("isdbgrid"), and from what `rs.hello()` prints.
STANDALONE = {
    "isWritablePrimary": True,
    "maxBsonObjectSize": 16777216,
    "maxWireVersion": 25,
    "readOnly": False,
    "ok": 1.0,
}
ONE_MEMBER = {
    **STANDALONE,
    "hosts": ["mongo:27017"],
    "setName": "skillmark",
    "setVersion": 1,
    "secondary": False,
    "primary": "mongo:27017",
    "me": "mongo:27017",
}
THREE_MEMBERS = {**ONE_MEMBER, "hosts": ["mongo:27017", "mongo-2:27017", "mongo-3:27017"]}
WITH_ARBITER = {**ONE_MEMBER, "hosts": ["mongo:27017", "mongo-2:27017"], "arbiters": ["mongo-3:27017"]}
ROUTER = {"isWritablePrimary": True, "msg": "isdbgrid", "maxBsonObjectSize": 16777216, "ok": 1.0}
BUILD = {"version": "8.0.4", "versionArray": [8, 0, 4, 0], "ok": 1.0}


@pytest.mark.parametrize("hello", [ONE_MEMBER, THREE_MEMBERS, ROUTER])
def test_a_replica_set_and_a_router_to_some_are_taken(hello: dict[str, Any]) -> None:
    assert fault_of_server(hello, BUILD) is None


@pytest.mark.parametrize(
    ("hello", "build", "word"),
    [
        (STANDALONE, BUILD, "stands alone"),
        (WITH_ARBITER, BUILD, "arbiter"),
        (ONE_MEMBER, {**BUILD, "version": "6.0.19", "versionArray": [6, 0, 19, 0]}, "6.0.19 is too old"),
        (ONE_MEMBER, {**BUILD, "secantusVersion": "0.7.0b3"}, "SecantusDB"),
    ],
)
def test_a_server_that_would_break_a_promise_is_refused_in_one_sentence(
    hello: dict[str, Any], build: dict[str, Any], word: str
) -> None:
    fault = fault_of_server(hello, build)

    assert fault
    assert word in fault
    assert fault.endswith(".")
    assert ". " not in fault


@pytest.mark.parametrize(
    "options",
    [
        {"w": 0},
        {"w": 1},
        {"w": "one-room"},
        {"journal": False},
        {"readPreference": "secondaryPreferred"},
        {"readPreference": "nearest"},
        {"readConcernLevel": "available"},
        {"retryWrites": False},
        {"directConnection": True},
    ],
)
def test_an_address_that_would_break_a_promise_is_refused_in_one_sentence(options: dict[str, Any]) -> None:
    fault = fault_of_address(options)

    assert fault
    assert fault.endswith(".")
    assert ". " not in fault


@pytest.mark.parametrize("option", ["retryWrites=false", "readConcernLevel=available"])
def test_an_option_is_known_as_the_driver_reads_it(option: str) -> None:
    assert fault_of_address(parse_uri(f"mongodb://mongo/skillmark?replicaSet=skillmark&{option}")["options"])


def test_an_address_that_asks_for_what_we_do_anyway_is_taken() -> None:
    asked = "w=majority&journal=true&readPreference=primary&retryWrites=true&readConcernLevel=majority&replicaSet=a"
    assert fault_of_address(parse_uri(f"mongodb://mongo/skillmark?{asked}")["options"]) is None


def test_the_launchers_own_store_is_not_judged_though_it_takes_no_retries(app: Flask, config: Config) -> None:
    assert fault_of_address(parse_uri(config.mongodb_uri)["options"])
    assert topology.find_fault() is None


def test_the_same_store_is_refused_when_settings_name_it_and_nothing_is_prepared(config: Config) -> None:
    named = Flask("named")
    uri = config.mongodb_uri.replace("directConnection=true&", "").replace("&retryWrites=false", "")
    documents.connect(named, uri, is_named=True)

    with named.app_context(), pytest.raises(ConfigError, match="TRACKER_MONGODB_URI: this is SecantusDB"):
        stores.prepare_stores()  # without an SQL database it could do nothing else
