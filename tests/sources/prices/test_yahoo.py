"""Yahoo through yfinance: what it asks, the life of its child process, and what is told apart."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.errors import ConfigError, SourceUnavailable, SourceUnreadable
from bot.prices.splits import split_action
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.prices import Listing, PriceMarket, wandering
from bot.sandbox.prices_yahoo import SandboxYahoo
from bot.sources.prices.breaker import Breaker, Resting
from bot.sources.prices.provider import Quote
from bot.sources.prices.yahoo import YahooProvider, blocked
from tests.processes import LONG, children, runs, until
from tests.sources.edgar.local_edgar import ManualClock

SPAN = (date(2025, 12, 8), date(2025, 12, 12))


def a_listing(ticker: str) -> Listing:
    return Listing(
        ticker=ticker, bars=wandering(ticker, date(2025, 12, 1), SPAN[1]), exchange="NYSE"
    )


class Desk:
    """A provider beside a Yahoo that knows A, B, C and BRK-B, both at a time that tests move."""

    def __init__(self, server: SandboxYahoo, clock: ManualClock, **settings: Any) -> None:
        self.server, self.clock = server, clock
        self.provider = YahooProvider(clock, url=server.url, **{"requests": 10_000, **settings})
        self._others = set(children(os.getpid()))

    def asked(self, path: str) -> list[str]:
        return [url for url in self.server.paths if url.startswith(path)]

    def child(self) -> int | None:
        """The process that asks, if there is one."""
        return next(iter(set(children(os.getpid())) - self._others), None)


@contextmanager
def a_desk(**settings: Any) -> Iterator[Desk]:
    clock = ManualClock()
    market = PriceMarket(a_listing(ticker) for ticker in ("A", "B", "C", "BRK-B"))
    with SandboxYahoo(market, clock) as server:
        desk = Desk(server, clock, **settings)
        try:
            yield desk
        finally:
            desk.provider.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    """The desk of all tests here: a child takes a second to start."""
    yield shared
    shared.server.faults.clear()
    shared.server.crumbs = True
    shared.provider.breaker = Breaker(shared.clock)


@pytest.fixture
def shadowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts another yfinance before the one that is installed, for child processes."""

    def shadow(text: str) -> None:
        (tmp_path / "yfinance").mkdir()
        (tmp_path / "yfinance" / "__init__.py").write_text(text)
        path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
        monkeypatch.setenv("PYTHONPATH", path)

    return shadow


def test_a_ticker_is_one_request_beside_one_cookie_and_one_crumb() -> None:
    with a_desk() as desk:
        desk.provider.daily(["A", "B", "NOSUCH", "C"], *SPAN)
        desk.provider.quotes(["A", "B", "C"])

        assert [path.split("?")[0] for path in desk.server.paths] == [
            "/",
            "/v1/test/getcrumb",
            "/v8/finance/chart/A",
            "/v8/finance/chart/B",
            "/v8/finance/chart/NOSUCH",
            "/v8/finance/chart/C",
            "/v7/finance/quote",
        ]


def test_it_works_without_curl_cffi_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YF_DISABLE_CURL_CFFI", "1")

    with a_desk() as desk:
        daily = desk.provider.daily(["A", "NOSUCH"], *SPAN)
        assert len(daily.bars["A"]) == 5
        assert set(daily.refused) == {"NOSUCH"}
        assert set(desk.provider.quotes(["A", "B"])) == {"A", "B"}
        desk.server.faults.add(FaultKind.RESET, times=None)
        with pytest.raises(SourceUnavailable, match="connection to Yahoo broke"):
            desk.provider.daily(["A"], *SPAN)


@pytest.mark.parametrize("ticker", ["BRK-B", "BRK.B", "brk/b"])
def test_a_share_class_is_found_however_it_is_written(desk: Desk, ticker: str) -> None:
    assert len(desk.provider.daily([ticker], *SPAN).bars[ticker]) == 5
    assert desk.provider.quotes([ticker])[ticker].ticker == ticker


def test_a_split_that_yahoo_forgets_or_invents_is_passed_on_as_it_came(desk: Desk) -> None:
    split = split_action("D", date(2025, 12, 10), 2.0, "sandbox")
    bars = wandering("D", date(2025, 12, 1), SPAN[1], actions=[split])
    closes = [bar.close for bar in bars if bar.day >= SPAN[0]]
    true = Listing(ticker="D", bars=bars, actions=[split])

    desk.server.market.put(replace(true, untold=frozenset({split.ex_day})))
    forgotten = desk.provider.daily(["D"], *SPAN)
    desk.server.market.put(replace(true, actions=(), invented=[split]))
    invented = desk.provider.daily(["D"], *SPAN)

    assert forgotten.actions == []
    halved = [close / 2 for close in closes[:2]]
    assert forgotten.bars["D"].close == pytest.approx([*halved, *closes[2:]])
    assert [action.price_ratio for action in invented.actions] == [2.0]
    doubled = [close * 2 for close in closes[:2]]
    assert invented.bars["D"].close == pytest.approx([*doubled, *closes[2:]])


def test_prices_after_hours_are_never_a_quote(desk: Desk) -> None:
    quote = desk.provider.quotes(["A"])["A"]

    assert quote.price_usd == a_listing("A").bars[-1].close
    assert quote.at == datetime(2025, 12, 12, 21, 0, tzinfo=UTC)


def test_no_more_quotes_are_asked_for_at_once_than_it_says(desk: Desk) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        desk.provider.quotes([f"T{n}" for n in range(101)])


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (FaultKind.TOO_MANY, r"Yahoo asks for silence \(status 429\)"),
        (FaultKind.UNAVAILABLE, r"Yahoo is down \(status 503\)"),
        (FaultKind.EMPTY, r"Yahoo answers with nothing \(status 200\)"),
        (FaultKind.WEB_PAGE, r"a web page \(status 200: <!DOCTYPE html> <html><head><title>Be"),
        (FaultKind.TRUNCATED, r"something that is no JSON \(status 200: {\"chart\""),
        (FaultKind.RESET, r"the connection to Yahoo broke \("),
        (FaultKind.CUT, r"the connection to Yahoo broke \("),
    ],
)
def test_what_went_wrong_is_told_apart(desk: Desk, kind: FaultKind, told: str) -> None:
    desk.server.faults.add(kind, path="/v8/", times=None)

    with pytest.raises(SourceUnavailable, match=told):
        desk.provider.daily(["A"], *SPAN)


def test_a_hang_is_told_as_one() -> None:
    with a_desk(timeout=timedelta(seconds=0.1)) as desk:
        desk.server.faults.add(FaultKind.SLOW, times=None, seconds=60)

        with pytest.raises(SourceUnavailable, match=r"does not answer in time \(Timeout: "):
            desk.provider.daily(["A"], *SPAN)


def test_a_crumb_that_yahoo_takes_back_is_asked_for_again(desk: Desk) -> None:
    desk.server.crumbs = False
    with pytest.raises(SourceUnavailable, match=r"refuses its own crumb \(401 .*Invalid Crumb"):
        desk.provider.quotes(["A"])

    desk.server.crumbs = True

    assert set(desk.provider.quotes(["A"])) == {"A"}


def test_a_cookie_that_does_not_come_is_told_with_its_host() -> None:
    with a_desk() as desk:
        desk.server.faults.add(FaultKind.RESET, path="/", times=1)
        desk.server.crumbs = False

        with pytest.raises(SourceUnavailable, match=r"fc\.yahoo\.com does not answer") as caught:
            desk.provider.quotes(["A"])
        assert "filter of names" in str(caught.value)


def test_a_429_leaves_it_in_peace_for_as_long_as_it_asks_and_says_so_once(desk: Desk) -> None:
    desk.server.faults.add(FaultKind.TOO_MANY, path="/v8/", retry_after="5400")
    before = len(desk.server.paths)

    for _ in range(3):
        with pytest.raises(Resting) as caught:
            desk.provider.daily(["A", "B"], *SPAN)
        assert caught.value.retry_at == desk.clock.now + timedelta(minutes=90)
    with pytest.raises(Resting):
        desk.provider.quotes(["A"])

    assert len(desk.server.paths) == before + 1
    assert [change.why for change in desk.provider.breaker.changes()] == [
        "Yahoo asks for silence (status 429)"
    ]

    desk.clock.advance(5400)
    assert len(desk.provider.daily(["A"], *SPAN).bars["A"]) == 5
    assert [change.retry_at for change in desk.provider.breaker.changes()] == [None]


def test_what_came_before_it_stopped_answering_is_kept_and_the_rest_is_unanswered(
    desk: Desk,
) -> None:
    desk.server.faults.add(FaultKind.TOO_MANY, path="/v8/finance/chart/B")

    daily = desk.provider.daily(["A", "B", "C"], *SPAN)

    assert set(daily.bars) == {"A"}
    assert set(daily.unanswered) == {"B", "C"}
    assert not daily.refused
    assert "/v8/finance/chart/C" not in desk.server.paths[-1]


def test_one_answer_that_fails_is_unanswered_and_the_others_come(desk: Desk) -> None:
    desk.server.faults.add(FaultKind.UNAVAILABLE, path="/v8/finance/chart/B")

    daily = desk.provider.daily(["A", "B", "C"], *SPAN)

    assert set(daily.bars) == {"A", "C"}
    assert daily.unanswered["B"] == "Yahoo is down (status 503)"


def test_five_failures_in_a_row_leave_it_in_peace(desk: Desk) -> None:
    desk.server.faults.add(FaultKind.UNAVAILABLE, path="/v8/", times=None)
    before = len(desk.server.paths)

    with pytest.raises(Resting):
        desk.provider.daily(["A", "B", "C"] * 5, *SPAN)

    assert len(desk.server.paths) == before + 5


def test_a_yahoo_that_knows_nobody_again_and_again_is_left_in_peace(desk: Desk) -> None:
    unknown = [f"NOSUCH{n}" for n in range(10)]

    for _ in range(5):
        assert desk.provider.breaker.retry_at is None
        with pytest.raises(SourceUnavailable, match="knows none of 10 tickers"):
            desk.provider.daily(unknown, *SPAN)

    with pytest.raises(Resting, match="knows none of 10 tickers"):
        desk.provider.daily(["A"], *SPAN)


def test_the_child_ends_when_nothing_is_asked_and_comes_back_when_something_is() -> None:
    with a_desk(idle=timedelta(seconds=0.1)) as desk:
        assert desk.child() is None

        desk.provider.quotes(["A"])
        until(lambda: desk.child() is None)

        assert set(desk.provider.quotes(["A"])) == {"A"}


def test_a_child_that_dies_is_told_and_the_next_question_starts_another(desk: Desk) -> None:
    desk.provider.quotes(["A"])
    child = desk.child()
    assert child is not None
    os.kill(child, signal.SIGKILL)

    with pytest.raises(SourceUnavailable, match="the child process ended"):
        desk.provider.quotes(["A"])

    assert set(desk.provider.quotes(["A"])) == {"A"}


def test_a_child_that_hangs_is_killed_at_the_deadline(shadowed: Callable[[str], None]) -> None:
    shadowed("import time\ntime.sleep(60)")

    with a_desk(deadline=timedelta(seconds=0.2)) as desk:
        with pytest.raises(SourceUnavailable, match=r"in time \(nothing came in 0\.2 s\)"):
            desk.provider.quotes(["A"])

        assert desk.child() is None


def test_closing_ends_a_question_under_way_and_the_child() -> None:
    with a_desk(timeout=timedelta(seconds=600)) as desk:
        desk.provider.quotes(["A"])
        child = desk.child()
        assert child is not None
        desk.server.faults.add(FaultKind.SLOW, path="/v7/", seconds=600)
        heard: list[Exception | dict[str, Quote]] = []

        def ask() -> None:
            try:
                heard.append(dict(desk.provider.quotes(["A"])))
            except SourceUnavailable as error:
                heard.append(error)

        asking = Thread(target=ask)
        asking.start()
        until(lambda: len(desk.asked("/v7/")) == 2)
        desk.provider.close()
        asking.join(LONG)

        assert isinstance(heard[0], SourceUnavailable)
        assert "the bot ends" in str(heard[0])
        assert not runs(child)
        with pytest.raises(SourceUnavailable, match="the bot ends"):
            desk.provider.quotes(["A"])


_BOT = """
import sys, time
from datetime import date
from bot.clock import system_clock
from bot.sources.prices.yahoo import YahooProvider
provider = YahooProvider(system_clock, url=sys.argv[1])
provider.daily(["A"], date(2025, 12, 8), date(2025, 12, 12))
print(*[m for m in ("yfinance", "pandas") if m in sys.modules], flush=True)
time.sleep(60)
"""


def test_yfinance_is_in_the_child_alone_which_ends_with_a_bot_that_is_killed() -> None:
    with a_desk() as desk:
        bot = subprocess.Popen(
            [sys.executable, "-c", _BOT, desk.server.url], stdout=subprocess.PIPE, text=True
        )
        with bot:
            assert bot.stdout is not None
            loaded = bot.stdout.readline().split()
            (child,) = children(bot.pid)
            bot.kill()

        assert loaded == []
        until(lambda: not runs(child))


def test_without_yfinance_the_operator_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "yfinance", None)

    with pytest.raises(ConfigError, match=r'pip install "\.\[prices\]"'):
        YahooProvider(ManualClock())


def test_a_yfinance_that_does_not_load_is_told_with_its_reason(
    shadowed: Callable[[str], None],
) -> None:
    shadowed('raise ImportError("No module named peewee")')

    with a_desk() as desk, pytest.raises(ConfigError, match="No module named peewee"):
        desk.provider.daily(["A"], *SPAN)


def test_a_yfinance_that_is_built_otherwise_is_told_with_its_version(
    shadowed: Callable[[str], None],
) -> None:
    shadowed('__version__ = "9.9.9"')

    with a_desk() as desk, pytest.raises(SourceUnreadable, match=r"yfinance 9\.9\.9"):
        desk.provider.daily(["A"], *SPAN)


def test_requests_keep_to_the_pace_that_is_given() -> None:
    with a_desk(requests=4, seconds=0.3) as desk:
        desk.provider.quotes(["A"])
        started = time.monotonic()
        desk.provider.daily(["A", "B", "C"] * 4, *SPAN)

        assert time.monotonic() - started >= 0.6


def test_a_host_that_is_not_found_or_led_astray_is_named() -> None:
    def resolve(host: str, port: int) -> list[tuple[object, ...]]:
        if host == "query2.finance.yahoo.com":
            raise OSError("Name or service not known")
        address = "0.0.0.0" if host == "fc.yahoo.com" else "203.0.113.7"
        return [(2, 1, 6, "", (address, port))]

    assert blocked(resolve) == [
        "fc.yahoo.com is led to 0.0.0.0, by a filter of names",
        "query2.finance.yahoo.com is not found (Name or service not known)",
    ]
