"""What stands for a trade: an amendment, what that leaves of the filing it amends, a withdrawal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

WITHDRAWAL = "withdrawal"
"""The mark of a fact that tells of no trade but takes a filing back."""

_SORT = ("code", "class", "side", "planned")
_STAKE = ("shares_after", "holding_change_ratio")
"""What a filing tells of the whole trade: of parts it is not known."""


def withdrawn(row: Row) -> bool:
    """Whether a stored fact takes back those that it stands for."""
    return WITHDRAWAL in (row.get("quality") or "").split()


def together(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Stored facts that stand for one, those of one sort as one: their amounts summed, the rest as
    the first tells it, and without what is only known of a whole."""
    sorts: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        sorts.setdefault(tuple(row.get(name) for name in _SORT), []).append(row)
    return [_joined(parts) for parts in sorts.values()]


def _joined(parts: Sequence[Row]) -> dict[str, Any]:
    if len(parts) == 1:
        return dict(parts[0])
    shares, cents = _over(sum, parts, "shares"), _over(sum, parts, "value_usd")
    return {
        **{name: value for name, value in parts[0].items() if name not in _STAKE},
        "shares": shares,
        "value_usd": cents,
        "price_usd": cents / 100 / shares if shares and cents is not None else None,
        "price_low_usd": _over(min, parts, "price_low_usd"),
        "price_high_usd": _over(max, parts, "price_high_usd"),
    }


def _over(of: Callable[[Iterable[Any]], Any], parts: Sequence[Row], name: str) -> Any:
    known = [part[name] for part in parts if part.get(name) is not None]
    return of(known) if known else None
