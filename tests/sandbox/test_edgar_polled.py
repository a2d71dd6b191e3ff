"""The bot's own poll against the EDGAR on loopback, through a day on which much goes wrong."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.errors import SourceUnavailable
from bot.sandbox.edgar_busy import busy_day, with_noise
from bot.sandbox.edgar_market import RECORDED, SandboxMarket
from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.listing import FetchedFiling, PendingFiling
from bot.sources.edgar.live import poll, reconcile
from tests.sandbox.visitor import AGENT, Visitor, visiting


class Reader:
    """Remembers the texts it fetched, by accession number, and what it still waits for."""

    def __init__(self, visitor: Visitor) -> None:
        self.clock = visitor.clock
        self.texts: dict[str, bytes] = {}
        self.twice: list[str] = []
        self.pending: tuple[PendingFiling, ...] = ()
        url = visitor.edgar.url
        self.client = EdgarClient(
            contact=AGENT, clock=self.clock, sleep=self.clock.sleep, www_url=url, data_url=url
        )

    def known(self, accession_numbers: Iterable[str]) -> set[str]:
        return self.texts.keys() & set(accession_numbers)

    def fetched(self, filing: FetchedFiling) -> None:
        if filing.accession_number in self.texts:
            self.twice.append(filing.accession_number)
        self.texts[filing.accession_number] = filing.body

    def poll(self) -> None:
        try:
            result = poll(
                self.client, self.known, self.fetched, clock=self.clock, pending=self.pending
            )
        except SourceUnavailable:
            return
        self.pending = result.pending


def test_a_poll_every_five_minutes_of_a_bad_day_gets_every_filing_once() -> None:
    day = busy_day(300, peak_per_minute=12)
    market = SandboxMarket(with_noise(SandboxMarket.of(day).publications), delays=RECORDED)
    with visiting(market, at=day[0].accepted_at + timedelta(minutes=1)) as visitor:
        visitor.edgar.faults.at_random(0.05, seed=1)
        reader = Reader(visitor)
        while visitor.clock.now < day[-1].accepted_at + timedelta(minutes=20):
            reader.poll()
            visitor.clock.advance(300)
        reader.client.close()

    assert reader.texts == {filing.accession: filing.submission() for filing in day}
    assert not reader.twice
    assert {request.status for request in visitor.edgar.requests} >= {0, 503}


def test_the_index_of_the_day_has_what_the_feed_never_listed() -> None:
    day = busy_day(40, peak_per_minute=5)
    market = SandboxMarket.of(day)
    market.hide_from_feed(day[7].accession)
    with visiting(market, at=day[-1].accepted_at + timedelta(hours=12)) as visitor:
        reader = Reader(visitor)
        reader.poll()
        polled = set(reader.texts)
        result = reconcile(
            reader.client, date(2025, 7, 2), reader.known, reader.fetched, clock=visitor.clock
        )
        reader.client.close()

    assert polled == {filing.accession for filing in day} - {day[7].accession}
    assert reader.texts.keys() - polled == {day[7].accession}
    assert (result.listed, result.missing, result.may_advance) == (40, 1, True)
