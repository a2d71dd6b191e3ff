"""The words of cards: roles and titles, amounts, doubts, and what a card is not."""

import io
import json
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from bot.cards.amounts import money, price
from bot.cards.doubts import doubts
from bot.cards.filing import company_text
from bot.cards.insider import insider_fact
from bot.cards.prices import breadth_lines
from bot.cards.slack import slack_message
from bot.cards.terminal import terminal_card
from bot.cards.valuation import valuation_lines
from bot.clock import to_day_number
from bot.facts import MARKET_BREADTH, VALUATION
from tests.cards.pack import RULES, cards_of
from tests.cards.samples import a_card
from tests.cards.test_insider_lines import the_row
from tests.insider.forms import a_row


@pytest.mark.parametrize(
    ("role", "title", "known_as"),
    [
        ("cfo", "Chief Financial Officer", "(Chief Financial Officer)"),
        ("ceo", "President and CEO", "(President and CEO)"),
        ("officer", None, "(officer)"),
        ("director", None, "(director)"),
        ("director", "Director", "(Director)"),
        ("director", "Executive Chair", "(director, Executive Chair)"),
        ("ten_percent_owner", None, "(10% owner)"),
        ("other", "Former adviser", "(insider, Former adviser)"),
        (None, None, "(insider)"),
    ],
)
def test_a_person_is_known_by_one_title(role: str | None, title: str | None, known_as: str) -> None:
    told = insider_fact(the_row(a_row("S")) | {"role": role, "officer_title": title})

    assert f"{known_as} sold" in told


@pytest.mark.parametrize(
    ("name", "ticker", "cik", "told"),
    [
        ("Oklo Inc.", "OKLO", "0001849056", "Oklo Inc. (OKLO)"),
        ("Oklo Inc.", None, "0001849056", "Oklo Inc."),
        (None, None, "0001849056", "CIK 0001849056"),
        (None, "OKLO", "0001849056", "OKLO"),
        (None, None, None, "an issuer not named"),
    ],
)
def test_a_company_is_called_by_what_is_known_of_it(
    name: str | None, ticker: str | None, cik: str | None, told: str
) -> None:
    row = {"issuer_name": name, "ticker": ticker, "issuer_cik": cik}

    assert company_text(row) == told


@pytest.mark.parametrize(
    ("cents", "told"),
    [(0, "$0"), (-1_800, "−$18.00"), (-2_800_000_000, "−$28M"), (142_000_000_000, "$1.42B")],
)
def test_an_amount_has_a_true_minus_and_a_bare_zero(cents: int, told: str) -> None:
    assert money(cents) == told


def test_a_price_that_is_unknown_says_so() -> None:
    assert (price(None), price(-0.18), price(0)) == ("unknown", "−$0.18", "$0")


def test_a_doubt_is_told_in_words_and_a_strange_one_without_its_underscores() -> None:
    told = doubts(
        "plan_conflict acceptance_unknown never_heard_of", besides=("acceptance_unknown",)
    )

    assert told == ["box and notes contradict each other on a plan", "never heard of"]
    assert doubts(None) == []


@pytest.mark.parametrize(
    ("members", "told"),
    [(None, "an unknown number of members"), (0, "0 members"), (1, "1 member with")],
)
def test_no_members_are_not_an_unknown_number_of_them(members: int | None, told: str) -> None:
    row: dict[str, Any] = dict.fromkeys(MARKET_BREADTH.by_name) | {"ticker": "SPY"}

    lines = {line.label: line.text for line in breadth_lines(row | {"members": members})}

    assert lines["Members"].startswith(told)


def test_a_file_of_the_user_is_named_without_the_folders_of_the_machine() -> None:
    row: dict[str, Any] = dict.fromkeys(VALUATION.by_name) | {
        "ticker": "IWM", "as_of": to_day_number(date(2025, 9, 26)),
        "sources": json.dumps({"pe_forward": {"row": "/home/ann/mine/index_pe.csv:4"}}),
    }  # fmt: skip

    (told,) = [line.text for line in valuation_lines(row) if line.label == "From"]

    assert told == "forward P/E: index_pe.csv:4"


@pytest.mark.parametrize("rule", ["large-officer-sale", "cluster-sell", "form144-large"])
def test_a_card_of_a_sale_says_that_it_is_no_advice(rule: str) -> None:
    card = next(cards_of(next(each for each in RULES if each.id == rule)))
    context = next(b for b in slack_message(card)["blocks"] if b["type"] == "context")

    assert context["elements"][0]["text"].endswith(" · not advice")


@pytest.mark.parametrize("rule", ["ceo-cfo-buy", "fomc-decision", "doubled-in-a-month"])
def test_what_is_no_sale_needs_no_such_words(rule: str) -> None:
    card = next(cards_of(next(each for each in RULES if each.id == rule)))

    assert "not advice" not in json.dumps(slack_message(card))


@pytest.mark.parametrize("severity", ["info", "notice", "high", "critical"])
def test_no_word_of_a_card_is_in_a_colour_that_white_paper_swallows(severity: str) -> None:
    page = io.StringIO()
    console = Console(file=page, force_terminal=True, color_system="256", width=80)

    console.print(terminal_card(a_card(severity=severity)))

    coloured = [part for part in page.getvalue().split("\x1b[") if part.startswith(("33m", "36m"))]
    assert all(set(part.split("m", 1)[1]) <= set("╭─╮│╰╯ \n") for part in coloured)
