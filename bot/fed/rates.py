"""Rates as statements write them: 3-1/2, 1 3/4, 0.25, 0 to 1/4, 25 basis points."""

from dataclasses import dataclass
from decimal import Decimal

from bot.fed.tokens import Cursor, tokens

ZERO = Decimal(0)
_WORDS = {
    "zero": ZERO,
    "one": Decimal(1),
    "two": Decimal(2),
    "three": Decimal(3),
    "four": Decimal(4),
    "five": Decimal(5),
    "six": Decimal(6),
    "seven": Decimal(7),
    "eight": Decimal(8),
    "nine": Decimal(9),
    "ten": Decimal(10),
    "quarter": Decimal("0.25"),
    "one-quarter": Decimal("0.25"),
    "half": Decimal("0.5"),
    "one-half": Decimal("0.5"),
    "three-quarter": Decimal("0.75"),
    "three-quarters": Decimal("0.75"),
}
_PARTS = {"quarter": Decimal("0.25"), "quarters": Decimal("0.25"), "half": Decimal("0.5")}
_POINTS = ("point", "points")
_BASIS_POINTS = ("basis-point", "basis-points")
_PERCENTAGE_POINTS = ("percentage-point", "percentage-points")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target for the federal funds rate in percent; both ends are equal for a point target."""

    lower_pct: Decimal
    upper_pct: Decimal

    def __post_init__(self) -> None:
        if self.lower_pct > self.upper_pct:
            raise ValueError(f"Target runs from {self.lower_pct} down to {self.upper_pct}")


def read_target(text: str) -> Target | None:
    """The target that a text is and nothing else: '3-1/2 to 3-3/4 percent'; None if it is none."""
    cursor = Cursor(tokens(text))
    target = cursor.attempt(target_of)
    return target if cursor.ended else None


def target_of(cursor: Cursor) -> Target | None:
    """A range with its 'percent', else a single rate with it."""
    return cursor.attempt(range_of) or cursor.attempt(_point)


def range_of(cursor: Cursor) -> Target | None:
    """AMOUNT [percent] (to | - | and) AMOUNT percent, the first below the second."""
    between = cursor.phrase("between")
    if (lower := cursor.attempt(amount)) is None:
        return None
    _percent(cursor)
    if not cursor.word(("and",) if between else ("to", "-", "through")):
        return None
    if (upper := cursor.attempt(amount)) is None or not _percent(cursor) or lower >= upper:
        return None
    return Target(lower_pct=lower, upper_pct=upper)


def _point(cursor: Cursor) -> Target | None:
    rate = cursor.attempt(amount)
    if rate is None or not _percent(cursor):
        return None
    return Target(lower_pct=rate, upper_pct=rate)


def _percent(cursor: Cursor) -> bool:
    if cursor.low() == "-" and cursor.low(1) == "percent":
        cursor.at += 1
    return bool(cursor.word(("percent", "%", "pct", "pct."))) or cursor.phrase("per", "cent")


def amount(cursor: Cursor) -> Decimal | None:
    """A number: sign, whole with a fraction behind '-' or a blank, fraction, decimal, or words."""
    sign = -1 if cursor.word(("minus", "negative", "-")) else 1
    size = cursor.attempt(_unsigned)
    return None if size is None else sign * size


def _unsigned(cursor: Cursor) -> Decimal | None:
    token = cursor.peek()
    if token is None:
        return None
    if token.kind == "word":
        return cursor.attempt(_spelled)
    if token.kind == "mark":
        return None
    cursor.at += 1
    if token.kind == "fraction":
        return _fraction(token.text)
    if token.kind == "decimal":
        return Decimal(token.text)
    whole = Decimal(token.text)
    part = None if whole == 0 else cursor.attempt(_part_of_a_mixed_number)
    return whole if part is None else whole + part


def _part_of_a_mixed_number(cursor: Cursor) -> Decimal | None:
    cursor.word(("-",))
    if cursor.kind() != "fraction":
        return None
    cursor.at += 1
    part = _fraction(cursor.row[cursor.at - 1].text)
    return part if part is not None and part < 1 else None


def _fraction(text: str) -> Decimal | None:
    above, below = (int(part) for part in text.split("/"))
    return Decimal(above) / Decimal(below) if below else None


def _spelled(cursor: Cursor) -> Decimal | None:
    """'zero', 'one-quarter', 'three quarters', 'a quarter'."""
    if cursor.word(("a",)):
        return _PARTS.get(cursor.word(("quarter", "half")) or "")
    word = cursor.word(_WORDS)
    if word is None:
        return None
    if part := cursor.word(_PARTS):
        return _WORDS[word] * _PARTS[part]
    return _WORDS[word]


def size_of(cursor: Cursor) -> Decimal | None:
    """A step in percentage points: '25 basis points', '1/4 percentage point', '50-basis-point'."""
    steps = cursor.attempt(_unsigned)
    if steps is None:
        return None
    cursor.word(("-",))
    if cursor.word(_BASIS_POINTS) or (cursor.phrase("basis") and cursor.word((*_POINTS, "-"))):
        return steps / 100
    cursor.phrase("of", "a") or cursor.phrase("of", "one")
    if cursor.word(_PERCENTAGE_POINTS) or (cursor.phrase("percentage") and cursor.word(_POINTS)):
        return steps
    return None
