"""``bot routes``: where alerts go and when, as the configuration is understood."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot.app import load_rule_paths, route_of
from bot.cli.output import print_json, say
from bot.clock import NEW_YORK, system_clock, to_text
from bot.config import Config, load_config
from bot.config import route_readers as read
from bot.config.readers import Unfit
from bot.routes import QuietTime, Routes, Told, Traits, Way
from bot.rules.grammar import Mistake
from bot.rules.model import Rule, Severity
from bot.rules.problems import did_you_mean
from bot.rules.values import read_instant
from bot.store.searchable import BY_NAME

_UNITS = (("h", 3_600), ("min", 60), ("s", 1))
_USUAL = "all other alerts"
_EXAMPLE = 'bot routes test severity=high kind=fed_decision at="2026-01-05 23:00"'


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a route.")
@click.pass_context
def routes(ctx: click.Context, as_json: bool) -> int:
    """The routes in their order, and what in them is odd."""
    if ctx.invoked_subcommand is not None:
        return 0
    config = load_config(ctx.obj)
    table = route_of(config)
    ways = [*table.ways, Way(stories=table.stories)]
    for way in ways:
        if as_json:
            print_json(_way_json(way, table))
        else:
            say(_way_text(way, table))
    rules = _rules(config)
    odd = table.unknown_rules(rules)
    for number, name in odd:
        what = f"route {number} names the rule '{name}', which there is not"
        say(f"{what}; {_near(name, rules)}", err=True)
    tags = {tag for rule in rules.values() for tag in rule.tags}
    strange = table.unknown_tags(tags)
    for number, tag in strange:
        mend = did_you_mean(tag, tags, otherwise=f"rules have {', '.join(sorted(tags)) or 'none'}")
        say(f"route {number} names the tag '{tag}', which no rule has; {mend}", err=True)
    return 1 if odd or strange else 0


@routes.command()
@click.argument("given", nargs=-1, required=True, metavar="KEY=VALUE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a kind.")
@click.pass_obj
def test(config_path: Path | None, given: Sequence[str], as_json: bool) -> int:
    """Where an alert would go, and when it would be told there.

    KEYs: severity kind rule ticker tags (a,b) at.  What a rule says itself need not be given.
    A kind that is several, as fed and price are in chat, is told for each.
    """
    config = load_config(config_path)
    table = route_of(config)
    values = _given(given)
    at = values.pop("at", None) or system_clock()
    rules = _rules(config)
    kinds = [{"kind": kind} for kind in values.pop("kind", ())]
    for kind in kinds or [{}]:
        _tell(table, _alert({**values, **kind}, rules), at, as_json=as_json)
    return 0


def _tell(table: Routes, alert: Traits, at: datetime, *, as_json: bool) -> None:
    told = table.tell(alert, at)
    if as_json:
        taken = [way.number for way in table.taken_by(alert)]
        print_json({**_alert_json(alert, at), "routes": taken,
                    "destinations": [_told_json(each, at) for each in told]})  # fmt: skip
        return
    say(f"An alert: {_alert_text(alert)}; {_time(at)}")
    for each in told:
        say(_told_text(each))


# What is given.


def _at(text: str) -> datetime:
    """An instant; without a zone by the clocks of New York."""
    try:
        return read_instant(text if len(text) != 16 else f"{text} ET")
    except Mistake as mistake:
        raise Unfit(mistake.what, mistake.mend) from mistake


def _one(reader: Callable[[Any], frozenset[Any]]) -> Callable[[str], Any]:
    """An alert has one of what routes may list."""

    def read_one(text: str) -> Any:
        found = reader(text)
        if len(found) != 1 or text.endswith("+"):
            raise Unfit(f"an alert has one, not '{text}'", "write one word")
        return next(iter(found))

    return read_one


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds that a word means, as in chat: fed is two."""
    field = BY_NAME["kind"]
    word = field.word(text)
    return field.words[word] if word else (_one(read.kinds)(text),)


_READERS: dict[str, Callable[[str], Any]] = {
    "severity": _one(read.severities),
    "kind": _kinds,
    "rule": _one(read.names),
    "ticker": _one(read.tickers),
    "tags": lambda text: read.tags(text.split(",")),
    "at": _at,
}


def _given(given: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        key, sign, text = each.partition("=")
        if not sign:
            raise click.UsageError(f"'{each}' is no KEY=VALUE; write it like\n  {_EXAMPLE}")
        if key not in _READERS:
            known = f"known are {', '.join(_READERS)}"
            mend = did_you_mean(key, _READERS, otherwise=known)
            raise click.UsageError(f"'{key}' is nothing that routes ask of an alert; {mend}")
        if key in found:
            raise click.UsageError(f"{key} is given twice; an alert has one")
        try:
            found[key] = _READERS[key](text)
        except Unfit as unfit:
            raise click.UsageError(f"{key}: {unfit.what}; {unfit.mend}") from unfit
    return found


def _rules(config: Config) -> dict[str, Rule]:
    """The rules that could be read; mistakes in others are told by ``bot rules check``."""
    return {rule.id: rule for rule in load_rule_paths([config.rules.path]).rules}


def _alert(values: dict[str, Any], rules: dict[str, Rule]) -> Traits:
    """The alert that is meant: as its rule has it where nothing else is said."""
    name = values.get("rule")
    if name is None:
        return Traits(**{"severity": Severity.NOTICE, **values})
    rule = rules.get(name)
    if rule is None:
        raise click.UsageError(f"there is no rule '{name}'; {_near(name, rules)}")
    own: dict[str, Any] = {"severity": rule.severity, "tags": frozenset(rule.tags), "to": rule.to}
    if len(rule.on) == 1:
        own["kind"] = rule.on[0].name
    return Traits(**{**own, **values})


def _near(name: str, rules: dict[str, Rule]) -> str:
    """Which rule was probably meant."""
    near = did_you_mean(name, rules, otherwise="")
    return near or "`bot rules list` names them all"


# What is told.


def _conditions(way: Way) -> str:
    if way.number == 0:
        return _USUAL
    asked = [f"{key} {' or '.join(words)}" for key, words in way.conditions.items()]
    return ", ".join(asked) or "every alert"


def _way_text(way: Way, table: Routes) -> str:
    number = f"{way.number}." if way.number else "–"
    parts = [f"{number} {_conditions(way)}: {', '.join(way.to or (table.channel,))}"]
    if way.digest is not None:
        by = f" by {way.digest_by}" if way.digest_by else ""
        parts.append(f"digest of {way.digest.text}{by}")
    parts += [f"quiet {each}, {_override_text(each)}" for each in way.quiet]
    parts.append(f"stories within {_span(way.stories)}" if way.stories else "no stories")
    if way.goes_on:
        parts.append("then the next route too")
    return "; ".join(parts)


def _override_text(quiet: QuietTime) -> str:
    """What is told in a quiet time all the same."""
    if quiet.override is None:
        return "critical alerts wait too"
    gravest = quiet.override is Severity.CRITICAL
    return f"{quiet.override}{'' if gravest else ' and above'} at once"


def _way_json(way: Way, table: Routes) -> dict[str, object]:
    return {
        "route": way.number or None,
        **way.conditions,
        "to": list(way.to or (table.channel,)),
        "continue": way.goes_on,
        "digest": way.digest.text if way.digest else None,
        "digest_by": way.digest_by,
        "quiet": [each.name for each in way.quiet],
        "override": {each.name: each.override for each in way.quiet},
        "stories_s": way.stories.total_seconds() if way.stories else None,
    }


def _alert_text(alert: Traits) -> str:
    named = {"kind": alert.kind, "rule": alert.rule, "ticker": alert.ticker,
             "tags": ", ".join(sorted(alert.tags)) or None, "to": alert.to}  # fmt: skip
    told = [f"{key} {value}" for key, value in named.items() if value is not None]
    return ", ".join([f"severity {alert.severity}", *told])


def _alert_json(alert: Traits, at: datetime) -> dict[str, object]:
    return {
        "severity": alert.severity,
        "kind": alert.kind,
        "rule": alert.rule,
        "ticker": alert.ticker,
        "tags": sorted(alert.tags),
        "to": alert.to,
        "at": to_text(at),
    }


def _told_text(told: Told) -> str:
    way, destination = told.way, told.destination
    which = f"route {way.number} ({_conditions(way)})" if way.number else "no route"
    when, why = "at once", ""
    if destination.held_until is not None:
        when = _time(destination.held_until)
        when = f"by {when} at the latest" if destination.joins else f"at {when}"
        why = f": {destination.why}"
    return f"{destination.channel} {when}{why}, by {which}"


def _told_json(told: Told, at: datetime) -> dict[str, object]:
    destination = told.destination
    stories = destination.stories
    return {
        "route": told.way.number or None,
        "channel": destination.channel,
        "at": to_text(destination.held_until or at),
        "at_once": destination.held_until is None,
        "why": destination.why,
        "stories_s": stories.total_seconds() if stories else None,
    }


def _span(span: timedelta) -> str:
    """A span as it is written in the configuration."""
    seconds = int(span.total_seconds())
    unit, size = next(each for each in _UNITS if seconds % each[1] == 0)
    return f"{seconds // size}{unit}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(NEW_YORK):%a %Y-%m-%d %H:%M} ET"
