"""Recorded public filings against their golden values, by the rules of the score beside them."""

import json
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest

from bot.errors import SourceUnreadable
from bot.insider.facts import insider_trades
from bot.insider.filing_json import filing_json
from bot.sources.edgar.ownership import read_filing
from tests.sources.edgar.recorded import RECORDED, needs_recorded, recorded

pytestmark = needs_recorded


def _golden(pattern: str) -> list[dict[str, Any]]:
    files = sorted(RECORDED.glob(pattern)) if RECORDED.is_dir() else []
    return [json.loads(row) for file in files for row in file.read_text().splitlines() if row]


TRADES = {row["file"]: row["trades"] for row in _golden("*_trades.jsonl")}
DOCUMENTS = [row for row in _golden("*.jsonl") if "ok" in row]


@cache
def score() -> ModuleType:
    spec = spec_from_file_location("score", RECORDED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(file: str) -> dict[str, Any]:
    try:
        filing = read_filing(recorded(file), name=file.rpartition("/")[2])
        return {"file": file, "ok": True, **filing_json(filing)}
    except SourceUnreadable as error:
        return {"file": file, "ok": False, "error": error.what}


@pytest.mark.parametrize("golden", DOCUMENTS, ids=lambda golden: golden["file"])
def test_every_field_of_a_recorded_document_is_right(golden: dict[str, Any]) -> None:
    verdicts = score().judged(golden, [answer(golden["file"])])
    assert [f"{field}: {note}" for field, right, note in verdicts if not right] == []


@pytest.mark.parametrize("file", sorted(TRADES))
def test_every_trade_of_a_recorded_document_is_right(file: str) -> None:
    verdicts = score().judged_trades(TRADES[file], answer(file)["trades"])
    assert [f"{field}: {note}" for field, right, note in verdicts if not right] == []


@pytest.mark.parametrize("golden", DOCUMENTS, ids=lambda golden: golden["file"])
def test_facts_of_a_recorded_document_agree_with_its_trades(golden: dict[str, Any]) -> None:
    if not golden["ok"]:
        return
    filing = read_filing(recorded(golden["file"]), name=golden["file"])

    facts = insider_trades(filing, accepted_at=None, digest="a" * 64)

    facts = [fact for fact in facts if "withdrawal" not in (fact.values["quality"] or "")]
    trades = answer(golden["file"])["trades"]
    assert [fact.values["class"] for fact in facts] == [trade["class"] for trade in trades]
    assert {fact.subject for fact in facts} <= {filing.issuer_cik}
    for fact, trade in zip(facts, trades, strict=True):
        dollars = float(trade["value_usd"] or 0)
        assert (fact.values["value_usd"] or 0) == round(dollars * 100)
