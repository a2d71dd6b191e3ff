"""What a card about a notice of sale says, in every stage and where things are not known."""

from datetime import UTC, datetime
from typing import Any

from bot.cards import build_card
from bot.cards.build import Match
from bot.cards.notices import notice_lines
from bot.facts import FORM144
from bot.rules.loading import load_rules

_RULE = """
rules:
- id: a-rule
  on: form144
  when: value_usd >= $1M
  cooldown: 1d
  message: "{seller_name} sells"
"""


def a_row(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(FORM144.by_name)
    told = {
        "kind": "form144",
        "known_at": int(datetime(2025, 9, 2, 20, 30, tzinfo=UTC).timestamp() * 1000),
        "judged_at": int(datetime(2025, 9, 2, 20, 30, tzinfo=UTC).timestamp() * 1000),
        "ticker": "OKLO", "issuer_name": "Oklo Inc.", "issuer_cik": "0001849056",
        "accession_number": "0001849056-25-000900", "form": "144", "stage": "announced",
        "seller_name": "DOE JANE", "relationship": "Officer", "security": "Common",
        "shares": 10000.0, "value_usd": 140000000, "share_of_class": 0.00007,
        "broker": "Example Brokers LLC", "planned_on": 20333, "filed_on": 20333,
    }  # fmt: skip
    return {**row, **told, **values}


def told(**values: Any) -> list[str]:
    return [f"{line.label}: {line.text}" for line in notice_lines(a_row(**values))]


def test_an_announcement_says_who_what_how_much_and_when() -> None:
    assert told(plan_adopted_on=20158) == [
        "Who: DOE JANE (Officer) · Oklo Inc. (OKLO)",
        "What: proposed sale: 10,000 sh, worth $1.4M, 0.01% of the class, Common, "
        "through Example Brokers LLC",
        "Stage: announced; nothing is sold yet",
        "Plan: under a Rule 10b5-1 plan, adopted 2025-03-11",
        "When: notice of 2025-09-02 for about 2025-09-02",
    ]


def test_every_end_says_what_was_sold() -> None:
    sold = {"executed_shares": 2500.0, "executed_value_usd": 35000000}
    assert "Stage: carried out: 2,500 sh for $350K" in told(stage="executed", **sold)
    assert "Stage: carried out in part within 90 days: 2,500 sh for $350K" in told(
        stage="partly_executed", **sold
    )
    assert "Stage: no sale told by Forms 4 within 90 days" in told(stage="not_executed")
    assert "When: notice of 2025-09-02 for about 2025-09-02" in told(stage="not_executed")


def test_what_is_not_known_is_said_and_not_made_up() -> None:
    unknown = dict.fromkeys(
        ("seller_name", "relationship", "shares", "value_usd", "share_of_class", "broker",
         "security", "planned_on", "ticker"))  # fmt: skip
    lines = told(**unknown, quality="acceptance_unknown several_classes")

    assert lines == [
        "Who: seller not named · Oklo Inc.",
        "What: proposed sale: an unknown number of shares, value not given",
        "Stage: announced; nothing is sold yet",
        "Plan: no Rule 10b5-1 plan named",
        "When: notice of 2025-09-02",
        "Doubt: shares of several classes in one",
    ]


def test_a_card_on_a_name_that_is_gone_says_since_when() -> None:
    (rule,) = load_rules([("rules.yaml", _RULE)]).or_raise()
    row = a_row(listed=0, delisted_on=20357)
    card = build_card(rule, [Match(row=row, values={}, proof=(), message="told")], alert_id=1)
    assert card.marks == ("delisted since 2025-09-26",)


def test_the_card_links_to_the_notice_and_marks_an_amended_one() -> None:
    (rule,) = load_rules([("rules.yaml", _RULE)]).or_raise()
    row = a_row(form="144/A")
    card = build_card(rule, [Match(row=row, values={}, proof=(), message="told")], alert_id=1)

    assert card.marks == ("amended",)
    assert card.source == "Form 144/A 0001849056-25-000900"
    assert card.url == (
        "https://www.sec.gov/Archives/edgar/data/1849056/000184905625000900/"
        "0001849056-25-000900-index.htm"
    )
