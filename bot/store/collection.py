"""What is known of collecting itself: since when, which days are whole, what waits, troubles."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import from_day_number, from_ms, to_day_number, to_ms
from bot.store.database import Connections

_STARTED = "first_started_at"
_LONGEST_SILENCE = timedelta(days=1)
_AWAY = ("away_since", "away_until")
_WORTH_TELLING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Since when everything of a kind is known, for one subject or for all (None)."""

    kind: str
    subject: str | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """From the last look at any source to the next start of the bot."""

    since: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        return self.since < at <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that went wrong while the bot ran."""

    at: datetime
    job: str
    trouble: str
    told: str


class Collection:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # The first start: what was known before it moves state and alerts nobody.

    def first_started_at(self) -> datetime | None:
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = ?", (_STARTED,)
        ).fetchone()
        return from_ms(row[0]) if row else None

    def start(self, at: datetime) -> datetime:
        """The instant of the very first start: this one where there was none."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                (_STARTED, to_ms(at)),
            )
        return self.first_started_at() or at

    def has_polled(self, source: str) -> bool:
        """Whether a poll of the source has ended well since the very first start."""
        return self.polled_since(source) is not None

    def polled_since(self, source: str) -> datetime | None:
        """When the first poll of the source that ended well was; None before it."""
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = ?", (f"polled:{source}",)
        ).fetchone()
        return None if row is None else from_ms(row[0])

    def mark_polled(self, source: str, at: datetime) -> None:
        """Note that a poll of the source has ended well; the first time stays."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                (f"polled:{source}", to_ms(at)),
            )

    def try_writing(self) -> None:
        """Write something down: raises what SQLite raises where the disk takes nothing."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO counters VALUES ('written', 1) "
                "ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )

    # The time in which no bot ran.

    def come_back(self, at: datetime) -> None:
        """The bot starts: since its last look at a source it was away, where that is worth a
        word; a short break leaves what is known of the last absence."""
        (looked,) = self._connections.connection.execute(
            "SELECT MAX(known_at) FROM source_poll"
        ).fetchone()
        if looked is None or at - from_ms(looked) < _WORTH_TELLING:
            return
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
                "value = excluded.value",
                zip(_AWAY, (looked, to_ms(at)), strict=True),
            )

    def last_absence(self) -> Absence | None:
        """None where the bot never was away for a time worth a word."""
        since, until = (
            self._connections.connection.execute(
                "SELECT value FROM counters WHERE name = ?", (name,)
            ).fetchone()
            for name in _AWAY
        )
        return Absence(since=from_ms(since[0]), until=from_ms(until[0])) if since else None

    # Silence that a source asked for, heeded by every process that works on this store.

    def keep_silence(self, source: str, until: datetime) -> None:
        """Note that the source wants no request before an instant."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
                "value = excluded.value",
                (f"silent_until:{source}", to_ms(until)),
            )

    def silent_until(self, source: str, now: datetime) -> datetime | None:
        """The end of a silence that lasts; one of more than a day was noted by a wrong clock."""
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = ?", (f"silent_until:{source}",)
        ).fetchone()
        until = from_ms(row[0]) if row else now
        return until if now < until <= now + _LONGEST_SILENCE else None

    # Days whose index was read whole.

    def last_whole_day(self, source: str) -> date | None:
        """Up to which day nothing is missing."""
        row = self._connections.connection.execute(
            "SELECT MAX(day) FROM whole_days WHERE source = ?", (source,)
        ).fetchone()
        return None if row[0] is None else from_day_number(row[0])

    def mark_whole(self, source: str, day: date, *, listed: int, missing: int) -> None:
        """Note a day on which nothing is missing any more."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO whole_days (source, day, listed, missing) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (source, day) DO UPDATE SET "
                "listed = excluded.listed, missing = missing + excluded.missing",
                (source, to_day_number(day), listed, missing),
            )

    # What could not be fetched yet, and what need not be.

    def pending(self, source: str) -> list[dict[str, Any]]:
        """Documents that are still to be fetched, as the source wrote them down."""
        rows = self._connections.connection.execute(
            "SELECT told FROM listed WHERE source = ? AND state = 'pending' ORDER BY key", (source,)
        )
        return [json.loads(told) for (told,) in rows]

    def save_pending(self, source: str, pending: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace what is to be fetched."""
        with self._connections.writing() as connection:
            connection.execute(
                "DELETE FROM listed WHERE source = ? AND state = 'pending'", (source,)
            )
            connection.executemany(
                "INSERT INTO listed (source, key, state, told) VALUES (?, ?, 'pending', ?) "
                "ON CONFLICT (source, key) DO NOTHING",
                [(source, key, json.dumps(told)) for key, told in pending.items()],
            )

    def settle(self, source: str, key: str, *, state: str, told: str) -> None:
        """Note a document that is never fetched again: ``gone``, ``missing`` or ``not watched``."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO listed (source, key, state, told) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (source, key) DO UPDATE SET state = excluded.state, "
                "told = excluded.told",
                (source, key, state, json.dumps({"why": told})),
            )

    def settled(self, source: str, keys: Iterable[str]) -> set[str]:
        """Which of these documents are never fetched again."""
        found = set()
        for key in keys:
            row = self._connections.connection.execute(
                "SELECT 1 FROM listed WHERE source = ? AND key = ? AND state != 'pending'",
                (source, key),
            ).fetchone()
            if row:
                found.add(key)
        return found

    def missing(self, source: str) -> dict[str, str]:
        """Documents that were given up although the source lists them, and why; not what came
        another way since."""
        rows = self._connections.connection.execute(
            "SELECT key, told FROM listed WHERE source = ? AND state = 'missing' AND NOT EXISTS "
            "(SELECT 1 FROM documents AS d WHERE d.source = listed.source AND d.key = listed.key) "
            "ORDER BY key",
            (source,),
        )
        return {key: json.loads(told)["why"] for key, told in rows}

    # Coverage.

    def cover(self, kind: str, subject: str | None, since: datetime) -> None:
        """Note since when everything is known; an earlier instant wins."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO coverage (kind, subject, since) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, subject) DO UPDATE SET since = MIN(since, excluded.since)",
                (kind, subject or "", to_ms(since)),
            )

    def covered_since(self, kind: str, subject: str) -> datetime | None:
        """Since when everything of a subject is known, by itself or with all others; None where
        nothing is."""
        row = self._connections.connection.execute(
            "SELECT MIN(since) FROM coverage WHERE kind = ? AND subject IN ('', ?)",
            (kind, subject),
        ).fetchone()
        return None if row[0] is None else from_ms(row[0])

    def coverage(self) -> list[Coverage]:
        rows = self._connections.connection.execute(
            "SELECT kind, subject, since FROM coverage ORDER BY kind, subject"
        )
        return [
            Coverage(kind=kind, subject=subject or None, since=from_ms(since))
            for kind, subject, since in rows
        ]

    # Troubles of jobs.

    def note(self, trouble: Trouble) -> None:
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO troubles (at, job, trouble, told) VALUES (?, ?, ?, ?)",
                (to_ms(trouble.at), trouble.job, trouble.trouble, trouble.told),
            )

    def troubles(self, limit: int) -> list[Trouble]:
        """The newest troubles first."""
        rows = self._connections.connection.execute(
            "SELECT at, job, trouble, told FROM troubles ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [
            Trouble(at=from_ms(at), job=job, trouble=trouble, told=told)
            for at, job, trouble, told in rows
        ]
