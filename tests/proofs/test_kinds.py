"""Each kind of proof meets the real thing, and is refused when it does without."""

import pytest

from tests.builders import a_number, an_item
from tests.conftest import NOON
from tracker.assessment.proof import EXECUTED_KINDS, Proof
from tracker.assessment.proof_result import ProofState
from tracker.proofs.kinds import KINDS
from tracker.proofs.prover import Prover

# Each leaves 42 behind, and says what it used.
PROOFS = {
    "python": ("value = 6 * 7", "Python"),
    "sqlite": ("import sqlite3\nvalue = sqlite3.connect(':memory:').execute('select 6 * 7').fetchone()[0]", "SQLite"),
    "postgresql": (
        "import os, psycopg\nwith psycopg.connect(os.environ['POSTGRESQL_DSN']) as db:\n"
        "    value = db.execute('select 42 + count(*) from pg_stat_user_tables').fetchone()[0]",
        "PostgreSQL",
    ),
    "mongodb": (
        "import os, pymongo\ndb = pymongo.MongoClient(os.environ['MONGODB_URI']).get_default_database()\n"
        "assert db.list_collection_names() == []\ndb.rows.insert_one({'_id': 42})\nvalue = db.rows.find_one()['_id']",
        "SecantusDB",
    ),
    "git": (
        "import subprocess\nrun = lambda *words: subprocess.check_output(['git', *words], text=True)\n"
        "run('init', '--quiet')\nrun('commit', '--quiet', '--allow-empty', '--message', 'one')\n"
        "assert run('branch', '--show-current') == 'main\\n'\n"
        "value = 41 + int(run('rev-list', '--count', 'HEAD'))",
        "git",
    ),
    "pytest": (
        "import pathlib, subprocess, sys\npathlib.Path('test_it.py').write_text('def test_it(): assert False')\n"
        "value = 41 + subprocess.run([sys.executable, '-m', 'pytest', '-q']).returncode",
        "pytest",
    ),
    "unittest": (
        "import unittest\nclass T(unittest.TestCase):\n    def test_it(self): self.fail()\n"
        "value = 41 + len(unittest.main(exit=False).result.failures)",
        "Python",
    ),
    "web": (
        "import flask\napp = flask.Flask('x')\napp.add_url_rule('/', 'x', lambda: '42')\n"
        "value = app.test_client().get('/').text",
        "Flask",
    ),
    "orm": (
        "from sqlalchemy import create_engine, text\n"
        "value = create_engine('sqlite://').connect().scalar(text('select 42'))",
        "SQLAlchemy",
    ),
    "json": ("import json\nvalue = json.loads('42')", "Python"),
    "graphql": (
        "from graphql import build_schema, graphql_sync\nschema = build_schema('type Query { n: Int }')\n"
        "value = graphql_sync(schema, '{ n }', {'n': 42}).data['n']",
        "graphql-core",
    ),
    "soap": ("from lxml import etree\nvalue = etree.fromstring('<n>42</n>').text", "lxml"),
    "http": ("from werkzeug.http import parse_dict_header\nvalue = parse_dict_header('n=42')['n']", "Werkzeug"),
}


def test_every_kind_that_items_may_have_is_known_and_tried_here() -> None:
    assert set(PROOFS) == set(KINDS) == set(EXECUTED_KINDS)


@pytest.mark.parametrize("kind", PROOFS)
def test_a_proof_of_each_kind_is_run_on_the_real_thing_and_names_its_version(kind: str, prover: Prover) -> None:
    code, used = PROOFS[kind]

    result = prover.prove(an_item(body=a_number(42), proof=Proof(kind, code)), now=NOON)

    assert (result.state, result.doubts) == (ProofState.PROVED, ())
    assert any(name.startswith(f"{used} ") for name in result.used)


@pytest.mark.parametrize("kind", sorted(set(PROOFS) - {"python"}))
def test_a_proof_that_does_without_its_real_thing_is_refused(kind: str, prover: Prover) -> None:
    result = prover.prove(an_item(body=a_number(42), proof=Proof(kind, "value = 42  # git pytest lxml")), now=NOON)

    assert result.state == ProofState.FAILED
    assert result.doubts[0].startswith(f"A proof of kind {kind} uses ")


@pytest.mark.parametrize(("kind", "variable"), [("postgresql", "POSTGRESQL_DSN"), ("mongodb", "MONGODB_URI")])
def test_a_proof_that_never_asks_its_server_is_refused(kind: str, variable: str, prover: Prover) -> None:
    code = "import psycopg, pymongo\nvalue = 42"

    result = prover.prove(an_item(body=a_number(42), proof=Proof(kind, code)), now=NOON)

    assert result.doubts == (f"A proof of kind {kind} uses the server that {variable} names; this one does not.",)


def test_a_cited_item_has_nothing_to_run(prover: Prover) -> None:
    result = prover.prove(an_item(proof=Proof("cited", facts=("One thing.", "Another thing."))), now=NOON)

    assert (result.state, result.doubts, result.used, result.seconds) == (ProofState.CITED, (), (), 0)
