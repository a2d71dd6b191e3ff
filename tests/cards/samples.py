"""Cards for tests; what a test does not name is dull."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bot.cards import Card, Line
from bot.cards.card import Moment, Picture
from bot.clock import from_ms

OKLO = "OKLO: 2 insiders sold $16.1M in 90 days, stock 107% in a month"
FACT = "Bealmear R. Craig (CFO) sold 67,000 sh @ $140.25 for $9.4M, of Oklo Inc. (OKLO)"
URL = "https://www.sec.gov/Archives/edgar/data/1849056/000999999925000001/index.htm"
ACCEPTED = datetime(2025, 9, 23, 22, 2, tzinfo=UTC)

HOSTILE = 'AT&T <script> <!channel> <@U1> *bold* _it_ ~no~ `code` :bell: > quote "\\ &amp; '
FILING = (HOSTILE + "株式を売却しました。 👩‍👩‍👧‍👦 🔔 e\u0301 \x00\x1b[31m\n\n") * 90
"""More than 8 kB of the kind of text that filings hold, and worse."""


def a_card(**values: Any) -> Card:
    told: dict[str, Any] = {
        "alert_id": 12,
        "rule": "insiders-sell-into-a-run",
        "severity": "high",
        "headlines": (OKLO,),
        "facts": (FACT,),
        "lines": (
            Line(label="Who", text="Bealmear R. Craig (CFO) · Oklo Inc. (OKLO)"),
            Line(label="What", text="open-market sale (S), 67,000 sh @ $140.25"),
            Line(label="Plan", text="not under a Rule 10b5-1 plan"),
            Line(label="When", text="traded 2025-09-22 · filed 1 business day later"),
            Line(label="Why", text="sold >= $5M (sold $16.1M) · run >= 50% (run 107%)"),
        ),
        "source": "Form 4 0009999999-25-000001",
        "url": URL,
        "ticker": "OKLO",
        "moments": (Moment(words="accepted", at=ACCEPTED),),
    }
    return Card(**told | values)


_pieces = st.sampled_from(["&", "<", ">", '"', "\\", "\n", " ", "🔔", "株", "<!channel>", "&amp;"])
texts = st.one_of(
    st.text(max_size=80),
    st.builds(lambda piece, n: piece * n, _pieces, st.integers(0, 5_000)),
    st.builds(lambda text, n: text * n, st.text(min_size=1, max_size=30), st.integers(1, 400)),
)
labels = st.one_of(st.sampled_from(["Who", "What", "When", "Why"]), texts)
lines = st.builds(lambda label, text: Line(label=label, text=text), labels, texts)
moments = st.builds(
    lambda words, ms: Moment(words=words, at=None if ms is None else from_ms(ms)),
    texts,
    st.one_of(st.none(), st.integers(0, 10**14)),
)
cards = st.builds(
    Card,
    alert_id=st.integers(1, 10**12),
    rule=st.one_of(st.just("a-rule"), texts),
    severity=st.sampled_from(["info", "notice", "high", "critical"]),
    headlines=st.lists(texts, min_size=1, max_size=12).map(tuple),
    facts=st.lists(texts, max_size=12).map(tuple),
    lines=st.lists(lines, max_size=40).map(tuple),
    marks=st.lists(st.sampled_from(["late", "amended"]), unique=True).map(tuple),
    source=st.one_of(st.none(), texts),
    url=st.one_of(st.none(), st.just(URL), texts, texts.map(lambda text: f"https://x/{text}")),
    ticker=st.one_of(st.none(), st.just("OKLO"), texts),
    caveat=st.one_of(st.none(), texts),
    moments=st.lists(moments, max_size=8).map(tuple),
    picture=st.one_of(st.none(), texts.map(lambda text: Picture(file_id="F1", shows=text))),
)
