"""Why an alert was told: each clause that held, as thresholds against values for a reader.

"value $9.4M ≥ $5M · stake −31% ≤ −20% · sale · CFO"; `bot rules why` tells the same clauses as
they stand in the rule.
"""

from collections.abc import Mapping
from typing import Any

from bot.cards.amounts import money, price
from bot.facts import Field, Type
from bot.numbers import number_text, span_text
from bot.rules.dimensions import TEXTS
from bot.rules.expressions import (
    Arithmetic,
    Call,
    Comparator,
    Comparison,
    Contains,
    Expr,
    FieldRef,
    Function,
    IsKnown,
    Literal,
    MeasureRef,
    Membership,
    Not,
    Operator,
)
from bot.rules.messages import shown

Named = Mapping[str, Field]
Values = Mapping[str, Any]

_SIGNS = {
    Comparator.EQUAL: "=",
    Comparator.NOT_EQUAL: "≠",
    Comparator.LESS: "<",
    Comparator.AT_MOST: "≤",
    Comparator.MORE: ">",
    Comparator.AT_LEAST: "≥",
}
_OPERATORS = {
    Operator.PLUS: "+",
    Operator.MINUS: "−",
    Operator.TIMES: "×",
    Operator.DIVIDED_BY: "÷",
}
_ENDS = ("_usd", "_pct", "_bp", "_ratio", "_on", "_at", "_seconds")
_LABELS = {
    "side": "",
    "class": "",
    "holding_change_ratio": "stake",
    "net_purchase_ratio": "net purchase ratio",
    "lag_business_days": "business days to the filing",
    "first_in_years": "years since the last",
    "sequence_months": "months in a row",
    "cluster_persons": "persons in 30 days",
    "exercise_hold_ratio": "held of the exercised shares",
    "executed_shares": "shares sold",
    "zscore_1d": "deviations",
    "drawdown_252d": "from the highest of 252 sessions",
    "since_listing": "since the first close",
    "start_listing": "first close",
    "top10_share": "share of the ten largest",
    "pe_forward": "forward P/E",
    "pe_trailing": "trailing P/E",
    "pe_percentile_5y": "P/E percentile of 5 years",
    "pe_zscore_5y": "P/E z-score of 5 years",
    "pe_ratio_percentile_5y": "relative P/E, percentile of 5 years",
    "pe_ratio_zscore_5y": "relative P/E, z-score of 5 years",
    "revenue_ttm_usd": "revenue of four quarters",
    "fair_value_discount": "below fair value",
    "eps_quarter_usd": "EPS of the quarter",
    "eps_quarter_year_ago_usd": "EPS a year before",
    "operating_income_quarter_usd": "operating income of the quarter",
    "net_income_quarter_usd": "net income of the quarter",
    "dissents_tighter": "votes for a higher rate",
    "dissents_easier": "votes for a lower rate",
    "similarity_to_previous": "words shared with the one before",
    "quality": "marks",
    "quantifier_few": "a few",
    "quantifier_most": "most",
    "operating_income_year_ago_usd": "operating income a year before",
    "common": "sort of shares",
    "ok": "answer",
    "index_return": "rise of the index",
    "equal_weight_return": "all weighted alike",
    "beating_share": "members that beat it",
    "coverage": "weight covered",
    "earnings_confidence": "confidence in the day",
}
_SESSIONS = {"1d": "1 session", "qtd": "the quarter", "ytd": "the year"}
"""Where a name without its units does not say it."""


def reason(clause: Expr, values: Values, named: Named) -> str:
    """A clause that held, in a reader's words.

    values: what it looked at, by name, as stored.  named: fields and measures that it may name.
    """
    return _Reader(values, named).clause(clause)


def label(name: str) -> str:
    """What a field or measure is called on a card: "value" for value_usd, empty where its words
    say it all."""
    if name in _LABELS:
        return _LABELS[name]
    of, _, span = name.rpartition("_")
    if of in ("return", "excess", "start"):
        sessions = _SESSIONS.get(span, f"{span.removesuffix('d')} sessions")
        return f"{_MOVES[of]} {sessions}"
    ends = (end for end in _ENDS if name.endswith(end))
    return name.removesuffix(next(ends, "")).replace("_", " ")


def value_text(value: Any, kind: Type, field: Field | None) -> str:
    """A stored value as a reader sees it: in the words of its field where that has some."""
    if value is not None and field is not None and field.has_plain:
        return field.in_plain_words(value)
    return _shown(value, kind)


_MOVES = {"return": "move in", "excess": "ahead of the benchmark in", "start": "first day of"}


class _Reader:
    """One clause with the values that it looked at."""

    def __init__(self, values: Values, named: Named) -> None:
        self._values = values
        self._named = named

    def clause(self, expr: Expr, *, yes: bool = True) -> str:
        """yes: False where it holds because it is not so."""
        match expr:
            case Not():
                return self.clause(expr.inner, yes=not yes)
            case FieldRef() | MeasureRef():
                return self._yes_no(expr.name, yes=yes)
            case Comparison(left=left, right=Literal(type=Type.YES_NO) as wanted):
                equal = bool(wanted.value) is (expr.comparator is Comparator.EQUAL)
                return self._yes_no(self._name(left), yes=equal is yes)
            case IsKnown():
                return f"{label(self._name(expr.item))} {'' if yes else 'not '}known"
            case Membership():
                return f"{self.amount(expr.item)}{_of_list(expr.text, yes=yes)}"
            case _:
                return f"{'' if yes else 'not '}{self._compared(expr)}"

    def _compared(self, expr: Expr) -> str:
        match expr:
            case Comparison(comparator=Comparator.EQUAL, left=left, right=Literal(type=kind)) if (
                kind in TEXTS
            ):
                return self.amount(left)
            case Comparison():
                sign = _SIGNS[expr.comparator]
                return f"{self.amount(expr.left)} {sign} {self._wanted(expr)}"
            case Contains():
                part = self.amount(expr.part).replace("_", " ")
                return f"{label(self._name(expr.whole))} with “{part}”"
            case _:
                return self.amount(expr)

    def _wanted(self, expr: Comparison) -> str:
        """What a value is compared with; a word as people write it."""
        match expr:
            case Comparison(left=left, right=Literal(type=Type.WORD, value=word)):
                field = self._named.get(self._name(left))
                return field.in_plain_words(word) if field else str(word)
        return self.amount(expr.right)

    def amount(self, expr: Expr) -> str:
        """A value beside its name, a literal as it is, and what is reckoned of them."""
        match expr:
            case FieldRef() | MeasureRef():
                value = self._value(expr.name, expr.type)
                return f"{label(expr.name)} {value}".lstrip()
            case Literal():
                return _shown(expr.value, expr.type).removesuffix(".00")
            case Arithmetic(operator=Operator.TIMES, left=left, right=Literal(value=86_400)):
                return self.amount(left)  # days, reckoned as seconds
            case Arithmetic():
                parts = (self._part(each) for each in (expr.left, expr.right))
                return f" {_OPERATORS[expr.operator]} ".join(parts)
            case Call(function=Function.ABS):
                return f"|{self.amount(expr.arguments[0])}|"
            case Call():
                told = ", ".join(self.amount(each) for each in expr.arguments)
                return f"{expr.function} of ({told})"
            case _:
                return self.clause(expr)

    def _part(self, expr: Expr) -> str:
        if isinstance(expr, Literal) and expr.type is Type.RATIO:
            return number_text(float(expr.value))
        told = self.amount(expr)
        return f"({told})" if isinstance(expr, Arithmetic) else told

    def _value(self, name: str, kind: Type) -> str:
        return value_text(self._values.get(name), kind, self._named.get(name))

    def _yes_no(self, name: str, *, yes: bool) -> str:
        """Its own words where it has some: "not under a 10b5-1 plan"."""
        field = self._named.get(name)
        told = dict(field.plain) if field else {}
        return told.get("yes" if yes else "no") or f"{'' if yes else 'not '}{label(name)}"

    def _name(self, expr: Expr) -> str:
        """The name of what is asked about; of what is reckoned the text of it."""
        return expr.name if isinstance(expr, FieldRef | MeasureRef) else self.amount(expr)


def _of_list(text: str, *, yes: bool) -> str:
    """ ", of index funds" where the values stand in a list of that name."""
    listed = text.rpartition(" in ")[2].strip().replace("_", " ")
    if yes:
        return "" if not listed or listed.startswith("(") else f", of {listed}"
    return f", not in {listed}"


def _shown(value: Any, kind: Type) -> str:
    """A value with a true minus; text in quotes."""
    if value is None:
        return "unknown"
    if kind is Type.SPAN:
        return span_text(value)
    if kind is Type.MONEY:
        return money(value)
    if kind is Type.PRICE:
        return price(value)
    if kind is Type.NUMBER and abs(value) >= 1:
        value = round(value, 2)
    told = shown(value, kind)
    return f"−{told[1:]}" if told.startswith("-") else told
