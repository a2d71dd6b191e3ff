"""``help``: six examples to press, what dates look like, which fields there are."""

from collections.abc import Callable, Mapping

from bot.cards.actions import Action
from bot.chat.answer import Answer, Button, Row
from bot.chat.ask import Ask
from bot.chat.asker import Via
from bot.chat.command import Verb
from bot.rules.problems import did_you_mean
from bot.store.searchable import FIELDS, Searchable

_EXAMPLES = {
    "OKLO since:90d": "what was told of a ticker",
    "insider min:$1m 30d": "trades of insiders of $1M and more, of the last 30 days",
    "sev:high,critical is:unacked": "grave alerts that nobody looks after",
    "fed since:2026-01": "the Federal Reserve this year",
    "stats 30d": "which rules fire, how fast alerts arrive",
    "health": "whether sources answer and alerts go out",
}
_DATES = (
    "since:90d, since:24h, 30d: so long ago.  Units: min h d w mo y",
    "since:2026-08-01, until:2026-08-31: days, both included",
    "since:2026-08-01T14:30: an instant of that day",
    "on:2026-08: a whole month; on:2026-08-01..2026-08-15: from one day to another",
    "today, yesterday, since:yesterday",
    "Days and times are those of your time zone; a subscription keeps 30d as it is said.",
)
_COMMANDS: Mapping[Verb, tuple[str, str]] = {
    Verb.SHOW: ("show 1234", "an alert whole: its card, why it fired, how it was delivered"),
    Verb.WHY: ("why 1234, why RULE TICKER", "the proof, down to the filings"),
    Verb.STATS: ("stats [query]", "counts by rule, ticker, kind; delivery; votes"),
    Verb.MUTE: ('mute OKLO 7d [reason], mute rule:ID 4h, mute who:"Sam Altman" 1d',
                "first what it would have hidden; it ends by itself"),
    Verb.MUTES: ("mutes", "what is muted, by whom and why"),
    Verb.UNMUTE: ("unmute OKLO, unmute 3", "tell of it again"),
    Verb.ACK: ("ack 1234", "you look after an alert; its card says so"),
    Verb.SUBSCRIBE: ("subscribe [query]", "what matches comes to your direct messages too"),
    Verb.SUBS: ("subs", "your subscriptions"),
    Verb.UNSUBSCRIBE: ("unsubscribe 3", "end one of them"),
    Verb.EXPORT: ("export [csv|json] [query]", "all that is found, as a file"),
    Verb.RULES: ("rules [name]", "all rules, or one in words"),
    Verb.TEST: ("test", "a test card into this channel; is:test lists them"),
    Verb.DOCTOR: ("doctor", "checks everything the bot needs, which takes seconds"),
    Verb.HEALTH: ("health", "whether sources answer and alerts go out"),
    Verb.HELP: ("help [dates|fields|commands]", "or help on one command: help mute"),
}  # fmt: skip


def help(ask: Ask) -> Answer:
    """The first page, or that of a topic or of a command."""
    word = ask.command.word
    if word is None:
        return _examples(ask)
    if word in _TOPICS:
        return _TOPICS[word](ask)
    if word in _COMMANDS:
        return Answer(headline=_command(Verb(word)), buttons=_BUTTONS)
    known = {*_TOPICS, *_COMMANDS}
    hint = did_you_mean(word, known, otherwise="ask for one of these, or for a command")
    return Answer(headline=f"There is no help on '{word}': {hint}", buttons=_BUTTONS)


def _command(verb: Verb) -> str:
    usage, told = _COMMANDS[verb]
    return f"{usage} · {told}"


def _examples(ask: Ask) -> Answer:
    rows = tuple(
        Row(text=f"{ask.prompt} {example} · {told}",
            buttons=(Button(label="Run", command=example),))
        for example, told in _EXAMPLES.items()
    )  # fmt: skip
    verbs = ", ".join(_COMMANDS)
    return Answer(
        headline="Ask for past alerts in a few words: a ticker, a kind, an amount, a time",
        rows=rows,
        lines=(f"A first word of these does something else: {verbs}.",),
        buttons=(*_form(ask), *_BUTTONS),
    )


def _form(ask: Ask) -> list[Button]:
    """There is a form in Slack."""
    button = Button(label="Search…", command="", action=Action.FORM)
    return [button] if ask.asker.via is Via.SLACK else []


_BUTTONS = (Button(label="Dates", command="help dates"),
            Button(label="Fields", command="help fields"),
            Button(label="Commands", command="help commands"))  # fmt: skip


def _dates(_: Ask) -> Answer:
    return Answer(headline="How to say when", lines=_DATES, buttons=_BUTTONS)


def _commands(_: Ask) -> Answer:
    return Answer(
        headline="Commands: the first word decides; any other begins a search",
        lines=tuple(map(_command, _COMMANDS)),
        buttons=_BUTTONS,
    )


def _fields(_: Ask) -> Answer:
    return Answer(
        headline="Fields: field:value, a - before it for what is not wanted, a comma for or",
        lines=tuple(map(_field, FIELDS)),
        buttons=_BUTTONS,
    )


def _field(field: Searchable) -> str:
    aliases = f" (also {', '.join(field.aliases)})" if field.aliases else ""
    return f"{field.name}{aliases}: {field.doc}  {', '.join(field.examples)}"


_TOPICS: Mapping[str, Callable[[Ask], Answer]] = {
    "dates": _dates,
    "fields": _fields,
    "commands": _commands,
}
