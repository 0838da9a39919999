"""Families in the bank's files: parameters, values computed from them, and the variants they make."""

import hashlib
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from simpleeval import EvalWithCompoundTypes

from tracker.storage.bank_fields import Fields

LEAST_VARIANTS = 6
MOST_VARIANTS = 40
MOST_COMBINATIONS = 1000
SURFACE_LENGTH = 8

Value = Any
Table = dict[str, Any]

_kept = threading.local()
_PLACEHOLDER = re.compile(r"<<([a-z_][a-z0-9_]*)>>")
_NUMERIC_FIELDS = ("answer", "tolerance")
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        function.__name__: function
        for function in (abs, all, any, bool, dict, divmod, enumerate, float, int, len, list, max, min, range)
    },
    **{function.__name__: function for function in (reversed, round, set, sorted, str, sum, tuple, zip)},
    "repr": lambda value: repr(value),  # simpleeval refuses the built-in itself
}


@dataclass(frozen=True)
class FamilyTable:
    """A family's file: the table of the item with its placeholders, and the combinations that fill them, by surface."""

    template: Table
    combinations: Mapping[str, Mapping[str, Value]]
    computed: Mapping[str, str]

    def variant(self, surface: str) -> Table:
        """The table of one variant. Raises: ValueError with what cannot be computed or filled in."""
        values = dict(self.combinations[surface])
        for name, expression in self.computed.items():
            values[name] = evaluate(expression, values)
        return _with_numbers(_filled(self.template, values))


def read_family(fields: Fields) -> FamilyTable:
    """The family in a file's fields; what is wrong with it is in their list of faults."""
    table = fields.entry("family")
    constraint = table.text("constraint", "")
    parameters = table.entry("parameters").table
    computed = table.entry("computed").table if "computed" in table.table else {}
    table.done()
    for name, expression in computed.items():
        if not isinstance(expression, str):
            table.fault(f"computed: {name}", "a text with an expression is needed")
    combinations = {_surface(values): values for values in _combinations(table, parameters, constraint)}
    if not LEAST_VARIANTS <= len(combinations) <= MOST_VARIANTS:
        table.fault("parameters", f"{LEAST_VARIANTS} to {MOST_VARIANTS} variants needed, there are {len(combinations)}")
    return FamilyTable(
        template={name: value for name, value in fields.table.items() if name != "family"},
        combinations=combinations,
        computed=computed,
    )


def evaluate(expression: str, values: Mapping[str, Value]) -> Value:
    """What an expression gives with these values. Raises: ValueError, saying why it cannot be computed."""
    evaluator = _evaluator()
    evaluator.names = dict(values)
    try:
        return evaluator.eval(expression, _parsed(expression))
    except Exception as error:
        raise ValueError(f"{expression} cannot be computed: {error}") from None


@cache
def _parsed(expression: str) -> Any:
    """The expression's syntax tree: one constraint is evaluated for every combination."""
    return EvalWithCompoundTypes.parse(expression)


def _evaluator() -> EvalWithCompoundTypes:
    """This thread's own, kept: an evaluator ends in a `__del__`, and a Ctrl-C that meets one of those is lost."""
    if not hasattr(_kept, "evaluator"):
        _kept.evaluator = EvalWithCompoundTypes(functions=dict(_FUNCTIONS))
    return _kept.evaluator


def _combinations(table: Fields, parameters: Table, constraint: str) -> Iterator[Mapping[str, Value]]:
    lists = [_values(table, name, parameter) for name, parameter in parameters.items()]
    size = 1
    for values in lists:
        size *= len(values)
    if size > MOST_COMBINATIONS:
        table.fault("parameters", f"at most {MOST_COMBINATIONS} combinations, there are {size}")
        return
    try:
        for combination in itertools.product(*lists):
            named = dict(zip(parameters, combination, strict=True))
            if not constraint or evaluate(constraint, named):
                yield named
    except ValueError as error:
        table.fault("constraint", str(error))


def _values(table: Fields, name: str, parameter: Value) -> Sequence[Value]:
    """What a parameter can be: the numbers of a range, or the entries of a list."""
    if isinstance(parameter, dict):
        steps = Fields(parameter, f"{table.where}: parameters: {name}", table.faults)
        first, last = steps.whole("from", -1000, 1000), steps.whole("to", -1000, 1000)
        step = steps.whole("step", 1, 1000) if "step" in parameter else 1
        steps.done()
        return range(first, last + 1, step)
    if not isinstance(parameter, list) or not parameter:
        table.fault(f"parameters: {name}", "a list, or a table with from and to, is needed")
        return ()
    return parameter


def _surface(values: Mapping[str, Value]) -> str:
    canonical = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:SURFACE_LENGTH]


def _filled(value: Value, values: Mapping[str, Value]) -> Value:
    """The same table with every placeholder in its texts filled in."""
    if isinstance(value, dict):
        return {name: _filled(entry, values) for name, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, values) for entry in value]
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _text(found[1], values), value)
    return value


def _text(name: str, values: Mapping[str, Value]) -> str:
    if name not in values:
        raise ValueError(f"<<{name}>> is neither a parameter nor computed")
    return str(values[name])


def _with_numbers(table: Table) -> Table:
    """The table of a number item with the numbers that placeholders left behind as text."""
    if table.get("type") != "number":
        return table
    return {name: _number(value) if name in _NUMERIC_FIELDS else value for name, value in table.items()}


def _number(value: Value) -> Value:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value
