"""``export [csv|json] [query]``: the whole result as a file."""

from collections.abc import Iterator

from bot.chat.answer import Answer, File
from bot.chat.ask import Ask
from bot.chat.export import exported
from bot.chat.names import naming
from bot.chat.told import found_words, looked_through
from bot.clock import new_york_day
from bot.store import PastAlert, Total


def export(ask: Ask) -> Answer:
    """All that the query finds, however many there are."""
    form, count = ask.command.word or "csv", 0

    def alerts() -> Iterator[PastAlert]:
        nonlocal count
        for alert in ask.store.history.every(ask.command.query):
            count += 1
            yield alert

    query = ask.command.query
    named = naming(ask.store, name_of=ask.wired.name_of)
    body = b"".join(exported(alerts(), form, named))
    told = found_words(query, Total(count=count))
    if not count:
        return Answer(headline=f"{ask.reading} → {told}, so there is no file")
    file = File(
        name=f"alerts-{new_york_day(ask.now)}.{form}", body=body, title=f"{ask.reading}: {told}"
    )
    ask.note("export", told)
    hints = looked_through(query, ask.store.history.search(query).total)
    return Answer(headline=f"{ask.reading} → {told}", file=file, hints=tuple(hints))
