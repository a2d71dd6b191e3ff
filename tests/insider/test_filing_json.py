"""The JSON of a document, field by field, on one that carries a value in every leaf."""

import json
from pathlib import Path

from bot.insider.filing_json import filing_json
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import a_filing, a_row

FIXTURES = Path(__file__).parents[1] / "fixtures" / "form4"


def test_every_leaf_arrives_in_its_place() -> None:
    body = (FIXTURES / "every_leaf.xml").read_bytes()
    told = filing_json(read_filing(body, name="0001234567-26-000001.xml"))
    assert told == json.loads((FIXTURES / "every_leaf.json").read_text())


def test_acceptance_is_told_in_utc_to_the_second() -> None:
    told = filing_json(a_filing())
    assert told["accepted_at"] == "2025-09-23T22:02:11Z"
    assert told["accession_number"] == "0001849056-25-000123"


def test_sums_are_plain_numbers_without_exponent() -> None:
    (trade,) = filing_json(a_filing(a_row(shares="100000000", price="0.0000")))["trades"]
    assert trade["value_usd"] == "0.00"
    (trade,) = filing_json(a_filing(a_row(shares="0.00000001", price="1")))["trades"]
    assert trade["shares"] == "0.00000001"


def test_the_json_can_be_written_down() -> None:
    assert json.loads(json.dumps(filing_json(a_filing())))["form"] == "4"
