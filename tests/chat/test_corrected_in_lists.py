"""Lists, exports and searches tell which alerts a later filing corrected."""

import csv
import io
import json

import pytest

from bot.chat.export import exported, past_json
from bot.store.query import Query
from tests.builders import a_trade
from tests.chat.desks import ANN, AnOffice
from tests.chat.lists import numbers


@pytest.fixture
def office() -> AnOffice:
    """Two alerts, of which the first one's trade of six millions was amended to 600,000."""
    office = AnOffice()
    office.line.see(a_trade(id="first", value_usd=600_000_000))
    office.sells("SMR")
    with office.store.writing():
        office.line.add(a_trade(id="amended", value_usd=60_000_000))
        office.store.facts.supersede(["first"], by="amended")
    office.line.run()
    return office


def test_a_list_says_of_a_corrected_alert_what_is_known_now(office: AnOffice) -> None:
    smr, oklo = office.asks(ANN, "last 5").rows

    assert "insider sell $6M" in oklo.text
    assert oklo.text.endswith("corrected: value $6M → $600K")
    assert "corrected" not in smr.text


def test_what_is_corrected_twice_is_listed_with_the_last_correction(office: AnOffice) -> None:
    with office.store.writing():
        office.line.add(a_trade(id="again", value_usd=70_000_000))
        office.store.facts.supersede(["amended"], by="again")
    office.line.run()

    (row,) = office.asks(ANN, "#1").rows

    assert row.text.endswith("corrected: value $600K → $700K")


def test_an_export_keeps_the_value_that_was_told_and_says_how_it_was_corrected(
    office: AnOffice,
) -> None:
    body = b"".join(exported(office.store.history.every(Query()), "csv", str)).decode("utf-8-sig")
    smr, oklo = csv.DictReader(io.StringIO(body))

    assert oklo["value_usd"] == "6000000.00"
    assert oklo["corrected"] == (
        "Amended: value $6M → $600K; no longer at least $1M, "
        "so sales would not have fired (OKLO #1)"
    )
    assert smr["corrected"] == ""


def test_an_export_for_programs_says_it_too(office: AnOffice) -> None:
    lines = b"".join(exported(office.store.history.every(Query()), "json", str)).splitlines()

    smr, oklo = map(json.loads, lines)

    assert oklo["corrected"].startswith("Amended: value $6M → $600K")
    assert smr["corrected"] is None


def test_one_alert_as_other_tools_read_it_says_it_too(office: AnOffice) -> None:
    told, other = (office.store.history.alert(number) for number in (1, 2))
    assert told is not None
    assert other is not None

    assert past_json(told, None, {})["corrected"].startswith("Amended: value $6M → $600K")
    assert "corrected" not in past_json(other, None, {})


def test_corrected_alerts_can_be_searched_and_left_out(office: AnOffice) -> None:
    assert numbers(office.asks(ANN, "is:corrected")) == [1]
    assert numbers(office.asks(ANN, "-is:corrected")) == [2]


def test_a_subscription_to_what_was_corrected_is_refused_as_it_is_told_to_nobody(
    office: AnOffice,
) -> None:
    assert "is told to nobody" in str(office.asks(ANN, "subscribe is:corrected"))
