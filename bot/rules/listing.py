"""Statements that list the facts behind a measure, made of the one that measures them."""

import sqlglot
from sqlglot import exp

from bot.rules.compile import column
from bot.rules.lookback import measure_statement
from bot.rules.model import Measure


def listing(measure: Measure) -> str:
    """The statement that counts the facts, listing them in place of counting them."""
    tree = sqlglot.parse_one(measure_statement(measure), dialect="sqlite")
    every = exp.Anonymous(this="JSON_GROUP_ARRAY", expressions=[column("seq")])
    for count in list(tree.find_all(exp.Count)):
        count.replace(every.copy())
    return tree.sql(dialect="sqlite")


def compared(measure: Measure) -> str:
    """The statement of a ``change`` that names the two facts in place of dividing their values."""
    tree = sqlglot.parse_one(measure_statement(measure), dialect="sqlite")
    answer, newest, base = tree.find_all(exp.Subquery, bfs=False)
    pair = [newest.copy(), base.copy()]
    for each in pair:
        each.this.set("expressions", [column("seq")])
    answer.this.set("expressions", [exp.Anonymous(this="JSON_ARRAY", expressions=pair)])
    return tree.sql(dialect="sqlite")
