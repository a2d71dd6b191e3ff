"""``subs``: one's subscriptions; at the terminal everybody's."""

from bot.chat.answer import Answer, Button, Row
from bot.chat.ask import Ask
from bot.chat.asker import Via


def subs(ask: Ask) -> Answer:
    """Each with a button that ends it."""
    everybody = ask.asker.via is Via.TERMINAL
    found = ask.store.chat.subscriptions(None if everybody else ask.asker.user)
    rows = tuple(
        Row(
            text=" · ".join(filter(None, (
                str(each.id), each.name if everybody else "", each.query or "every alert",
                f"since {ask.time(each.at)}",
            ))),
            buttons=(Button(label="Unsubscribe", command=f"unsubscribe {each.id}"),),
        )
        for each in found
    )  # fmt: skip
    if not found:
        hint = f"{ask.line('subscribe OKLO insider min:$1m')} tells you of those by direct message"
        return Answer(headline="No subscriptions", hints=(hint,))
    count = f"{len(found)} subscription{'s' * (len(found) != 1)}"
    return Answer(headline=count, rows=rows)
