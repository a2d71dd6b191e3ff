"""An alert in one line of a list."""

from bot.chat.ask import Ask
from bot.clock import to_ms
from bot.numbers import money_text
from bot.rules.fire import Fate
from bot.store.history import PastAlert


def alert_line(ask: Ask, alert: PastAlert) -> str:
    """``#10482 · 14:32 · OKLO · insider buy $4.2M · Jacob DeWitte (CEO)``."""
    parts = [f"#{alert.id}", ask.time(to_ms(alert.fired_at))]
    parts += _of_a_trade(alert) if alert.kind == "insider_trade" and alert.side else _other(alert)
    if alert.fate != Fate.FIRED:
        parts.append(ask.local(f"{alert.fate} {alert.reason or ''}".strip()))
    if alert.ack is not None:
        parts.append(f"acknowledged by {alert.ack.name}")
    return " · ".join(part for part in parts if part)


def _of_a_trade(alert: PastAlert) -> list[str]:
    side = "trade" if alert.side == "none" else alert.side
    value = "" if alert.value_cents is None else money_text(alert.value_cents)
    role = f" ({_role(alert.role)})" if alert.role else ""
    who = f"{alert.who}{role}" if alert.who else ""
    return [
        alert.ticker or "",
        f"insider {side} {value}".replace("  ", " ").strip(),
        who,
        alert.rule,
    ]


def _role(role: str) -> str:
    return role.upper() if len(role) == 3 else role.replace("_", " ")


def _other(alert: PastAlert) -> list[str]:
    """The message, which names its ticker itself more often than not."""
    told = alert.message or alert.rule
    return [told] if alert.ticker is None or alert.ticker in told else [alert.ticker, told]
