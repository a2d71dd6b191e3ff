"""Scenarios of the whole line by their ids, and the list of those that are not built."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.facts import INSIDER_TRADE
from bot.judge import Judge
from bot.outbox import Outgoing
from bot.pipeline import EDGAR, read_documents
from bot.rehearsal import rehearse
from bot.replay import Replay, find_documents
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.rules.testing import run_tests
from bot.sandbox.market import filings as market_filings
from bot.store import NewDocument, Store
from tests.builders import a_rule
from tests.channels import Channels
from tests.markets import some_filings, write_filings
from tests.outgoing import Time
from tests.sources.edgar.recorded import RECORDED, needs_recorded

HERE = Path(__file__).parent
RULES_PAGE = (HERE.parent / "docs" / "rules.md").read_text()
LARGE = {"when": "value_usd > $0", "by": "[subject, person_key]"}


class Bot:
    """A store, a judge and a channel, at a time that a test moves."""

    def __init__(self, rule: Rule) -> None:
        self.store, self.channels, self.time = Store(None), Channels(), Time()
        self.judge = Judge(self.store, [rule], clock=self.time, route=everything_to("#a"),
                           stale_after=timedelta(hours=24))  # fmt: skip
        self.outgoing = Outgoing(self.store, self.channels, clock=self.time)

    def keep(self, key: str, body: bytes, *, name: str = "poll") -> None:
        document = NewDocument(source=EDGAR, key=key, name=name, body=body)
        self.store.documents.add([document], seen_at=self.time())

    def run(self) -> None:
        while read_documents(self.store).documents:
            pass
        self.judge.tick()
        self.outgoing.tell_digest()
        self.outgoing.deliver()

    def fired(self) -> list[str]:
        return [each["fact_id"] for each in self.store.decisions.all(fate="fired")]


@pytest.mark.parametrize("order", ["poll poll backfill", "poll backfill poll",
                                   "backfill poll poll"])  # fmt: skip
def test_d7_a_filing_that_comes_three_times_is_one_fact_and_one_alert(order: str) -> None:
    bot = Bot(a_rule(**LARGE))
    filing = next(f for f in some_filings(50) if len(f.rows) == 1 and f.rows[0].price)
    bot.time.now = filing.accepted_at + timedelta(minutes=1)

    for name in order.split():
        bot.keep(filing.accession, filing.submission(), name=name)
        bot.run()

    assert bot.store.facts.count()["insider_trade"] == 1
    assert len(bot.fired()) == len(bot.channels.posts) == 1


def test_x7_after_an_outage_each_filing_is_told_once_and_the_old_ones_in_one_digest() -> None:
    bot = Bot(a_rule(**LARGE))
    filings = some_filings(40)
    bot.time.now = filings[20].accepted_at + timedelta(hours=24, minutes=1)
    for filing in filings:
        bot.keep(filing.accession, filing.submission())

    bot.run()
    bot.run()

    known = {row["id"]: row for row in bot.store.facts.after(0, 10_000, INSIDER_TRADE)}
    limit = int((bot.time.now - timedelta(hours=24)).timestamp() * 1000)
    fired = bot.store.decisions.all(fate="fired")
    fresh = {d["message_id"] for d in fired if known[d["fact_id"]]["known_at"] >= limit}
    old = {d["message_id"] for d in fired} - fresh
    posts = Counter(number for _, number in bot.channels.posts)
    (digest,) = posts.keys() - fresh
    assert len(old) > 5
    assert fresh
    assert set(posts.values()) == {1}
    told = {m.message_id for m in bot.store.outbox.all() if m.digest_id is not None}
    assert told == old
    assert digest < 0


K1 = """
rules:
- id: a-sale-and-a-purchase
  on: insider_trade
  by: ticker
  let:
    sales: {count: events, over: 30d, where: side == sell}
    purchases: {count: events, over: 30d, where: side == buy}
  when: sales >= 1 and purchases >= 1
  fire: rise
  message: "{ticker}: {sales} sold, {purchases} bought"
  tests:
  - name: a sale, then a purchase
    given:
    - {at: 2025-05-01, insider_trade: {ticker: A, side: sell}}
    - {at: 2025-05-30, insider_trade: {ticker: A, side: buy}}
    expect: [{at: 2025-05-30, message: "A: 1 sold, 1 bought"}]
  - name: a purchase, then a sale
    given:
    - {at: 2025-05-01, insider_trade: {ticker: A, side: buy}}
    - {at: 2025-05-30, insider_trade: {ticker: A, side: sell}}
    expect: [{at: 2025-05-30}]
  - name: 31 days apart
    given:
    - {at: 2025-05-01, insider_trade: {ticker: A, side: sell}}
    - {at: 2025-06-01, insider_trade: {ticker: A, side: buy}}
    expect: []
  - name: of two tickers
    given:
    - {at: 2025-05-01, insider_trade: {ticker: A, side: sell}}
    - {at: 2025-05-02, insider_trade: {ticker: B, side: buy}}
    expect: []
"""
K1_RULES = load_rules([("k1.yaml", K1)]).or_raise()


@pytest.mark.parametrize("case", K1_RULES[0].tests, ids=lambda case: case.name)
def test_k1_two_facts_of_one_key_within_a_window_alert_in_either_order(case: object) -> None:
    (result,) = [r for r in run_tests(K1_RULES, rehearse) if r.test is case]

    assert result.failures == ()


# Q1: how much the shipped rules tell of quiet filings.


def alerts_of_the_pack(folder: Path) -> Counter[str]:
    files = [(f.name, f.read_text()) for f in sorted((HERE.parent / "rules").glob("*.yaml"))]
    store = Store(None)
    run = Replay(store, load_rules(files).or_raise(), Channels(), route=everything_to("#a"))
    run.run(find_documents([folder]).files, progress=lambda _done: None)
    return Counter(each["rule"] for each in store.decisions.all(fate="fired"))


@needs_recorded
def test_q1_recorded_filings_alert_no_more_than_they_did() -> None:
    told = alerts_of_the_pack(RECORDED / "xml")

    most = {"ceo-cfo-buy": 1, "insiders-sold-this-year": 1,
            "large-officer-sale": 1}  # fmt: skip
    assert told
    assert told <= Counter(most)


def test_q1_the_made_up_market_alerts_no_more_than_it_did(tmp_path: Path) -> None:
    write_filings(tmp_path, list(market_filings()))

    most = {"large-officer-sale": 2, "sale-share-of-stake": 2, "ceo-cfo-buy": 1,
            "insiders-sold-this-year": 1, "late-filing": 1, "cluster-sell": 1,
            "cluster-buy": 1}  # fmt: skip
    assert alerts_of_the_pack(tmp_path) <= Counter(most)


# Which scenarios are held.

_NAMED = re.compile(r"def test_((?:[wcnsfpltqkdxmigr]\d+[a-l]?_(?:and_)?)+)")
_LISTED = re.compile(r'Wrong\("(L\d[a-l]?)"')
LAST = {"W": 11, "C": 3, "N": 3, "S": 4, "F": 5, "P": 10, "D": 8, "G": 6, "R": 2, "M": 5, "I": 3,
        "T": 1, "Q": 1, "K": 1, "X": 8}  # fmt: skip
ASKED = {
    *(f"{letter}{n}" for letter, last in LAST.items() for n in range(1, last + 1)),
    *(f"L1{letter}" for letter in "abcdefghijkl"),
    "L2", "L3", "L4", "L5",
}  # fmt: skip


def held() -> set[str]:
    """The scenarios that tests bear in their names or their tables."""
    found: set[str] = set()
    for file in HERE.rglob("test_scenarios*.py"):
        text = file.read_text()
        found |= {i.upper()[:2] + i[2:] for names in _NAMED.findall(text)
                  for i in re.findall(r"[a-z]\d+[a-l]?", names)}  # fmt: skip
        found |= set(_LISTED.findall(text))
    return found


def left_out() -> set[str]:
    """Those that docs/rules.md names as not built, each with its reason."""
    section = RULES_PAGE.split("## What is not built")[1].split("\n## ")[0]
    return set(re.findall(r"^\| ([A-Z]\d+) \|", section, re.MULTILINE))


def test_every_scenario_has_a_test_of_its_name_or_is_named_as_not_built() -> None:
    assert ASKED - held() - left_out() == set()
    assert left_out() == {"W3", "P3", "D3"}
    assert not held() & {"W3", "P3", "D3"}
