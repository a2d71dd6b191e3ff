"""Which routes an alert takes, and what each of them says of where and when."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.routes.destination import Alerting, Destination
from bot.routes.digest import Digest
from bot.routes.quiet import QuietTime, quiet_until, rank
from bot.rules.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What routes ask of an alert.  to: the channel that its rule names."""

    severity: Severity
    kind: str | None = None
    rule: str | None = None
    ticker: str | None = None
    tags: frozenset[str] = frozenset()
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One route: which alerts take it, where they go, and when they are told there.

    number: its place in the configuration, from 1; 0 for what no route takes.
    severities, kinds, rules, tickers: one of them must fit, where any is given; of tags one must
    be among those of the rule.  to: channels; without any the usual one.
    goes_on: what takes it is asked of the routes after it too.
    digest_by: ``ticker`` or ``rule``: a digest each.
    """

    number: int = 0
    severities: frozenset[Severity] = frozenset()
    kinds: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    tickers: frozenset[str] = frozenset()
    to: tuple[str, ...] = ()
    goes_on: bool = False
    digest: Digest | None = None
    digest_by: str | None = None
    stories: timedelta | None = None
    quiet: tuple[QuietTime, ...] = ()

    def takes(self, alert: Traits) -> bool:
        """Whether an alert takes this route; one without conditions takes every alert."""
        asked = (
            (self.severities, {alert.severity}),
            (self.kinds, {alert.kind}),
            (self.rules, {alert.rule}),
            (self.tickers, {alert.ticker}),
            (self.tags, alert.tags),
        )
        return all(not wanted or wanted & held for wanted, held in asked)

    @property
    def conditions(self) -> dict[str, list[str]]:
        """What it asks of an alert, by the keys of the configuration."""
        asked = {
            "severity": [each.value for each in sorted(self.severities, key=rank)],
            "kind": sorted(self.kinds),
            "rule": sorted(self.rules),
            "tags": sorted(self.tags),
            "ticker": sorted(self.tickers),
        }
        return {key: words for key, words in asked.items() if words}

    def told(self, channel: str, alert: Traits, now: datetime) -> Destination:
        """How an alert that takes it now is told in a channel.

        What would be told in a quiet time waits for its end, and so does a digest.
        """
        digest = self.digest
        planned = digest.closes(now) if digest else now
        awake = [each for each in self.quiet if not each.lets_through(alert.severity)]
        quiet = quiet_until(awake, planned)
        waits: dict[str, Any] = {}
        if quiet is not None:
            waits["why"] = f"While quiet ({', '.join(quiet.names)})"
            waits |= {"held_until": quiet.until, "digest_key": "quiet"}
        elif digest is not None:
            of = {"ticker": alert.ticker, "rule": alert.rule, None: None}[self.digest_by]
            waits["why"] = f"{of}, digest of {digest.text}" if of else f"Digest of {digest.text}"
            waits |= {"held_until": planned, "joins": digest.joins}
            waits["digest_key"] = f"{digest.text} {of}" if of else digest.text
        return Destination(channel=channel, stories=self.stories, **waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One destination of an alert, and the route that leads there."""

    way: Way
    destination: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All routes in their order.  channel, stories: where none says otherwise."""

    channel: str
    ways: Sequence[Way] = ()
    stories: timedelta | None = None

    def __call__(self, alert: Alerting) -> Sequence[Destination]:
        rule = alert.rule
        traits = Traits(
            severity=rule.severity,
            kind=alert.kind,
            rule=rule.id,
            ticker=alert.ticker,
            tags=frozenset(rule.tags),
            to=rule.to,
        )
        return [each.destination for each in self.tell(traits, alert.now)]

    def taken_by(self, alert: Traits) -> list[Way]:
        """The routes that an alert takes: the first that fits, and while those say so the next."""
        taken = list[Way]()
        for way in self.ways:
            if way.takes(alert):
                taken.append(way)
                if not way.goes_on:
                    break
        return taken or [Way(stories=self.stories)]

    def tell(self, alert: Traits, now: datetime) -> list[Told]:
        """Where an alert goes and when, each channel once.

        A rule that names a channel goes there alone; when, says the first route that it takes.
        """
        taken = self.taken_by(alert)
        if alert.to is not None:
            return [Told(way=taken[0], destination=taken[0].told(alert.to, alert, now))]
        found: dict[str, Told] = {}
        for way in taken:
            for channel in way.to or (self.channel,):
                if channel not in found:
                    destination = way.told(channel, alert, now)
                    found[channel] = Told(way=way, destination=destination)
        return list(found.values())

    def unknown_tags(self, known: Container[str]) -> list[tuple[int, str]]:
        """Tags that routes name and that no rule has, each with the number of its route."""
        return [
            (way.number, tag) for way in self.ways for tag in sorted(way.tags) if tag not in known
        ]

    def unknown_rules(self, known: Container[str]) -> list[tuple[int, str]]:
        """Rules that routes name and that there are not, each with the number of its route."""
        return [
            (way.number, name)
            for way in self.ways
            for name in sorted(way.rules)
            if name not in known
        ]
