"""Whether somebody may do what they ask; a refusal is recorded and says who may."""

from bot.chat.ask import Ask
from bot.chat.permissions import Act
from bot.errors import QueryError

_WORDS = {
    Act.MUTE: "mute or unmute",
    Act.ACKNOWLEDGE: "acknowledge alerts",
    Act.SUBSCRIBE: "subscribe to alerts",
}


def check_allowed(ask: Ask, act: Act) -> None:
    """QueryError where the asker may not."""
    permissions = ask.wired.permissions
    if permissions.may(act, ask.asker):
        return
    what = f"you may not {_WORDS[act]} here"
    mend = f"that is for {permissions.who_may(act)}: `[chat] {act}` of the bot's configuration"
    ask.note(ask.command.verb, f"{what}; {mend}", alert=ask.command.number, refused=True)
    raise QueryError(what, where="permissions", mend=mend)
