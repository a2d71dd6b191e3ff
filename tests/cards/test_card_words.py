"""The words of cards: roles and titles, amounts, doubts, and what a card is not."""

import io
import json
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from bot.cards.amounts import money, price
from bot.cards.card import Line
from bot.cards.doubts import doubts
from bot.cards.filing import company_text
from bot.cards.insider import insider_fact
from bot.cards.prices import breadth_lines
from bot.cards.slack import slack_message
from bot.cards.story import Leg, story_card
from bot.cards.terminal import terminal_card
from bot.cards.valuation import valuation_lines
from bot.clock import from_ms, to_day_number
from bot.facts import MARKET_BREADTH, VALUATION
from tests.cards.insider_rows import the_row
from tests.cards.pack import RULES, cards_of
from tests.cards.samples import a_card
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


@pytest.mark.parametrize(("columns", "widest"), [(80, 80), (110, 110), (200, 110)])
def test_a_card_is_as_wide_as_the_terminal_but_never_wider_than_can_be_read(
    columns: int, widest: int
) -> None:
    page = io.StringIO()

    Console(file=page, width=columns).print(terminal_card(a_card()))

    assert max(map(len, page.getvalue().splitlines())) == widest


@pytest.mark.parametrize(
    ("headline", "header"),
    [
        ("short, and whole", "short, and whole"),
        ("a" * 100 + ", " + "b" * 30 + ": " + "c" * 40, "a" * 100 + ", " + "b" * 30 + "…"),
        ("a" * 90 + " (" + "b" * 80 + ")", "a" * 90 + "…"),
        ("a" * 200, "a" * 149 + "…"),
        ("a, " + "b" * 200, "a, " + "b" * 146 + "…"),
    ],
)
def test_a_headline_that_is_too_long_ends_at_a_pause_and_stands_whole_below(
    headline: str, header: str
) -> None:
    blocks = slack_message(a_card(headlines=(headline,)))["blocks"]

    assert blocks[0]["text"]["text"] == header
    assert header == headline or headline in blocks[1]["text"]["text"]


def test_a_story_with_a_long_headline_tells_its_news_once_below() -> None:
    news = "a purchase of so many shares, " * 8 + "that is all"
    leg = Leg(card=a_card(headlines=(f"OKLO: {news}",), severity="high"), at=from_ms(0))
    first = Leg(card=a_card(headlines=("OKLO: it began",), severity="info"), at=from_ms(0))

    card = story_card(first, [leg], subject="OKLO")
    message = slack_message(card)

    assert card.headlines == (f"OKLO story, 2 alerts · #12: {news}",)
    assert json.dumps(message["blocks"], ensure_ascii=False).count("that is all") == 1
    assert "that is all" in message["text"]


def test_a_story_of_a_company_without_a_ticker_is_not_called_by_its_cik() -> None:
    legs = [Leg(card=a_card(headlines=(f"Oklo Inc.: {n}",)), at=from_ms(0)) for n in "ab"]

    assert story_card(legs[0], legs[1:], subject="0001849056").headlines == (
        "Story, 2 alerts · #12: Oklo Inc.: b",
    )


def test_where_figures_stand_is_told_together_not_among_the_fields() -> None:
    lines = tuple(Line(label=label, text=f"{label} it is") for label in ("Size", "From", "Growth"))
    blocks = slack_message(a_card(lines=lines, facts=()))["blocks"]

    fields = next(block["fields"] for block in blocks if "fields" in block)

    assert [field["text"].splitlines()[0] for field in fields] == ["*Size*", "*Growth*"]
    assert any("*From*: From it is" in str(block.get("text")) for block in blocks)
