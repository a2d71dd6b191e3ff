"""What people do in the local Slack: type commands, click, write, look; it reaches the bot.

Each act comes back as the Envelope in which it went to the bot, whose acknowledgement can be
waited for; whoever is named may be an id or a name, the first of PEOPLE where nobody is.
"""

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clock import Clock, to_ms
from bot.sandbox import slack_payloads as payloads
from bot.sandbox.slack_changes import Changes
from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_content import SlackRefusal
from bot.sandbox.slack_people import BOT_NAME, BOT_USER, PEOPLE, SLACKBOT, TEAM, Json, Person
from bot.sandbox.slack_responses import Responses
from bot.sandbox.slack_socket import Envelope, Kind, SocketMode
from bot.sandbox.slack_workspace import Workspace

FIRST = PEOPLE[0].id


class Acts:
    """Of people in a workspace whose bot has connected by a socket.

    changed: guards the workspace, and is told of every change.
    """

    def __init__(self, workspace: Workspace, clock: Clock, changed: Changes) -> None:
        self.workspace, self._clock, self._changed = workspace, clock, changed
        self.responses = Responses(workspace, clock)
        self.socket = SocketMode(clock, changed, self._acted)
        self._events = itertools.count(1)

    def now(self) -> datetime:
        return self._clock()

    def command(self, line: str, *, user: str = FIRST, channel: str = "") -> Envelope:
        """Type ``/alerts OKLO 30d`` into a channel, by default the first.

        Names (@mira, #alerts) and the characters ``& < >`` leave the box as Slack escapes them.
        """
        name, _, text = line.strip().partition(" ")
        with self._changed:
            person, place = self._who(user), self._where(channel)
            path = self.responses.path(place, person.id)
            payload = payloads.command(
                person, place, name,
                payloads.typed(self.workspace, text.strip(), labels=True),
                response_url=f"{self.workspace.url}{path}",
                trigger=self.workspace.views.trigger(person.id),
            )  # fmt: skip
        envelope = self.socket.send(Kind.COMMAND, payload)
        if envelope.error:
            self.failed(envelope)
        return envelope

    def failed(self, envelope: Envelope) -> None:
        """Slackbot tells who typed a command that nobody took it, or not in time."""
        payload, error = envelope.payload, envelope.error or "operation_timeout"
        told = f"{payload['command']} failed with the error “{error}”"
        with self._changed:
            whisper = self.workspace.whisper(
                self.workspace.channel(payload["channel_id"]), payload["user_id"], {"text": told}
            )
            whisper["user"] = SLACKBOT
            self._changed.notify_all()

    def click(
        self, channel: str, ts: str, action_id: str, value: str | None = None, user: str = FIRST
    ) -> Envelope:
        """Click a button, or choose the option ``value``, of a message.

        value: tells buttons of one action_id apart; None takes the first.
        KeyError where there is no such message or element.
        """
        with self._changed:
            person, place = self._who(user), self._where(channel)
            message = place.message(ts) or place.whisper(ts)
            if message is None:
                raise KeyError(ts)
            at = self.workspace.next_ts()
            action = payloads.action_on(message.get("blocks", []), action_id, value, at)
            path = self.responses.path(place, person.id, ts)
            payload = payloads.click(
                person, place, message, action,
                url=f"{self.workspace.url}{path}",
                trigger=self.workspace.views.trigger(person.id),
            )  # fmt: skip
        return self.socket.send(Kind.INTERACTIVE, payload)

    def click_in_view(
        self, view_id: str, action_id: str, value: str | None = None, user: str = FIRST
    ) -> Envelope:
        """The same in a modal or an App Home that this person sees."""
        with self._changed:
            person, views = self._who(user), self.workspace.views
            seen = [view for held in (views.open, views.homes) if (view := held.get(person.id))]
            view = next((each for each in seen if each["id"] == view_id), None)
            if view is None:
                raise KeyError(view_id)
            action = payloads.action_on(view["blocks"], action_id, value, self.workspace.next_ts())
            trigger = views.trigger(person.id)
        payload = payloads.click_in_view(person, view, action, trigger=trigger)
        return self.socket.send(Kind.INTERACTIVE, payload)

    def submit(self, values: Mapping[str, Any], *, user: str = FIRST) -> Envelope:
        """Send off the modal that this person has open; KeyError where there is none.

        values: block_id → action_id → what stands there, as view.state.values holds it.
        """
        with self._changed:
            person, views = self._who(user), self.workspace.views
            view, trigger = views.sent_off(person.id), views.trigger(person.id)
        payload = payloads.submission(person, view, values, trigger=trigger)
        return self.socket.send(Kind.INTERACTIVE, payload)

    def shortcut(self, callback_id: str, *, user: str = FIRST) -> Envelope:
        """Choose a global shortcut of the app."""
        with self._changed:
            person, ts = self._who(user), self.workspace.next_ts()
            trigger = self.workspace.views.trigger(person.id)
        payload = payloads.shortcut(person, callback_id, trigger=trigger, ts=ts)
        return self.socket.send(Kind.INTERACTIVE, payload)

    def mention(
        self, channel: str, text: str, thread: str | None = None, user: str = FIRST
    ) -> Envelope:
        """Write ``@alerts`` and a text into a channel, or into a thread of it."""
        envelope = self.say(channel, f"@{BOT_NAME} {text}", thread, user)
        assert envelope is not None  # a mention of the bot always reaches it
        return envelope

    def say(
        self, channel: str, text: str, thread: str | None = None, user: str = FIRST
    ) -> Envelope | None:
        """Write into a channel; None where the bot is not told: no mention, no direct message."""
        with self._changed:
            person, place = self._who(user), self._where(channel)
            sent = payloads.typed(self.workspace, text, labels=False)
            message = self.workspace.say(person, place, sent, thread)
            self._changed.notify_all()
        told = {"user": person.id, "text": message["text"], "ts": message["ts"], "team": TEAM,
                "channel": place.id, "event_ts": message["ts"]}  # fmt: skip
        told |= {"thread_ts": thread} if thread else {}
        if place.user is not None:
            return self._event({"type": "message", "channel_type": "im", **told})
        if f"<@{BOT_USER}>" in message["text"] and place.is_member:
            return self._event({"type": "app_mention", **told})
        return None

    def open_home(self, *, user: str = FIRST) -> Envelope:
        """Look at the App Home."""
        with self._changed:
            person = self._who(user)
            place, view = self.workspace.direct(person), self.workspace.views.homes.get(person.id)
            at = self.workspace.next_ts()
        told = {"user": person.id, "channel": place.id, "tab": "home", "event_ts": at}
        return self._event({"type": "app_home_opened", **told, **({"view": view} if view else {})})

    def _event(self, held: Json) -> Envelope:
        seconds = to_ms(self._clock()) // 1_000
        payload = payloads.event(held, number=next(self._events), seconds=seconds)
        return self.socket.send(Kind.EVENT, payload)

    def answers(self, user: str = FIRST) -> list[Json]:
        """What only this person sees, in all channels, oldest first, each with its channel's id."""
        with self._changed:
            ident = self._who(user).id
            seen = [
                {**whisper, "channel": channel.id}
                for channel in self.workspace.channels()
                for whisper in channel.whispers
                if whisper["visible_to"] == ident
            ]
        return sorted(seen, key=lambda whisper: float(whisper["ts"]))

    def _who(self, name_or_id: str) -> Person:
        return self.workspace.person(name_or_id)

    def _where(self, name_or_id: str) -> Channel:
        """A channel; for the id or the @name of a person their direct message with the bot."""
        if not name_or_id:
            return self.workspace.channels()[0]
        if name_or_id.startswith("@") or name_or_id in self.workspace.people:
            return self.workspace.direct(self._who(name_or_id))
        return self.workspace.channel(name_or_id)

    def _acted(self, envelope: Envelope, told: Json) -> None:
        """What came with an acknowledgement is done at once."""
        payload = envelope.payload
        with self._changed:
            try:
                if payload.get("type") == "view_submission":
                    self._after_submission(payload["user"]["id"], told)
                elif told and (url := payload.get("response_url")):
                    self.responses.at_once(url.removeprefix(self.workspace.url), told)
            except SlackRefusal:
                return  # as Slack, which shows nothing then
            finally:
                self._changed.notify_all()

    def _after_submission(self, user: str, told: Json) -> None:
        views = self.workspace.views
        match told.get("response_action"):
            case "update":
                views.replace(user, told["view"])
            case "push":
                views.push(user, told["view"])
            case "errors":
                views.complain(user, told["errors"])
            case _:
                views.close(user)
