"""Numbers that people wrote down: read exactly, rounded once, printed plainly."""

import re
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

_AS_FILED = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_WIDE = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP)
"""Rounds numbers of any length; the usual context gives up at 28 digits."""

_MAGNITUDES = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"))


def read_decimal(text: str) -> Decimal | None:
    """The number a text holds, or None where it is no plain decimal.

    No exponent, thousands separator, currency sign, NaN or infinity: EDGAR decimals have none.
    """
    stripped = text.strip()
    return Decimal(stripped) if _AS_FILED.fullmatch(stripped) else None


def round_half_up(number: Decimal, places: int) -> Decimal:
    """Rounded half away from zero, the way the SEC's own tables round."""
    return number.quantize(Decimal(1).scaleb(-places), context=_WIDE)


def to_cents(dollars: Decimal) -> int:
    """Whole cents of an amount in dollars, rounded half up once."""
    return int(round_half_up(dollars, 2).scaleb(2, context=_WIDE))


def money_text(cents: int | float) -> str:
    """Dollars for a reader: $9.4M, $650K, $12,345.67 below ten thousand dollars."""
    dollars = round_half_up(Decimal(str(cents)), 0).scaleb(-2, context=_WIDE)
    size = abs(dollars)
    text = _short(size) if size >= 10_000 else f"{size:,.2f}"
    return f"-${text}" if dollars < 0 else f"${text}"


def _short(dollars: Decimal) -> str:
    for unit, letter in _MAGNITUDES:
        if round_half_up(dollars / unit, 3) >= 1:
            return _three_digits(dollars / unit) + letter
    return _three_digits(dollars / 1000) + "K"


def _three_digits(number: Decimal) -> str:
    """Three significant digits below 1000, without trailing zeros: 9.4, 16.1, 310.6."""
    return _plain(number, 2 if number < 10 else 1 if number < 1000 else 0)


def percent_text(ratio: float, places: int = 0) -> str:
    """A ratio as a percentage: 1.07 is 107%; one place more below ten percent."""
    percent = Decimal(str(ratio)) * 100
    return _plain(percent, max(places, 1 if abs(percent) < 10 else 0)) + "%"


def signed_text(ratio: float, places: int = 0) -> str:
    """A change as a percentage with its sign: +107%, −13.9%; 0% is none."""
    size = percent_text(abs(ratio), places)
    return size if size.strip("0.%") == "" else f"{'−' if ratio < 0 else '+'}{size}"


def span_text(seconds: float) -> str:
    """A length of time in its two largest units: 9 d, 1 h 5 min, 40 s."""
    minutes, rest = divmod(int(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((n for n, (count, _) in enumerate(parts) if count), 3)
    told = " ".join(f"{count:,} {unit}" for count, unit in parts[first : first + 2] if count)
    return f"{'−' if seconds < 0 else ''}{told}" if told else "0 s"


def number_text(number: int | float | Decimal, places: int = 4) -> str:
    """A plain number for a reader: 64,800, 0.25, 35.944."""
    return _plain(Decimal(str(number)), places)


def _plain(number: Decimal, places: int) -> str:
    """Rounded, with thousands separators, without trailing zeros; nothing is minus zero."""
    rounded = round_half_up(number, places)
    text = f"{rounded or abs(rounded):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
