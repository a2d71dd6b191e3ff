"""What people did by chat: acts, acknowledgements, votes, subscriptions, and what they typed.

An alert is named by the number that its card shows: that of the first decision of its message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.store.called import name_of
from bot.store.database import Connections

if TYPE_CHECKING:
    from sqlite_utils import Database

_EVENTS_KEPT = timedelta(days=2) // timedelta(milliseconds=1)
"""Slack delivers an event again within an hour; the rest is patience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a person did, or was refused.

    act: the verb.  target: what it was done to, as it is typed.  alert: the number of the alert
    that it is about, None where it is about none.  told: what the person was answered.
    """

    at: int
    user: str
    name: str
    act: str
    target: str
    told: str
    alert: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody looks after an alert.  alert: its number as cards show it."""

    alert: int
    at: int
    user: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """How many people found an alert, or those of a rule, worth telling or not."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Alerts that a person gets in a channel of their own.

    channel: where they are told; Slack opens a direct message for a user's id.
    query: as the grammar writes it, its dates as they were said.
    """

    id: int
    at: int
    user: str
    name: str
    channel: str
    query: str


class Chat:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Acts.

    def note(self, act: Act) -> None:
        """Record what somebody did."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO acts (at, user, name, act, target, told, alert, refused) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (act.at, act.user, act.name, act.act, act.target, act.told, act.alert, act.refused),
            )

    def acts_on(self, alert: int) -> list[Act]:
        """What people did to an alert, oldest first."""
        return self._acts("alert = ?", alert)

    def acts_of(self, act: str, target: str) -> list[Act]:
        """What people did to something, oldest first."""
        return self._acts("act = ? AND target = ?", act, target)

    def _acts(self, where: str, *parameters: Any) -> list[Act]:
        rows = self._all(
            "SELECT at, user, name, act, target, told, alert, refused FROM acts "
            f"WHERE {where} ORDER BY id", *parameters
        )  # fmt: skip
        return [
            Act(
                at=at, user=user, name=name, act=act, target=target, told=told, alert=alert,
                refused=bool(refused),
            )
            for at, user, name, act, target, told, alert, refused in rows
        ]  # fmt: skip

    # Alerts.

    def acknowledge(self, ack: Acknowledgement) -> Acknowledgement:
        """Keep who looks after an alert; gives who did first, who stays."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO acks (alert, at, user, name) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (alert) DO NOTHING",
                (ack.alert, ack.at, ack.user, ack.name),
            )
        return self.acknowledged(ack.alert) or ack

    def acknowledged(self, alert: int) -> Acknowledgement | None:
        """Who looks after an alert; None where nobody said so."""
        rows = self._all("SELECT alert, at, user, name FROM acks WHERE alert = ?", alert)
        return next(
            (Acknowledgement(alert=number, at=at, user=user, name=name)
             for number, at, user, name in rows), None
        )  # fmt: skip

    def vote(self, alert: int, *, user: str, up: bool, at: int) -> Votes:
        """Keep a person's vote, which takes the place of an earlier one; gives all of the alert."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO votes (alert, user, at, up) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (alert, user) DO UPDATE SET at = excluded.at, up = excluded.up",
                (alert, user, at, up),
            )
        return self.votes_on(alert)

    def votes_on(self, alert: int) -> Votes:
        ((up, down),) = self._all(
            "SELECT COALESCE(SUM(up), 0), COALESCE(SUM(1 - up), 0) FROM votes WHERE alert = ?",
            alert,
        )
        return Votes(up=up, down=down)

    def votes_by_rule(self) -> dict[str, Votes]:
        """Of all rules on whose alerts somebody voted."""
        rows = self._all(
            "SELECT decisions.rule, SUM(up), SUM(1 - up) FROM votes "
            "JOIN decisions ON decisions.id = votes.alert GROUP BY rule ORDER BY rule"
        )
        return {rule: Votes(up=up, down=down) for rule, up, down in rows}

    # Names.

    def name_of(self, number: str) -> str | None:
        """What a channel or a person is called by their id, as far as the store was told."""
        return name_of(self._connections.connection, number)

    # Subscriptions.

    def subscribe(self, *, user: str, name: str, channel: str, query: str, at: int) -> int:
        """Keep a subscription, which a person has once for each query; gives its number."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO subscriptions (at, user, name, channel, query) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (user, query) DO NOTHING",
                (at, user, name, channel, query),
            )
        ((number,),) = self._all(
            "SELECT id FROM subscriptions WHERE user = ? AND query = ?", user, query
        )
        return int(number)

    def subscriptions(self, user: str | None = None) -> list[Subscription]:
        """Those of a person, or all of them, in the order in which they were made."""
        rows = self._all(
            "SELECT id, at, user, name, channel, query FROM subscriptions "
            "WHERE ?1 IS NULL OR user = ?1 ORDER BY id",
            user,
        )
        return [
            Subscription(id=id_, at=at, user=user_, name=name, channel=channel, query=query)
            for id_, at, user_, name, channel, query in rows
        ]

    def unsubscribe(self, number: int) -> None:
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM subscriptions WHERE id = ?", (number,))

    # What was typed, and what came.

    def keep_text(self, text: str) -> int:
        """The number of a text that is too long for a button; the same text has one number."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO long_queries (text) VALUES (?) ON CONFLICT (text) DO NOTHING", (text,)
            )
        ((number,),) = self._all("SELECT id FROM long_queries WHERE text = ?", text)
        return int(number)

    def kept_text(self, number: int) -> str | None:
        """The text of a number; None where there is none."""
        rows = self._all("SELECT text FROM long_queries WHERE id = ?", number)
        return str(rows[0][0]) if rows else None

    def once(self, event_id: str, *, at: int) -> bool:
        """Whether an event comes for the first time; the next time it does not.

        Slack delivers an event again where it saw no acknowledgement.
        """
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM seen_events WHERE at < ?", (at - _EVENTS_KEPT,))
            return connection.execute(
                "INSERT INTO seen_events (event_id, at) VALUES (?, ?) "
                "ON CONFLICT (event_id) DO NOTHING",
                (event_id, at),
            ).rowcount == 1  # fmt: skip

    def _all(self, statement: str, *parameters: Any) -> Sequence[tuple[Any, ...]]:
        return self._connections.connection.execute(statement, parameters).fetchall()


def chat_tables(database: "Database") -> None:
    """The tables of this room."""
    tables: Any = database
    person = {"at": int, "user": str, "name": str}
    tables["acts"].create(
        {"id": int, **person, "act": str, "target": str, "told": str, "alert": int, "refused": int},
        pk="id",
        not_null={"at", "user", "name", "act", "target", "told", "refused"},
    )
    database.execute("CREATE INDEX acts_alert ON acts (alert) WHERE alert IS NOT NULL")
    tables["acts"].create_index(["act", "target"])
    tables["acks"].create({"alert": int, **person}, pk="alert", not_null={"at", "user", "name"})
    tables["votes"].create(
        {"alert": int, "user": str, "at": int, "up": int},
        pk=("alert", "user"),
        not_null={"at", "up"},
    )
    tables["subscriptions"].create(
        {"id": int, **person, "channel": str, "query": str},
        pk="id",
        not_null={*person, "channel", "query"},
    )
    tables["subscriptions"].create_index(["user", "query"], unique=True)
    tables["long_queries"].create({"id": int, "text": str}, pk="id", not_null={"text"})
    tables["long_queries"].create_index(["text"], unique=True)
    tables["seen_events"].create({"event_id": str, "at": int}, pk="event_id", not_null={"at"})
    tables["seen_events"].create_index(["at"])
