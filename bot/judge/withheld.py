"""What holds alerts back besides their own past: little history, amendments, silent sources, mutes
and daily caps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.calendar import start_of
from bot.clock import from_ms, new_york_day, to_ms, to_text
from bot.facts import Kind
from bot.rules.keys import SOURCES
from bot.rules.model import Rule
from bot.rules.prepared import Held
from bot.rules.spans import lasted
from bot.store import Mute, Store

FRESH = timedelta(minutes=15)
"""A source answers while its newest poll that was answered in full is not older than this."""

_DAY = timedelta(days=1)
Row = Mapping[str, Any]


class Withheld:
    """Asked within one transaction; what it looked up stays so long."""

    def __init__(self, store: Store, rules: Iterable[Rule], *, fresh: timedelta) -> None:
        self._store, self._fresh_ms = store, to_ms(from_ms(0) + fresh)
        self._told_on: dict[tuple[str, int], int] = {}
        self._coverage = self._covered() if any(rule.needs_history for rule in rules) else {}
        self._mutes = store.circumstances.mutes()
        self._versions: dict[tuple[str, int], list[str]] = {}
        self._fired: set[tuple[str, str, str]] = set()
        self._answers: dict[tuple[str, int], tuple[bool, int | None]] = {}

    def look_for_amendments(self, kinds: Iterable[Kind], since: int, until: int) -> None:
        """Note which facts with seq in (since, until] amend others."""
        for kind in kinds:
            found = self._store.facts.earlier_versions(kind, since, until)
            self._versions |= {(kind.name, seq): ids for seq, ids in found.items()}

    def asks(self, rule: Rule) -> bool:
        """Whether anything can hold an alert of the rule back now."""
        return bool(self._mutes or self._versions or rule.needs_source or rule.max_per_day)

    def note_alert(self, rule: Rule, key: str, row: Row) -> None:
        """An alert was made: it counts for the cap and for amendments of its fact."""
        if rule.max_per_day is not None:
            self._told_on[rule.id, _day_of(row["judged_at"])] = self._told(rule, row) + 1
        self._fired.add((rule.id, key, row["id"]))

    def blind(self, rule: Rule, row: Row) -> str | None:
        """Why less is known than the rule needs; None where enough is."""
        if rule.needs_history is None:
            return None
        needed = rule.needs_history.before(row["judged_at"])
        scopes = {(row["kind"], not rule.by)}
        scopes |= {(m.of.name, not m.by) for m in rule.measures if m.rule is None}
        for kind, everything in sorted(scopes):
            since = self._known_since(kind, row, everything=everything)
            if since is None or since > needed:
                has = (
                    f"has {lasted(since, row['judged_at'])} of it"
                    if since
                    else "it is not collected"
                )
                return f"needs {rule.needs_history.text} of {kind}, {has}"
        return None

    def held(self, rule: Rule, key: str, row: Row, *, arrived: int, version: int | None) -> Held:
        """What holds a match back.

        arrived: when it came, or fell due: mutes go by that.
        version: the number of the fact of which earlier versions may have been told; None for a
        silence, which is about no fact.
        """
        mutes = self._muted(rule, key, row, arrived)
        return Held(
            told=None if version is None else self._told_before(rule, key, row["kind"], version),
            inhibited=self._silent_source(rule, row),
            muted="; ".join(map(_until, mutes)) or None,
            mutes=tuple(mute.number for mute in mutes),
            capped=self._capped(rule, row),
        )

    # History.

    def _covered(self) -> dict[tuple[str, str | None], int]:
        return {
            (each.kind, each.subject): to_ms(each.since)
            for each in self._store.collection.coverage()
        }

    def _known_since(self, kind: str, row: Row, *, everything: bool) -> int | None:
        subjects = {None} if everything else {None, row["subject"], row["ticker"]}
        known = [self._coverage.get((kind, subject)) for subject in subjects]
        return min((since for since in known if since is not None), default=None)

    # Amendments, sources, mutes, caps.

    def _told_before(self, rule: Rule, key: str, kind: str, seq: int) -> str | None:
        ids = self._versions.get((kind, seq))
        if not ids:
            return None
        told = any((rule.id, key, each) in self._fired for each in ids)
        if told or self._store.decisions.fired_facts(rule.id, key, ids):
            return "an earlier version of it was told"
        return None

    def _silent_source(self, rule: Rule, row: Row) -> str | None:
        source = rule.needs_source
        if source is None:
            return None
        asked = (source, row["seq"])
        if asked not in self._answers:
            self._answers[asked] = self._store.circumstances.last_answer(*asked)
        polled, answered = self._answers[asked]
        if not polled or (answered or 0) >= row["judged_at"] - self._fresh_ms:
            return None
        return f"{source} has not answered since {_time(answered)}" if answered else (
            f"{source} has not answered yet"
        )  # fmt: skip

    def _muted(self, rule: Rule, key: str, row: Row, arrived: int) -> list[Mute]:
        return [mute for mute in self._mutes if mute.holds(rule.id, key, row, arrived)]

    def _capped(self, rule: Rule, row: Row) -> str | None:
        if rule.max_per_day is None or self._told(rule, row) < rule.max_per_day:
            return None
        day = new_york_day(from_ms(row["judged_at"]))
        return f"{rule.max_per_day} alerts on {day} already"

    def _told(self, rule: Rule, row: Row) -> int:
        """Alerts of a rule on the New York day of a fact."""
        first = _day_of(row["judged_at"])
        pair = (rule.id, first)
        if pair not in self._told_on:
            end = day_end(row["judged_at"])
            stored = self._store.circumstances.fired_between(rule.id, first, end)
            self._told_on[pair] = stored
        return self._told_on[pair]


def watched_keys(
    rule: Rule, watch: Sequence[str], sources: Sequence[str] = SOURCES
) -> Sequence[str] | None:
    """The keys whose silence a rule tells: the sources, or the watched companies; None where there
    is no such list and only facts tell of keys.

    watch: tickers and CIKs as configured; a rule by one of them watches those written so.
    sources: those that are enabled.
    """
    subject = rule.on[0].subject
    by = subject if rule.by == ("subject",) else "/".join(rule.by)
    ciks = tuple(each.zfill(10) for each in watch if each.isdigit())
    tickers = tuple(each for each in watch if not each.isdigit())
    known = {"source": tuple(sources), "": ("all",), "ticker": tickers}
    return (known | dict.fromkeys(("issuer CIK", "issuer_cik"), ciks)).get(by) or None


def _until(mute: Mute) -> str:
    """Until when and by whom, as it is known when the match comes."""
    return f"until {_time(mute.until)}" + (f" by {mute.by}" if mute.by else "")


def day_end(at: int) -> int:
    """When the New York day of an instant ends."""
    return to_ms(start_of(new_york_day(from_ms(at)) + _DAY))


def _day_of(at: int) -> int:
    return to_ms(start_of(new_york_day(from_ms(at))))


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
