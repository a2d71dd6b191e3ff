"""An alert in one line of a list."""

from bot.chat.ask import Ask
from bot.clock import to_ms
from bot.facts import INSIDER_TRADE
from bot.numbers import money_text
from bot.rules.fire import Fate
from bot.store.history import PastAlert

_ROLE = INSIDER_TRADE.by_name["role"]


def alert_line(ask: Ask, alert: PastAlert) -> str:
    """``#10482 · 14:32 · OKLO · insider buy $4.2M · Jacob DeWitte (CEO)``."""
    parts = [f"#{alert.id}", ask.time(to_ms(alert.fired_at))]
    is_trade = alert.kind == "insider_trade" and alert.side and alert.ticker
    parts += _of_a_trade(alert) if is_trade else _other(alert)
    if alert.fate != Fate.FIRED:
        parts.append(ask.local(f"{alert.fate} {alert.reason or ''}".strip()))
    if alert.ack is not None:
        parts.append(f"acknowledged by {alert.ack.name}")
    parts.append(corrected_words(alert))
    return " · ".join(part for part in parts if part)


def corrected_words(alert: PastAlert) -> str:
    """That a later filing tells it otherwise, and what is known now; empty where none does."""
    if alert.corrected is None:
        return ""
    figures = alert.corrected.figures
    return f"corrected: {figures}" if figures else "corrected"


def _of_a_trade(alert: PastAlert) -> list[str]:
    side = "trade" if alert.side == "none" else alert.side
    value = "" if alert.value_cents is None else money_text(alert.value_cents)
    role = f" ({_ROLE.in_plain_words(alert.role)})" if alert.role else ""
    who = f"{alert.who}{role}" if alert.who else ""
    return [
        alert.ticker or "",
        f"insider {side} {value}".replace("  ", " ").strip(),
        who,
        alert.rule,
    ]


def _other(alert: PastAlert) -> list[str]:
    """The message, which names its ticker itself more often than not, and of a trade without one
    the issuer."""
    told = alert.message or alert.rule
    return [told] if alert.ticker is None or alert.ticker in told else [alert.ticker, told]
