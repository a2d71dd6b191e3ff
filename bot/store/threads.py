"""Messages that belong together: stories, and what tells one alert."""

from bot.store.messages import Message, Rows


class Threads(Rows):
    """Messages by what they answer."""

    def open_story(self, channel: str, subject: str, *, since: int) -> Message | None:
        """The newest alert about a subject that stands alone in a channel, and is not older."""
        where = (
            "channel = ? AND subject = ? AND parent IS NULL AND message_id > 0 "
            "AND state NOT IN ('dead', 'digest') AND created_at >= ? ORDER BY id DESC LIMIT 1"
        )
        return next(iter(self._select(where, (channel, subject, since))), None)

    def thread_of(self, number: int) -> list[Message]:
        """The messages in the thread of another, oldest first."""
        return self._select("parent = ? ORDER BY id", (number,))

    def telling(self, message_id: int) -> list[Message]:
        """The messages that tell an alert, one a channel."""
        return self._select("message_id = ? ORDER BY id", (message_id,))
