"""Alerts to take away: whole, streamed, and harmless in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace

import pytest

from bot.chat.export import COLUMNS, FORMULA, exported, values_json
from bot.chat.names import naming
from bot.facts import Type
from bot.rules.proof import Clause
from bot.store import Store
from bot.store.query import Query, Term
from tests.chat.desks import AnOffice
from tests.store.past import Past, past_store


def cells(store: Store, query: Query | None = None) -> list[dict[str, str]]:
    body = b"".join(exported(store.history.every(query or Query()), "csv", str)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_an_export_holds_all_and_not_a_page() -> None:
    store = past_store([Past(minutes=n, value_cents=n) for n in range(10_000)])

    rows = cells(store)

    assert [int(row["id"]) for row in rows] == list(range(10_000, 0, -1))
    assert len(cells(store, Query(limit=1_001))) == 1_001
    assert len(cells(store, Query(terms=(Term(field="value", low=9_000),)))) == 1_000


def test_an_export_tells_what_is_known_and_leaves_the_rest_empty() -> None:
    store = past_store(
        [
            Past(value_cents=-123_456, shares=2.5, role="ceo", who="Ärzte, Öl", channel="#a"),
            Past(ticker=None, side=None, kind="price_bar"),
        ]
    )

    bar, trade = cells(store)

    assert tuple(trade) == COLUMNS
    assert (trade["value_usd"], trade["shares"]) == ("-1234.56", "2.5")
    assert (trade["who"], trade["role"], trade["side"]) == ("Ärzte, Öl", "ceo", "sell")
    assert (trade["fired_at"], trade["channel"]) == ("2025-10-01T16:00:00.000Z", "#a")
    assert {bar[name] for name in ("ticker", "side", "role", "value_usd", "shares", "who")} == {""}


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_as_a_formula(sign: str) -> None:
    words = f"{sign}HYPERLINK(1)"
    store = past_store([Past(message=words, who=words, ticker=None)])

    (row,) = cells(store)

    assert row["message"] == row["who"] == f"'{words}"


def test_a_number_below_zero_stays_a_number() -> None:
    (row,) = cells(past_store([Past(value_cents=-500)]))

    assert row["value_usd"] == "-5.00"


def test_an_export_for_programs_is_one_object_a_line() -> None:
    store = past_store([Past(value_cents=500, message="a\nb"), Past(minutes=1)])

    lines = b"".join(exported(store.history.every(Query()), "json", str)).decode().splitlines()

    newest, oldest = map(json.loads, lines)
    assert (newest["id"], newest["value_usd"]) == (2, None)
    assert (oldest["message"], oldest["value_usd"]) == ("a\nb", "5.00")


def test_an_export_of_nothing_has_its_head() -> None:
    assert b"".join(exported([], "csv", str)).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert b"".join(exported([], "json", str)) == b""


def test_values_for_other_tools_are_in_dollars_and_hold_what_was_looked_at() -> None:
    office = AnOffice()
    (number,) = office.sells("OKLO")
    alert = office.store.history.alert(number)
    assert alert is not None
    measured = replace(alert, values={"sold": 1_900_214_001, "gone": 5, "shares_sold": None})
    proof: list[Clause] = [("value_usd >= $1M", 1, {"value_usd": 200_000_000})]

    assert values_json(measured, proof, {"sold": Type.MONEY, "shares_sold": Type.MONEY}) == {
        "value_usd": 2_000_000.0,
        "sold": 19_002_140.01,
        "shares_sold": None,
    }


def test_a_channel_is_exported_by_its_name() -> None:
    store = past_store([Past(channel="C0ALERTS"), Past(channel="U0MIRA"), Past(channel="#a")])
    names = {"C0ALERTS": "alerts", "U0MIRA": "mira"}

    named = naming(store, name_of=lambda number: names.get(number, number))
    body = b"".join(exported(store.history.every(Query()), "csv", named)).decode("utf-8-sig")

    channels = [row["channel"] for row in csv.DictReader(io.StringIO(body))]
    assert channels == ["#a", "direct message to @mira", "#alerts"]
