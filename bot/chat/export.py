"""Alerts to take away, for programs and spreadsheets, as a stream of bytes."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.cards import source_of
from bot.chat.names import Named, where
from bot.clock import from_ms, to_text
from bot.facts import Type
from bot.facts import kind as kind_of
from bot.rules.proof import Clause
from bot.store import PastAlert

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would take for a formula (OWASP, CSV injection)."""

COLUMNS = (
    "id", "fired_at", "ticker", "kind", "rule", "severity", "fate", "reason", "side", "role", "who",
    "value_usd", "shares", "message", "status", "channel", "ts", "corrected",
)  # fmt: skip

Exported = dict[str, str | int | None]
"""One alert, by columns."""


def exported(alerts: Iterable[PastAlert], form: str, named: Named) -> Iterator[bytes]:
    """All of them as csv (UTF-8 with its mark, so that spreadsheets know it) or json, an object a
    line.  named: channels by their names."""
    rows = (_row(alert, named) for alert in alerts)
    return _csv(rows) if form == "csv" else _json_lines(rows)


def _csv(rows: Iterable[Exported]) -> Iterator[bytes]:
    yield "\ufeff".encode() + _line(COLUMNS)
    for row in rows:
        yield _line([_cell(value) for value in row.values()])


def _json_lines(rows: Iterable[Exported]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _row(alert: PastAlert, named: Named) -> Exported:
    """Unknown is empty, never 0; money in dollars; all as it was told, and last how a later filing
    corrects it."""
    cents = alert.value_cents
    values = (
        alert.id,
        to_text(alert.fired_at),
        alert.ticker,
        alert.kind,
        alert.rule,
        alert.severity,
        alert.fate,
        alert.reason,
        alert.side,
        alert.role,
        alert.who,
        None if cents is None else f"{'-' * (cents < 0)}{abs(cents) // 100}.{abs(cents) % 100:02d}",
        None if alert.shares is None else f"{alert.shares:f}".rstrip("0").rstrip("."),
        alert.message,
        alert.status,
        named(where(channel)) if (channel := alert.channel or alert.place) else None,
        alert.ts,
        alert.corrected.text if alert.corrected else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: str | int | None) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay what they are."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", "replace")


def values_json(
    alert: PastAlert, proof: Sequence[Clause], measures: Mapping[str, Type]
) -> dict[str, Any]:
    """What a rule measured, and the fields that its condition looked at; money in dollars.

    measures: their types; one that the rule no longer has is left out, as nobody knows its unit.
    """
    types = {each.name: each.type for each in kind_of(alert.kind).by_name.values()}
    types |= measures
    looked_at = {name: value for *_, values in proof for name, value in values.items()}
    return {
        name: value / 100 if types[name] is Type.MONEY and value is not None else value
        for name, value in (looked_at | alert.values).items()
        if name in types
    }


def past_json(
    alert: PastAlert, fact: Mapping[str, Any] | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """One alert as other tools read it.

    fact: None of the silence of a key that never had one.  values: as values_json gives them.
    One that a later filing corrects has its sentence besides, as ``corrected``.
    """
    known_at = alert.judged_at if fact is None else from_ms(fact["known_at"])
    corrected = {"corrected": alert.corrected.text} if alert.corrected else {}
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity,
        "ticker": alert.ticker,
        "kind": alert.kind,
        "fired_at": to_text(alert.fired_at),
        "known_at": to_text(known_at),
        "fate": alert.fate,
        "message": alert.message,
        "values": dict(values),
        "url": None if fact is None else source_of(fact)[1],
        "status": alert.status,
        "slack": {"channel": alert.place or alert.channel, "ts": alert.ts},
        **corrected,
    }
