"""``ack ID``: somebody looks after an alert."""

from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.found import alert_asked, card_number
from bot.chat.permissions import Act
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store import Acknowledgement


def ack(ask: Ask) -> Answer:
    """Keep who, for the card and for history; whoever was first stays."""
    decision = alert_asked(ask)
    if not decision["message_id"]:
        what = f"#{decision['id']} was not told: {decision['fate']}"
        raise QueryError(what, where="ack", mend="only alerts that were told can be acknowledged")
    check_allowed(ask, Act.ACKNOWLEDGE)
    alert, store = card_number(decision), ask.store
    mine = Acknowledgement(alert=alert, at=to_ms(ask.now), user=ask.asker.user, name=ask.asker.name)
    with store.writing():
        kept = store.chat.acknowledge(mine)
        if kept != mine:
            return Answer(
                headline=f"#{alert} was acknowledged by {kept.name} at {ask.time(kept.at)} already"
            )
        told = f"#{alert} is acknowledged by {mine.name}: {decision['message'] or decision['rule']}"
        ask.note("ack", told, alert=alert)
        for message in store.outbox.telling(alert):
            store.outbox.want_edit(message.id)
    return Answer(headline=told)
