"""How an item is written: its length, its words, its code, and whether its proof measures anything."""

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from tracker.assessment.quality.draft import CodeBlock, Draft
from tracker.assessment.quality.finding import Finding

MOST_STEM_WORDS = 90
MOST_STEM_LINES = 20
MOST_SENTENCE_WORDS = 32
HEDGE = 1.35
"""A key this many times as long as the longest distractor gives itself away."""

_SENTENCE_END = re.compile(r"[.?!:;](?:\s+|$)|\n\s*\n|\n\s*[-*] ")
_FORBIDDEN = re.compile(
    r"\b(?:(?:all|none|both|neither) of (?:the|these) (?:above|others|options)|(?:option|answer) [A-E]\b)",
    re.IGNORECASE,
)
_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "python": ast.parse,
    "json": json.loads,
    "toml": tomllib.loads,
    "xml": lambda text: expat.ParserCreate().Parse(text.strip(), True),
}


def judge_writing(draft: Draft) -> Iterator[Finding]:
    """What is wrong with the writing of one item."""
    yield from _judge_length(draft)
    yield from _judge_words(draft)
    yield from _judge_code(draft)
    yield from _judge_key_length(draft)
    if draft.proof.code and not draft.proof.runs_stem:
        yield from _judge_proof(draft)


def _judge_length(draft: Draft) -> Iterator[Finding]:
    words = len(draft.stem_prose.split())
    if words > MOST_STEM_WORDS:
        yield Finding(draft.where, "stem", f"{words} words, at most {MOST_STEM_WORDS} beside the code")
    lines = sum(len(block.text.splitlines()) for block in draft.stem_blocks)
    if lines > MOST_STEM_LINES:
        yield Finding(draft.where, "stem", f"{lines} lines of code, at most {MOST_STEM_LINES}")
    longest = max((len(sentence.split()) for sentence in _SENTENCE_END.split(draft.stem_prose)), default=0)
    if longest > MOST_SENTENCE_WORDS:
        reason = f"a sentence of {longest} words, better at most {MOST_SENTENCE_WORDS}"
        yield Finding(draft.where, "stem", reason, is_error=False)


def _judge_words(draft: Draft) -> Iterator[Finding]:
    for field, texts in (("stem", [draft.stem_prose]), ("options", [choice.text for choice in draft.choices])):
        for text in texts:
            if found := _FORBIDDEN.search(text):
                yield Finding(draft.where, field, f'says "{found[0]}": options are shuffled, and each must stand alone')


def _judge_code(draft: Draft) -> Iterator[Finding]:
    for block in draft.blocks:
        problem = _find_problem(block)
        if problem:
            reason = f"a {block.language} block does not parse ({problem}); say text when it is wrong on purpose"
            yield Finding(draft.where, "code", reason)


def _find_problem(block: CodeBlock) -> str | None:
    parse = _PARSERS.get(block.language)
    if parse is None:
        return None
    try:
        parse(block.text)
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        return str(error)
    return None


def _judge_key_length(draft: Draft) -> Iterator[Finding]:
    keys = [len(choice.text) for choice in draft.choices if choice.is_key]
    others = [len(choice.text) for choice in draft.choices if not choice.is_key]
    if draft.type == "single" and keys and others and keys[0] > HEDGE * max(others) and keys[0] - max(others) > 10:
        yield Finding(draft.where, "options", "the key is by far the longest", is_error=False)


def _judge_proof(draft: Draft) -> Iterator[Finding]:
    try:
        tree = ast.parse(draft.proof.code)
    except SyntaxError as error:
        yield Finding(draft.where, "proof", f"code: does not parse ({error})")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _names(node) & {"holds", "value", "matches"} and _is_literal(node.value):
            yield Finding(draft.where, "proof", "code: writes its result down instead of measuring it")


def _names(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _is_literal(node: ast.expr) -> bool:
    """Whether everything in it is a constant; an empty display is not, since it is filled later."""
    if isinstance(node, ast.Dict):
        return bool(node.values) and all(_is_literal(value) for value in node.values)
    if isinstance(node, ast.Set | ast.List | ast.Tuple):
        return bool(node.elts) and all(_is_literal(entry) for entry in node.elts)
    return isinstance(node, ast.Constant) and node.value is not None
