"""Why an alert was told: thresholds against values in a reader's words."""

from typing import Any

import pytest

from bot.cards.reasons import reason
from bot.facts import KINDS, Field, Type
from bot.rules.evaluate import Row, measure_key
from bot.rules.language import read_condition
from bot.rules.proof import clauses_by_text, prover, read_proof
from bot.rules.scope import Scope
from tests.cards.pack import RULES, cards_of

MEASURES = {
    "sold": Field(name="sold", type=Type.MONEY, doc=""),
    "filings": Field(name="filings", type=Type.COUNT, doc=""),
}
NAMED = {name: each for kind in KINDS for name, each in kind.by_name.items()} | MEASURES
SCOPE = Scope(
    fields={name: each for name, each in NAMED.items() if name not in MEASURES},
    measures=MEASURES,
    lists={"chiefs": ("ceo", "cfo")},
    kinds="everything",
    broken=frozenset(),
)
ROW: dict[str, Any] = {
    "value_usd": 940_000_000, "holding_change_ratio": -0.31, "side": "sell", "role": "cfo",
    "class": "open_market", "planned": 0, "is_officer": 1, "common": None, "ticker": "OKLO",
    "traded_on": 20_350, "filed_on": 20_354, "return_21d": -0.67, "close_usd": 5.0,
    "quality": "price_zero cooling_off_short", "lag_seconds": 14_700, "first_in_years": 3.4567,
    "revenue_ttm_usd": 0, "title": "On AT&T", "scheduled": 0,
    measure_key("sold"): 1_610_000_000, measure_key("filings"): 0,
}  # fmt: skip


def told(condition: str, row: Row = ROW) -> list[str]:
    """The reasons of the clauses that hold."""
    expr = read_condition(condition, SCOPE)
    clauses = clauses_by_text(expr)
    return [
        reason(clauses[text], values, NAMED)
        for text, truth, values in read_proof(prover(expr)(row))
        if truth == 1
    ]


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ("value_usd >= $5M", "value $9.4M ≥ $5M"),
        ("holding_change_ratio <= -20%", "stake −31% ≤ −20%"),
        ("sold > $5", "sold $16.1M > $5"),
        ("filings == 0", "filings 0 = 0"),
        ("revenue_ttm_usd == $0", "revenue of four quarters $0 = $0"),
        ("side == sell", "sale"),
        ("side != buy", "sale ≠ purchase"),
        ("class == open_market", "open market"),
        ("role in (ceo, cfo)", "role CFO"),
        ("role in chiefs", "role CFO, of chiefs"),
        ("role not in (director, officer)", "role CFO, not in (director, officer)"),
        ('ticker == "OKLO"', "ticker OKLO"),
        ("not planned", "not under a 10b5-1 plan"),
        ("planned == no", "not under a 10b5-1 plan"),
        ("planned != yes", "not under a 10b5-1 plan"),
        ("is_officer", "officer"),
        ("not scheduled", "outside the schedule"),
        ("common is unknown", "sort of shares not known"),
        ("ticker is known", "ticker known"),
        ('quality contains "cooling_off_short"', "marks with “cooling off short”"),
        ('title contains "AT&T"', "title with “AT&T”"),
        ("filed_on - traded_on > 2d", "filed 2025-09-23 − traded 2025-09-19 > 2 d"),
        ("abs(return_21d) >= 50%", "|move in 21 sessions −67%| ≥ 50%"),
        ("close_usd / (1 + return_21d) >= $5", "close $5.00 ÷ (1 + move in 21 sessions −67%) ≥ $5"),
        ("lag_seconds > 4h", "lag 4 h 5 min > 4 h"),
        ("first_in_years >= 3", "years since the last 3.46 ≥ 3"),
    ],
)
def test_a_clause_reads_as_a_threshold_against_a_value(condition: str, read: str) -> None:
    assert told(condition) == [read]


def test_what_does_not_hold_is_no_reason() -> None:
    assert told("side == buy or value_usd >= $5M") == ["value $9.4M ≥ $5M"]
    assert told("common or common is unknown") == ["sort of shares not known"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_reason_of_a_shipped_rule_holds_an_internal_name(rule: object) -> None:
    for card in cards_of(rule):  # type: ignore[arg-type]
        why = next(line.text for line in card.lines if line.label == "Why")

        assert why
        assert "_" not in why
        assert "==" not in why
        assert "unknown" not in why
