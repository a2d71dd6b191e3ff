"""Which trades of a filing have signals, and how they are taken from facts and from the store."""

from typing import Any

import pytest

from bot.facts import INSIDER_TRADE
from bot.insider.facts import insider_trades
from bot.insider.signals import COLUMNS, NAMES, Past, signals
from bot.sandbox.filings import Insider
from tests.builders import Line
from tests.insider.forms import a_filing, a_row
from tests.insider.signals.pasts import LONG_AGO, a_past, buy, exercised, sell, told

NOTHING: dict[str, Any] = dict.fromkeys(NAMES)


def test_every_signal_is_a_field_of_the_trade() -> None:
    fields = INSIDER_TRADE.by_name

    assert {*NAMES, "late", "filed_after_close"} <= fields.keys()
    assert set(COLUMNS) <= fields.keys()


@pytest.mark.parametrize(
    "trade",
    [
        {"trade_class": "award", "side": "none"},
        {"trade_class": "off_market"},
        {"trade_class": "gift", "side": "none"},
        {"side": "none"},
        {"duplicate_of": "x"},
        {"superseded_by": "x"},
    ],
)
def test_only_counted_trades_on_the_market_and_exercises_have_signals(
    trade: dict[str, Any],
) -> None:
    new = a_past("2025-05-05", **trade), buy("2025-05-05")

    alone, beside = (signals(each, [], loaded_since=LONG_AGO) for each in (new[:1], new))

    assert alone == [NOTHING]
    assert beside[0] == NOTHING
    assert beside[1]["cluster"] is False


def test_an_exercise_has_a_hold_ratio_and_no_other_signal() -> None:
    (found,) = signals([exercised("2025-05-05")], [], loaded_since=LONG_AGO)

    assert found == NOTHING | {"exercise_hold_ratio": 1}


def test_each_trade_of_a_filing_has_its_own_answers_in_their_order() -> None:
    new = sell("2025-05-05"), exercised("2025-05-05"), buy("2025-05-05", "john")

    found = signals(new, [sell("2025-04-01")], loaded_since=LONG_AGO)

    assert [each["sequence_months"] for each in found] == [2, None, 1]


def test_without_history_nothing_is_guessed() -> None:
    (found,) = signals([buy("2025-05-05")], [], loaded_since=None)

    assert found == NOTHING


def test_a_filing_without_trades_has_no_signals() -> None:
    assert signals([], [buy("2025-05-05")], loaded_since=LONG_AGO) == []


def test_trades_of_two_filings_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="give one filing"):
        signals([buy("2025-05-05"), buy("2025-05-06")], [], loaded_since=None)


def test_a_fact_gives_the_same_before_and_after_it_is_stored() -> None:
    owner = Insider(cik="0007654321", name="DOE JANE", title="CFO", ten_percent_owner=True)
    filing = a_filing(a_row("M"), a_row("S", price="12.5"), a_row("P"), owners=(owner,))
    facts = insider_trades(filing, accepted_at=None, digest="")
    line = Line()
    line.add(*facts)

    stored = line.store.insiders.past(facts[0].subject, since=0)

    assert len(stored) == 3
    assert sorted(stored) == sorted(map(Past.of_fact, facts))


def test_the_parts_of_a_past_are_its_columns() -> None:
    assert [name.replace("trade_", "") for name in Past._fields] == list(COLUMNS)


def test_lots_of_a_filing_are_one_past_with_the_owner_as_person() -> None:
    facts = insider_trades(
        a_filing(a_row("S", shares="40"), a_row("S")), accepted_at=None, digest=""
    )

    (past,) = map(Past.of_fact, facts)

    assert past.is_market
    assert (past.shares, past.price_usd, past.person_key) == (140, 10, "0007654321")
    assert told("sequence_months", past) == 1
