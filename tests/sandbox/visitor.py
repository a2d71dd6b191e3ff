"""Asks a sandbox EDGAR as a client does, and a market to ask about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.clock import NEW_YORK
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import ISSUER, Publication
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.sources.edgar.feed import FeedPage, read_feed
from tests.sources.edgar.local_edgar import ManualClock

AGENT = "Jane Doe jane@example.org"
OKLO = Company(cik="0001849056", name="Oklo Inc.", ticker="OKLO")
_HARBOR = Company(cik="0009000002", name="Harbor Lights Bancorp", ticker="NYSE: HLB.A")
_SELLER = Insider(cik="0002022001", name="Bealmear R. Craig", title="Chief Financial Officer")
_BUYER = Insider(cik="0009000021", name="O'Hale Dorothy", director=True)
_FILED = (
    "06-13 17:31", "07-24 09:05", "08-05 16:20", "08-06 16:21", "08-29 21:59", "09-03 16:44",
    "09-24 18:02", "09-25 16:20", "09-26 17:12", "09-30 19:48", "10-01 16:31",
)  # fmt: skip
_OF_HARBOR = (1, 2, 3, 4, 9, 10)
SALE_AT = datetime(2025, 9, 24, 22, 2, 7, tzinfo=UTC)
"""When the sale of the tests is accepted, 18:02:07 in New York."""


def story() -> list[SyntheticFiling]:
    """Eleven filings, one owner each, of two companies: five of Oklo."""
    return [_told(place, text) for place, text in enumerate(_FILED)]


def _told(place: int, text: str) -> SyntheticFiling:
    at = datetime.fromisoformat(f"2025-{text}:07").replace(tzinfo=NEW_YORK)
    bought = place in _OF_HARBOR
    return SyntheticFiling(
        accession=f"0009999999-25-{place + 1:06d}",
        accepted_at=at,
        company=_HARBOR if bought else OKLO,
        owners=[_BUYER if bought else _SELLER],
        rows=[
            Row(
                code="P" if bought else "S",
                shares="20000",
                price="144.10",
                day=f"{at - timedelta(days=1):%Y-%m-%d}",
                after="189100",
            )
        ],
    )


class Visitor:
    """One client with a kept connection, and the clock of the market that it asks."""

    def __init__(self, edgar: SandboxEdgar, clock: ManualClock, http: httpx.Client) -> None:
        self.edgar, self.clock, self._http = edgar, clock, http

    def get(self, path: str, *, agent: str = AGENT, **headers: str) -> httpx.Response:
        sent = {"User-Agent": agent, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self._http.get(self.edgar.url + path, headers=sent)

    def feed_body(self, *, start: int = 0, count: int = 100, query: str = "type=4") -> bytes:
        paging = f"{query}&count={count}&start={start}&output=atom"
        answer = self.get(f"/cgi-bin/browse-edgar?action=getcurrent&{paging}")
        assert answer.status_code == 200
        return answer.content

    def feed(self, *, start: int = 0, count: int = 100, query: str = "type=4") -> FeedPage:
        body = self.feed_body(start=start, count=count, query=query)
        return read_feed(body, where="feed", start=start)


@contextmanager
def visiting(
    market: SandboxMarket | None = None, *, at: datetime | None = None, **settings: Any
) -> Iterator[Visitor]:
    """A client at a served market, at its end unless another time is given; rates are not held."""
    served = market if market is not None else SandboxMarket.of(story())
    clock = ManualClock(at or max(p.accepted_at for p in served.publications))
    settings = {"requests_per_second": None, **settings}
    with (
        SandboxEdgar(served, clock, **settings) as edgar,
        httpx.Client(trust_env=False, timeout=60) as http,
    ):
        yield Visitor(edgar, clock, http)


def oklo_of(market: SandboxMarket) -> list[Publication]:
    """Oklo's filings, oldest first."""
    return [p for p in market.publications if (i := p.party(ISSUER)) and i.cik == OKLO.cik]


def the_sale() -> Publication:
    """The publication of ``SALE_AT``."""
    return next(p for p in SandboxMarket.of(story()).publications if p.accepted_at == SALE_AT)


def path_of(publication: Publication, name: str = "") -> str:
    """Where a filing's full submission is, or another file of its folder."""
    cik = int(publication.parties[0].cik)
    name = name or f"{publication.accession_number}.txt"
    return f"/Archives/edgar/data/{cik}/{publication.folder}/{name}"
