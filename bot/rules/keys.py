"""The words of a rule file: each key with what it does, one table for checking and for the docs."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a mapping in a rule file."""

    doc: str
    required: bool = False


FILE_KEYS: Mapping[str, Key] = {
    "lists": Key(doc="Lists of values by name, for 'ticker in small_caps'."),
    "rules": Key(doc="The rules of this file."),
}

RULE_KEYS: Mapping[str, Key] = {
    "id": Key(doc="Unique name in kebab-case; it stands under every alert.", required=True),
    "title": Key(doc="The rule in a few words, for people."),
    "why": Key(doc="Why an alert of this rule deserves a look."),
    "on": Key(doc="The kind of fact that is judged, or a list of kinds.", required=True),
    "by": Key(doc="Whose state: a field, a list of fields, or all. Default: the kind's subject."),
    "let": Key(doc="Measures by name: numbers over the facts in a window."),
    "where": Key(doc="Which facts of the rule's own kind count and are judged."),
    "when": Key(doc="The condition over fields and measures; not with 'absent'."),
    "absent": Key(doc="Instead of 'when': alert when a key had no fact for so long: 2h."),
    "fire": Key(doc="every: an alert for each match. rise: one when a key begins to match."),
    "clear": Key(doc="With rise: re-arm only when this holds, instead of when 'when' is no."),
    "for": Key(doc="With rise: alert only when 'when' has held without a break for so long."),
    "hold": Key(doc="With rise: stay fired for so long after 'when' has ended."),
    "cooldown": Key(doc="How long a key stays quiet after an alert: 7d."),
    "max_per_day": Key(doc="How many alerts of the rule a day; the others are told in a digest."),
    "during": Key(doc="market: judge only while the New York Stock Exchange trades."),
    "needs_history": Key(doc="How far back everything must be known, else the rule is blind."),
    "needs_source": Key(doc="A source without which alerts are held back: edgar or prices."),
    "severity": Key(doc="info, notice, high or critical. Default: notice."),
    "to": Key(doc="The channel; without it the configured one."),
    "message": Key(doc="The first line of the alert, with {names} in it.", required=True),
    "enabled": Key(doc="no switches the rule off. Default: yes."),
    "tags": Key(doc="Words to find and route by."),
    "owner": Key(doc="Who looks after the rule."),
    "runbook": Key(doc="What to do when it fires."),
    "tests": Key(doc="Cases: facts given, alerts expected."),
}

MEASURE_KEYS: Mapping[str, Key] = {
    "over": Key(doc="The window: 90d, 6mo, 20 sessions, ytd."),
    "of": Key(doc="Measure facts of this kind, by this measure's 'where' only."),
    "where": Key(doc="Which facts count, besides the rule's own 'where'."),
    "by": Key(doc="Fields in which a fact equals the judged one, or all. Default: the rule's."),
    "before": Key(doc="'event' leaves the judged fact itself out."),
    "ending": Key(doc="How long before the judged fact the window ends: 10d."),
    "max_age": Key(doc="For 'last': how old the newest value may be."),
    "min_points": Key(doc="With fewer known values than this the answer is unknown."),
    "time": Key(doc="'traded_on': the window goes by the day of the trade."),
}

TEST_KEYS: Mapping[str, Key] = {
    "name": Key(doc="What the case shows, as a sentence that can be false.", required=True),
    "given": Key(doc="Facts in the order of their arrival.", required=True),
    "until": Key(doc="When the test ends, where that is later than its last fact."),
    "keys": Key(doc="For 'absent': keys that are watched besides those of the given facts."),
    "mutes": Key(doc="What is muted and when: {from: TIME, until: TIME, ticker: X}."),
    "also": Key(doc="Other rules that are judged too; their alerts are expected with 'rule'."),
    "expect": Key(doc="The whole list of alerts, in order; [] for none.", required=True),
}

MUTE_KEYS: Mapping[str, Key] = {
    "from": Key(doc="When it begins; without it the whole test is muted."),
    "until": Key(doc="When it ends; without it the test ends first."),
    "rule": Key(doc="Only this rule."),
    "ticker": Key(doc="Only facts about this ticker."),
    "key": Key(doc="Only this key."),
}

SOURCES = ("edgar", "prices")
"""What ``needs_source`` may name: every source tells of each of its polls under this name."""

EXPRESSIONS = frozenset({"where", "when", "clear"})
"""Keys that hold a condition."""

OTHER_TOOLS: Mapping[str, str] = {
    "realert": "cooldown",
    "query_key": "by",
    "group_by": "by",
    "timeframe": "over",
    "window": "over",
    "is_enabled": "enabled",
    "filter": "where",
    "condition": "when",
    "name": "id",
    "description": "why",
    "expr": "when",
    "level": "severity",
    "alert": "message",
    "channel": "to",
}
"""Words by which other alerting tools call the same thing."""
