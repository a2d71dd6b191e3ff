"""A desk, an EDGAR on loopback that tells what companies reported, and what values both."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.calendar import NYSE
from bot.clock import to_ms
from bot.facts import VALUATION
from bot.market.figures import Figures
from bot.market.tables import UserTables
from bot.market.valuing import Valuing
from bot.market.watching import Watching
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_routes import Reports
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.sources.edgar.client import EdgarClient
from bot.sources.prices.folder import FolderProvider
from bot.valuation.funds import LossPolicy
from tests.market.trading import Trading, evening, trading
from tests.valuation.reports import DILUTED, Line, document, entry

EPS = (DILUTED, "USD/shares")
CIKS = {"OKLO": "0001849056", "NWD": "0009000011", "NWDA": "0009000011", "SPY": "0000884394"}


def reported(ticker: str, *eps: Line, unit: str = "USD/shares", **more: Any) -> bytes:
    """The companyfacts of a company that told these earnings a share."""
    told = {(DILUTED, unit): [entry(*line) for line in eps], **more.get("concepts", {})}
    return document(told, int(CIKS[ticker]))


FOUR_QUARTERS: tuple[Line, ...] = (
    ("2024-01-01", "2024-12-31", 4.00, "2025-02-20"),
    ("2024-01-01", "2024-09-30", 2.90, "2024-11-05"),
    ("2025-01-01", "2025-09-30", 3.30, "2025-11-05"),
)
"""4.00 + 3.30 − 2.90 = 4.40."""


def a_filing(place: int, ticker: str, cik: str, at: datetime) -> SyntheticFiling:
    """What makes the SEC's map know a ticker."""
    return SyntheticFiling(
        accession=f"0009999999-24-{place:06d}",
        accepted_at=at,
        company=Company(cik=cik, name=f"{ticker} Inc.", ticker=ticker),
        owners=[Insider(cik="0009000099", name="Doe Jane", director=True)],
        rows=[Row(code="S", shares="1", price="1", day=f"{at:%Y-%m-%d}", after="1")],
    )


@dataclass
class Valued:
    """trading: the folder and the desk.  reports: what EDGAR tells, by CIK; tests change it."""

    trading: Trading
    edgar: SandboxEdgar
    valuing: Valuing
    folder: Path
    renew: Callable[[], Valuing]
    reports: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str, text: str, *, at: datetime | None = None) -> None:
        """Write a table of the user's, changed at an instant: by default now."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        changed = to_ms(at or self.trading.offer.clock()) * 1_000_000
        os.utime(path, ns=(changed, changed))

    def look(self, at: datetime, times: int = 3) -> int:
        """Look after prices, then so often after valuations; how many readings were news."""
        self.trading.look(at)
        return sum(self.valuing.look() for _ in range(times))

    def evening(self, day: date) -> int:
        return self.look(evening(day))

    def later(self, **span: float) -> int:
        return self.look(self.trading.offer.clock() + timedelta(**span))

    def restart(self) -> None:
        self.valuing = self.renew()
        self.valuing.bars_are_in(self.session)

    @property
    def session(self) -> date:
        now = self.trading.offer.clock()
        return NYSE.session_day(NYSE.session_number(now.date()))

    def readings(self, ticker: str) -> list[Mapping[str, Any]]:
        return self.trading.facts(ticker, VALUATION)

    def reading(self, ticker: str) -> Mapping[str, Any]:
        return self.readings(ticker)[-1]

    def asked(self) -> list[str]:
        """CIKs of the figures that were asked for."""
        found = (r.path for r in self.edgar.requests if "companyfacts" in r.path)
        return [path.rpartition("CIK")[2].removesuffix(".json") for path in found]


@contextmanager
def valued(
    path: Path,
    *,
    watch: Sequence[str] = ("OKLO",),
    reports: Reports | None = None,
    benchmark: str = "SPY",
    policy: LossPolicy = LossPolicy.EXCLUDED,
    known: Mapping[str, str] = MappingProxyType(CIKS),
    store: Path | None = None,
    insiders: bool = True,
) -> Iterator[Valued]:
    folder = path / "prices"
    told: dict[str, Any] = dict(reports or {})
    made: list[Valuing] = []
    world: list[Valued] = []

    def after(session: date) -> None:
        for each in world:
            each.valuing.bars_are_in(session)

    with trading(folder, watch=(benchmark, *watch), store=store, after=after) as place:
        clock = place.offer.clock
        begun = datetime(2024, 1, 2, 21, tzinfo=clock().tzinfo)
        market = SandboxMarket.of([a_filing(n, t, known[t], begun) for n, t in enumerate(known)])
        with (
            SandboxEdgar(market, clock, requests_per_second=None, reports=told) as edgar,
            EdgarClient(
                contact="test test@example.org", clock=clock, www_url=edgar.url,
                data_url=edgar.url, sleep=clock.sleep,
            ) as client,
        ):  # fmt: skip

            def renew() -> Valuing:
                watching = Watching(
                    place.store, benchmark="IWM", watch=(benchmark, *watch), insiders=insiders
                )
                provider = FolderProvider(folder, clock=clock, sleep=lambda _: None, settled_s=0)
                valuing = Valuing(
                    place.store, watching, Figures(place.store, client, clock=clock),
                    UserTables(provider), clock=clock, benchmark=benchmark, policy=policy,
                )  # fmt: skip
                made.append(valuing)
                return valuing

            world.append(Valued(place, edgar, renew(), folder, renew, told))
            yield world[0]


ROWS = "ticker,as_of,pe_forward,pe_trailing,method,source\n"


def a_row(ticker: str, day: object, forward: float) -> str:
    return f"{ticker},{day},{forward},,losses excluded,fund site\n"
