"""Amounts as cards show them: with a true minus, and nothing behind the point of a bare zero."""

from bot.numbers import money_text


def money(cents: int | float) -> str:
    """$9.4M, −$28M, $0."""
    return "$0" if not cents else money_text(cents).replace("-", "−")


def price(usd: float | None) -> str:
    """$145.06, −$0.18; "unknown" where it is."""
    return "unknown" if usd is None else money(usd * 100)
