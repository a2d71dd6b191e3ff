"""An EDGAR on loopback: the feed, the archive, the indexes and the JSON of a made-up market.

It answers as the SEC's hosts were recorded to, at the market's time, and goes wrong on request.
``www.sec.gov`` and ``data.sec.gov`` are one address here.
"""

from collections.abc import Sequence
from datetime import timedelta
from email.message import Message

from bot.clock import Clock, system_clock
from bot.sandbox.edgar_faults import FaultKind, Faults
from bot.sandbox.edgar_gate import Gate, Request, most_in_a_second
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.edgar_routes import NO_REPORTS, RECENT, Reports, Routes
from bot.sandbox.loopback import Loopback


class SandboxEdgar(Loopback):
    """Serves a market from a port of its own until it is closed; a context manager.

    clock: the market's time.  port: 0 takes a free one.
    gate_clock: times the rate of requests; give the market's clock where the client runs on it.
    requests_per_second, block: above that rate it refuses, until the rate has stayed below for so
    long; None refuses nobody.
    reports: what companies have reported, by CIK; companyfacts tell it.
    """

    def __init__(
        self,
        market: SandboxMarket,
        clock: Clock = system_clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        gate_clock: Clock = system_clock,
        requests_per_second: int | None = 10,
        block: timedelta = timedelta(minutes=10),
        recent: int = RECENT,
        reports: Reports = NO_REPORTS,
    ) -> None:
        super().__init__(clock, host=host, port=port, name="sandbox-edgar")
        self.market = market
        self.faults = Faults()
        self._gate = Gate(gate_clock, limit=requests_per_second, block=block)
        self._routes = Routes(market, recent=recent, reports=reports)
        self._log: list[Request] = []

    @property
    def requests(self) -> Sequence[Request]:
        """The requests answered so far, in the order of their answers."""
        return tuple(self._log)

    def most_in_a_second(self) -> int:
        """The most requests that came within one second of the gate's clock."""
        return most_in_a_second([request.at for request in self.requests])

    def answer(self, url: str, headers: Message) -> Reply:
        """The answer to a path with its query, noted in the log."""
        agent = headers.get("User-Agent", "")
        at, reply = self._gate.enter(agent)
        if reply is None:
            fault = self.faults.draw(url)
            now = self.clock()
            if fault and fault.kind is FaultKind.STALE:
                now -= timedelta(seconds=fault.seconds)
            reply = self._routes.answer(url, now)
            reply = fault.befall(reply) if fault else reply
        status = 0 if reply.reset else reply.status
        self._log.append(Request(at=at, path=url, status=status, agent=agent))
        return reply
