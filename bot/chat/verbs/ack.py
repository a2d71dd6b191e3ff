"""``ack ID …``: somebody looks after alerts."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.cards import numbers_told
from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.fates import not_told
from bot.chat.found import alert_asked, card_number, decision_of
from bot.chat.permissions import Act
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store import Acknowledgement


def ack(ask: Ask) -> Answer:
    """Keep who, for the cards and for history; whoever was first stays."""
    told = _told(ask)
    check_allowed(ask, Act.ACKNOWLEDGE)
    with ask.store.writing():
        known = {alert: ask.store.chat.acknowledged(alert) for alert in told}
        mine = {alert: words for alert, words in told.items() if known[alert] is None}
        for alert, words in mine.items():
            _keep(ask, alert, words)
    lines = list(_already(ask, [ack for ack in known.values() if ack is not None]))
    match list(mine):
        case []:
            headline = lines.pop(0)
        case [alert]:
            headline = mine[alert]
        case several:
            names = numbers_told(several)
            headline = f"{len(several)} alerts are acknowledged by {ask.asker.name}: {names}"
    return Answer(headline=headline, lines=tuple(lines))


def _told(ask: Ask) -> dict[int, str]:
    """The alerts by the numbers of their cards, with what is recorded of each."""
    decisions = [alert_asked(ask), *(decision_of(ask.store, n) for n in ask.command.others)]
    for each in decisions:
        if not each["message_id"]:
            what = f"#{each['id']} {not_told(each['fate'])}"
            mend = "only alerts that were told can be acknowledged"
            raise QueryError(what, where="ack", mend=mend)
    return {
        (alert := card_number(each)): f"#{alert} is acknowledged by {ask.asker.name}: "
        f"{each['message'] or each['rule']}"
        for each in decisions
    }


def _keep(ask: Ask, alert: int, told: str) -> None:
    """Also for the cards that show it: its own, and that of its story."""
    asker, outbox = ask.asker, ask.store.outbox
    ask.store.chat.acknowledge(
        Acknowledgement(alert=alert, at=to_ms(ask.now), user=asker.user, name=asker.name)
    )
    ask.note("ack", told, alert=alert)
    for message in outbox.telling(alert):
        for number in (message.id, message.parent):
            if number is not None:
                outbox.want_edit(number)


def _already(ask: Ask, acks: Sequence[Acknowledgement]) -> Iterator[str]:
    for (name, at), group in groupby(acks, key=lambda each: (each.name, ask.time(each.at))):
        alerts = [each.alert for each in group]
        were = "was" if len(alerts) == 1 else "were"
        yield f"{numbers_told(alerts)} {were} acknowledged by {name} at {at} already"
