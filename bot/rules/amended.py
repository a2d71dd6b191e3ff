"""Measures over facts as amendments leave them: the same statements over other rows."""

from dataclasses import replace
from functools import lru_cache

import sqlglot
from sqlglot import exp

from bot.rules.lookback import measure_statement
from bot.rules.model import Measure
from bot.rules.questions import index_of

_NAME = "amended"


def amended_statement(measure: Measure) -> str:
    """The statement of a measure over its facts with others in the place of some.

    Parameters by name: ``asked``, as of ``measure_statement``, with seq, first, last and the keys
    of its one row once more; ``gone``, the numbers of facts that do not count; ``instead``, pairs
    of one of these and a fact that stands where it stood: in its window, and in its order.
    """
    return _statement(replace(measure, name="", over=None, max_age=None, ending=None))


@lru_cache(maxsize=1_024)
def _statement(measure: Measure) -> str:
    tree = sqlglot.parse_one(measure_statement(measure), dialect="sqlite")
    for table in tree.find_all(exp.Table):
        if table.name == measure.of.name:
            table.set("this", exp.to_identifier(_NAME))
    for placeholder in tree.find_all(exp.Placeholder):
        placeholder.set("this", "asked")
    assert isinstance(tree, exp.Select)
    return tree.with_(_NAME, as_=_facts(measure), dialect="sqlite").sql(dialect="sqlite")


def _facts(measure: Measure) -> str:
    """Those facts that the measure could see, and those that stand for the ones that are gone."""
    of, by, used = index_of(measure) or (measure.of, measure.by, set())
    own = sorted({*by, *used} - {"seq", "known_at", "gone_seq"})
    kept = "".join(f', "{name}"' for name in own)
    new = "".join(f', new."{name}"' for name in own)
    axis = measure.time or "known_at"
    keys = [f'"{name}" = :key{place}' for place, name in enumerate(measure.by)]
    inside = [f"{axis} <= :last", *([] if measure.verb == "change" else [f"{axis} >= :first"])]
    where = " AND ".join([*keys, *inside, "seq <= :seq"])
    return (
        f"SELECT seq, known_at, gone_seq{kept} FROM {of.name} WHERE {where} "
        "AND NOT seq IN (SELECT value FROM json_each(:gone)) "
        f"UNION ALL SELECT old.seq, old.known_at, NULL{new} FROM json_each(:instead) AS pair "
        f"JOIN {of.name} AS old ON old.seq = json_extract(pair.value, '$[0]') "
        f"JOIN {of.name} AS new ON new.seq = json_extract(pair.value, '$[1]')"
    )
