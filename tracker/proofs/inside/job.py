"""One proof from its code to a report.

A job is JSON: `code`, `runs_stem`, `trials` (texts for `works`), `server` (a name or nothing), `limits`, and a `seal`
that the report must bear.
A report is JSON: what the proof left behind (`holds`, `matches`, `works`, `value`, or for a stem the exception it
`ended_in`), or an `error`, with the `trial` that `works` failed at; and the modules that were `loaded`.
"""

import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tracker.proofs.inside.confinement import confine

Report = dict[str, Any]


def run(*, report_to: int) -> None:
    """Run the job on standard input, and write its report to this descriptor."""
    with open(0, "rb", closefd=False) as sent:
        job = json.load(sent)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.set_inheritable(report_to, False)
    os.setsid()  # what it sends to its process group stays in the sandbox
    confine(job["limits"])
    home = Path(os.environ["HOME"])
    _prepare(home)
    owner, known = os.getpid(), set(sys.modules)
    try:
        _serve(job["server"], home)
        file = home / "proof.py"
        file.write_text(job["code"], encoding="utf-8")
        report = _run_stem(file) if job["runs_stem"] else _run_proof(file, job["trials"])
    except BaseException as error:  # whatever a proof ends in is told, SystemExit too
        report = {"error": _describe(error)}
    if os.getpid() == owner:  # else it is a child that the proof forked and let go on
        report["seal"] = job["seal"]
        report["loaded"] = sorted({name.partition(".")[0] for name in set(sys.modules) - known})
        os.write(report_to, json.dumps(report).encode())
    if not job["runs_stem"]:  # a stem may still print something at its end, a proof has said everything
        os._exit(0)


def _prepare(home: Path) -> None:
    """An empty folder to work in below the home, which holds what git wants to know."""
    work = home / "work"
    work.mkdir(parents=True)
    os.chdir(work)
    identity = "[user]\nname = Ada\nemail = ada@example.org\n"
    (home / ".gitconfig").write_text(identity + "[init]\ndefaultBranch = main\n[advice]\ndetachedHead = false\n")


def _serve(server: str, home: Path) -> None:
    if server:
        from tracker.proofs.inside.servers import STARTERS  # its imports would slow down every other proof

        os.environ.update(STARTERS[server](home))


def _run_stem(file: Path) -> Report:
    try:
        _execute(file)
    except SystemExit:
        return {"ended_in": ""}
    except BaseException as error:  # the interpreter, too, ends with a word on any other
        sys.excepthook(type(error), error, error.__traceback__)
        return {"ended_in": type(error).__name__}
    return {"ended_in": ""}


def _run_proof(file: Path, trials: Sequence[str]) -> Report:
    left = vars(_execute(file))
    if "holds" in left:
        return {"holds": {str(name): bool(value) for name, value in left["holds"].items()}}
    if "matches" in left:
        return {"matches": {str(name): [str(each) for each in found] for name, found in left["matches"].items()}}
    if "works" in left and trials:
        return _try_all(left, trials)
    if "value" in left:
        return {"value": str(left["value"])}
    return {"error": "leaves none of `holds`, `value`, `matches` and `works` behind"}


def _try_all(left: Mapping[str, Any], trials: Sequence[str]) -> Report:
    works = []
    for number, text in enumerate(trials):
        try:
            works.append(bool(left["works"](text)))
        except BaseException as error:  # a trial may well end in SystemExit
            return {"error": _describe(error), "trial": number}
    return {"works": works}


def _execute(file: Path) -> ModuleType:
    """Run a file as the interpreter runs a script. Returns: the module, for the names it left."""
    module = ModuleType("__main__")
    module.__file__ = str(file)
    sys.modules["__main__"] = module
    sys.argv = [str(file)]
    sys.path[0] = str(file.parent)
    code = compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
    exec(code, vars(module))  # noqa: S102 -- what this whole sandbox is for
    return module


def _describe(error: BaseException) -> str:
    """What it ended in and where, on one line."""
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("proof.py")]
    where = f" in line {own[-1]}" if own else ""
    reason = " ".join(str(error).split())
    return f"ends in {type(error).__name__}{where}" + (f": {reason}" if reason else "")
