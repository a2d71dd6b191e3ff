"""Reading companyfacts: odd entries are left out, odd documents are refused."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceUnreadable
from bot.valuation.company_facts import read_company_facts
from tests.valuation.reports import DILUTED, document, entry

GOOD = entry("2024-01-01", "2024-12-31", 2.0, "2025-02-20")


def read_entries(*entries: Any) -> int:
    body = document({(DILUTED, "USD/shares"): list(entries)})
    return len(read_company_facts(body, "test").of([DILUTED], "USD/shares"))


def test_numbers_are_read_as_they_are_written() -> None:
    body = document({(DILUTED, "USD/shares"): [GOOD]}).replace(b"2.0,", b"2.10,")

    (reported,) = read_company_facts(body, "test").of([DILUTED], "USD/shares")

    assert str(reported.value) == "2.10"
    assert reported.value == Decimal("2.1")


@pytest.mark.parametrize(
    "change",
    [
        {"val": None},
        {"val": "2.0"},
        {"val": True},
        {"val": float("nan")},
        {"val": 10**40},
        {"end": None},
        {"end": "2024-13-01"},
        {"end": "2024-W01-1"},
        {"end": "2052-12-31"},  # after it was filed
        {"start": "2025-01-01"},  # after its end
        {"start": 20240101},
        {"filed": ""},
        {"filed": 5},
    ],
)
def test_an_odd_entry_is_left_out_and_the_others_stay(change: dict[str, Any]) -> None:
    assert read_entries(GOOD | change, GOOD) == 1


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}])
def test_what_is_no_entry_is_left_out(odd: Any) -> None:
    assert read_entries(odd, GOOD) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no whole JSON"),
        (b"<!DOCTYPE html><html>Your Request Originates from an Undeclared Automated Tool", "page"),
        (b'{"cik": 1, "facts": {', "no whole JSON"),
        (b"[]", "no object 'facts'"),
        (b'{"cik": 1}', "no object 'facts'"),
        (b'{"facts": {}}', "names no CIK"),
        (b'{"cik": true, "facts": {}}', "names no CIK"),
        (b'{"cik": 12345678901, "facts": {}}', "names no CIK"),
        (b'{"cik": 2, "facts": {}}', "of CIK 0000000002, asked was CIK 0000000001"),
        (b"[" * 100_000, "no whole JSON"),
        (b'{"cik": ' + b"9" * 10_000 + b', "facts": {}}', "no whole JSON"),
        (b'{"cik": 1, "facts": {}}'.decode().encode("utf-16")[:9], "no whole JSON"),
    ],
)
def test_what_is_not_the_companys_document_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason):
        read_company_facts(body, "CIK1.json", cik="1")


@pytest.mark.parametrize("cik", [320193, "320193", "0000320193"])
def test_the_cik_is_read_as_number_or_text(cik: Any) -> None:
    assert read_company_facts(document({}, cik), "test", cik="320193").cik == "0000320193"


@pytest.mark.parametrize("facts", [{}, {"us-gaap": None}, {"us-gaap": []}, {"us-gaap": {"X": 1}}])
def test_a_company_without_usable_facts_has_none(facts: Any) -> None:
    body = json.dumps({"cik": 1, "facts": facts}).encode()

    assert read_company_facts(body, "test").by_concept == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_no_entry_breaks_the_reader(change: dict[str, Any]) -> None:
    assert read_entries(GOOD | change, GOOD) in (1, 2)
