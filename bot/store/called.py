"""What channels and people are called, as far as messages and acts told."""

import sqlite3

_CHANNELS = """
WITH RECURSIVE channels(name) AS (
    SELECT MIN(channel) FROM outbox WHERE ts NOT NULL
    UNION ALL
    SELECT (SELECT MIN(channel) FROM outbox WHERE ts NOT NULL AND channel > name)
    FROM channels WHERE name NOT NULL
)
SELECT name, (SELECT place FROM outbox WHERE channel = name AND ts NOT NULL
              ORDER BY sent_at DESC LIMIT 1)
FROM channels WHERE name NOT NULL
"""
_PERSON = """
SELECT name FROM (
    SELECT at, name FROM acts WHERE user = :id UNION ALL
    SELECT at, name FROM acks WHERE user = :id UNION ALL
    SELECT at, name FROM subscriptions WHERE user = :id
) WHERE name <> :id ORDER BY at DESC LIMIT 1
"""


def channels(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """What routes call each channel, and its id by the last message that Slack took there."""
    return [(name, place) for name, place in connection.execute(_CHANNELS) if place is not None]


def name_of(connection: sqlite3.Connection, number: str) -> str | None:
    """The name of a channel or a person by its id, without ``#`` and ``@``; None where no message
    went there and the person did nothing."""
    for name, place in channels(connection):
        if place == number and name.startswith("#"):
            return name.removeprefix("#")
    row = connection.execute(_PERSON, {"id": number}).fetchone()
    return str(row[0]) if row else None
