"""What the bot may do in Slack, why it asks for each of it, and what fails without.

The manifest, `bot doctor` and the docs are made from this one table.
Source: docs.slack.dev, the page of each method and of each event.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One permission of the bot token.

    why: what it is for.  without: what fails where it is missing.
    methods: of the Web API that need it.  events: that Slack sends only with it.
    of_chat: it is needed only where the bot is asked in Slack.
    of_groups: and there only where the configuration names user groups.
    """

    name: str
    why: str
    without: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    of_chat: bool = False
    of_groups: bool = False


_HISTORY = ("conversations.history", "conversations.replies")
_READ = ("conversations.list", "conversations.info")

SCOPES = (
    Scope(
        name="chat:write",
        why="posts, updates and answers",
        without="nothing is posted",
        methods=("chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"),
    ),
    Scope(
        name="commands",
        why="the command /alerts, the shortcut “Search alerts” and the buttons of cards",
        without="/alerts is unknown in Slack",
        of_chat=True,
    ),
    Scope(
        name="channels:history",
        why="looks whether a message whose answer was lost has arrived, in public channels",
        without="a message in doubt stops its channel, for ten minutes once and then for one, and "
        "may come twice there",
        methods=_HISTORY,
    ),
    Scope(
        name="groups:history",
        why="the same in private channels",
        without="a message in doubt stops its channel, for ten minutes once and then for one, and "
        "may come twice there",
        methods=_HISTORY,
    ),
    Scope(
        name="channels:read",
        why="finds public channels by name, and whether the bot is in them",
        without="`bot doctor` can not check public channels; a first message in doubt waits ten "
        "minutes where the channel is set by its name, not by its id",
        methods=_READ,
    ),
    Scope(
        name="groups:read",
        why="the same for private channels",
        without="`bot doctor` can not check private channels",
        methods=_READ,
    ),
    Scope(
        name="files:write",
        why="exports and charts",
        without="exports are not sent, cards stand without charts",
        methods=("files.getUploadURLExternal", "files.completeUploadExternal"),
    ),
    Scope(
        name="im:write",
        why="opens the conversation into which an export is sent",
        without="exports are not sent",
        methods=("conversations.open",),
        of_chat=True,
    ),
    Scope(
        name="im:history",
        why="hears what is written to the bot alone",
        without="direct messages to the bot are not answered",
        events=("message.im",),
        of_chat=True,
    ),
    Scope(
        name="app_mentions:read",
        why="hears its name, also in threads, where commands do not work",
        without="mentions are not answered",
        events=("app_mention",),
        of_chat=True,
    ),
    Scope(
        name="users:read",
        why="the asker's name and time zone",
        without="times are New York's, people stand by their ids",
        methods=("users.info",),
        of_chat=True,
    ),
    Scope(
        name="usergroups:read",
        why="who is in the user groups that may mute, acknowledge or subscribe",
        without="nobody counts as a member of a group",
        methods=("usergroups.list", "usergroups.users.list"),
        of_chat=True,
        of_groups=True,
    ),
)

FREE_METHODS = ("auth.test", "blocks.validate", "views.publish", "views.open", "views.update")
"""What any bot token may call."""

APP_SCOPE = "connections:write"
"""Of the app-level token, for apps.connections.open."""


def needed(*, chat: bool, groups: bool) -> Iterator[Scope]:
    """chat: whether the bot is asked in Slack.  groups: whether it asks who is in user groups."""
    for scope in SCOPES:
        if (chat or not scope.of_chat) and (groups or not scope.of_groups):
            yield scope


def missing(held: Iterable[str], *, chat: bool, groups: bool) -> list[Scope]:
    """What is needed and not held."""
    names = set(held)
    return [scope for scope in needed(chat=chat, groups=groups) if scope.name not in names]
