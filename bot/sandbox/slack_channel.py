"""A channel of the local Slack, or a direct message: what stands in it, and who sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.slack_people import Json


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel and what stands in it, oldest first; change its state to see the bot refused.

    user: the person of a direct message with the bot; None for a channel.
    whispers: what only one person sees (``visible_to``); it is in no history.
    """

    id: str
    name: str
    is_archived: bool = False
    is_member: bool = True
    is_private: bool = False
    user: str | None = None
    messages: list[Json] = field(default_factory=list)
    whispers: list[Json] = field(default_factory=list)

    def told(self) -> Json:
        """As conversations.info tells of it."""
        if self.user is not None:
            return {"id": self.id, "is_im": True, "user": self.user, "is_archived": False}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": True,
            "is_archived": self.is_archived,
            "is_member": self.is_member,
            "is_private": self.is_private,
        }

    def message(self, ts: object) -> Json | None:
        return next((message for message in self.messages if message["ts"] == ts), None)

    def whisper(self, ts: object) -> Json | None:
        return next((message for message in self.whispers if message["ts"] == ts), None)

    def in_channel(self) -> Iterator[Json]:
        """What is in no thread, newest first; each that has replies says how many."""
        for message in reversed(self.messages):
            if message.get("thread_ts") in (None, message["ts"]):
                yield self.with_replies(message)

    def with_replies(self, message: Json) -> Json:
        """A message and, where it has replies, what conversations.history tells of them."""
        replies = [m for m in self.messages if m.get("thread_ts") == message["ts"]]
        if not replies:
            return message
        return {
            **message,
            "thread_ts": message["ts"],
            "reply_count": len(replies),
            "reply_users": sorted({m["user"] for m in replies}),
            "latest_reply": replies[-1]["ts"],
        }
