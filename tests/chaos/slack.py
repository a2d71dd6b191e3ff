"""A Slack on loopback on which something goes wrong again and again."""

import random
from dataclasses import dataclass, field

from bot.sandbox.slack import Fault, FaultKind, SlackServer

_CARRIED_OUT_OR_NOT = (
    FaultKind.STATUS,
    FaultKind.SILENCE,
    FaultKind.DROP,
    FaultKind.RESET,
    FaultKind.CUT,
    FaultKind.HTML,
    FaultKind.ERROR,
    FaultKind.DELAY,
)
_STATUSES = (500, 502, 503, 504)
_CODES = ("internal_error", "fatal_error", "service_unavailable")


@dataclass(kw_only=True)
class Weather:
    """How rough it is.

    share: of posts and changes that are spoilt.  look_share: of looks.  late_s: of late answers.
    """

    seed: int
    share: float = 0.25
    look_share: float = 0.1
    late_s: float = 0.4
    is_away: bool = False
    faults: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def fault(self, method: str) -> Fault | None:
        if self.is_away:
            return Fault(self.dice.choice((FaultKind.STATUS, FaultKind.DROP, FaultKind.RESET)))
        share = self.share if method.startswith("chat.") else self.look_share
        return self._any() if self.dice.random() < share else None

    def _any(self) -> Fault:
        if self.dice.random() < 0.1:
            return Fault(FaultKind.RATE_LIMIT, seconds=1)
        return Fault(
            self.dice.choice(_CARRIED_OUT_OR_NOT),
            accepted=self.dice.random() < 0.5,
            status=self.dice.choice(_STATUSES),
            code=self.dice.choice(_CODES),
            seconds=self.late_s,
        )


class RoughSlack(SlackServer):
    """Spoils requests by the weather."""

    def __init__(self, channels: tuple[str, ...], weather: Weather) -> None:
        super().__init__(channels=channels, burst=10_000)
        self.weather = weather

    def take_fault(self, method: str) -> Fault | None:
        fault = super().take_fault(method)
        if fault is not None or method.startswith("auth."):
            return fault
        with self._changed:
            fault = self.weather.fault(method)
            self.weather.faults += fault is not None
            return fault
