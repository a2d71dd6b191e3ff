"""The inputs of the search form, and the words of the grammar that each of them gives."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.chat.amounts import with_dots
from bot.chat.canonical import quoted
from bot.chat.normalise import normalise
from bot.rules.fire import Fate
from bot.store.query import Sort
from bot.store.searchable import BY_NAME, NO_CHANNEL

WORDS, RULE = "words", "rule"
IsTicker = Callable[[str], bool]
MOST_CHARACTERS = 1_000
"""Of an input to write into."""

_BOUNDED = re.compile(r"[<>]|.*\.\.")
_SEAM = re.compile(r"-|(?<=[a-z])(?=\d)")
_BETWEEN_TICKERS = re.compile(r'[\s,;"]+')
_SMALL = r"[a-z]+(?:[.'-][a-z]+)*"
_SENTENCE = re.compile(rf"\s*{_SMALL}(?:\s+{_SMALL})+[\s.!?]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """value: as the grammar writes it; empty: it asks nothing."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input.

    name: the block_id in Slack.  term: the words of the grammar for what stands in it, where the
    other argument tells whether our data know a ticker.
    mend: how to fill it in, where the grammar's own advice is about a whole line.
    choices: empty for one to write into, or for a day.  several: of the choices.
    """

    name: str
    label: str
    term: Callable[[str, IsTicker], str]
    example: str = ""
    hint: str = ""
    mend: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    is_day: bool = False


def _tickers(text: str) -> str:
    parts = [quoted(part) for part in _BETWEEN_TICKERS.split(text) if part]
    return f"ticker:{','.join(parts)}" if parts else ""


def _tickers_or_words(text: str, is_ticker: IsTicker) -> str:
    """Several words in small letters, without a comma between, may be a sentence: what our data
    know of them is a ticker, the rest is searched as words.
    """
    if not _SENTENCE.fullmatch(text):
        return _tickers(text)
    words = text.rstrip(" .!?").split()
    known = [word for word in words if is_ticker(word.upper().replace(".", "-"))]
    return " ".join([_tickers(" ".join(known)), *(word for word in words if word not in known)])


def _value(text: str, _: IsTicker) -> str:
    """A single amount is the smallest; bounds may be written out too."""
    amount = with_dots(normalise(text).replace('"', "").strip())
    return f'value:{"" if _BOUNDED.match(amount) else ">="}"{amount}"' if amount else ""


def _named(field: str) -> Callable[[str, IsTicker], str]:
    return lambda value, _: f"{field}:{value}"


def _words_of(field: str, *, anything: str, only: Iterable[str] = ()) -> tuple[Choice, ...]:
    """The words that a field takes, behind one that asks nothing."""
    told = only or BY_NAME[field].listed or BY_NAME[field].words
    return (
        Choice(value="", label=anything),
        *(Choice(value=word, label=_LABELS.get((field, word)) or _title(word)) for word in told),
    )


def _title(word: str) -> str:
    return _SEAM.sub(" ", word[:1].upper() + word[1:])


SPANS = {"today": "Today", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days",
          "90d": "Last 90 days", "1y": "Last year"}  # fmt: skip
"""The periods that can be chosen."""
_ORDERS = {Sort.NEW: "Newest first", Sort.OLD: "Oldest first", Sort.VALUE: "Greatest value first"}
_LABELS = {
    ("side", "none"): "Neither",
    ("status", NO_CHANNEL): "No channel to go to",
    ("fate", "no"): "It did not match",
}
"""Of words that say too little without their field."""
_HELD = [word for word in BY_NAME["fate"].words if word != Fate.FIRED]

INPUTS = (
    Input(
        name="ticker", label="Tickers", term=_tickers_or_words, example="OKLO, NVDA",
        mend="Write up to six letters each: OKLO, BRK.B.",
    ),
    Input(
        name=WORDS, label="Words", term=lambda words, _: words,
        example="reactor, or who:altman change:<-10%",
        hint="Names and words, and all that /alerts takes.",
    ),
    Input(
        name="kind", label="Kind", term=_named("kind"),
        choices=_words_of("kind", anything="Any kind"),
    ),
    Input(
        name="side", label="Side of an insider's trade", term=_named("side"),
        choices=_words_of("side", anything="Any side"),
    ),
    Input(
        name="value", label="Smallest value of a trade", term=_value, example="$1m",
        mend="Write 250k, $1.5m or 250k..2m.",
    ),
    Input(
        name="since", label="Period", term=_named("since"),
        choices=(Choice(value="", label="Any time"),
                 *(Choice(value=span, label=label) for span, label in SPANS.items())),
    ),
    Input(
        name="from", label="From the day", term=_named("since"), is_day=True,
        mend="Choose a period or a first day, not both.",
    ),
    Input(
        name="to", label="Up to the day", term=_named("until"), is_day=True,
        mend="This day is over before the period begins.",
    ),
    Input(
        name="sev", label="Severity", term=_named("sev"), several=True,
        choices=_words_of("sev", anything="")[1:],
    ),
    Input(
        name=RULE, label="Rule", term=lambda rule, _: f"rule:{quoted(rule)}",
        choices=(Choice(value="", label="Any rule"),),
    ),
    Input(
        name="fate", label="What became of the match", term=_named("fate"),
        choices=_words_of("fate", anything="It fired", only=_HELD),
    ),
    Input(
        name="status", label="Delivery", term=_named("status"),
        choices=_words_of("status", anything="Any state"),
    ),
    Input(
        name="sort", label="Order", term=_named("sort"),
        choices=tuple(Choice(value="" if sort is Sort.NEW else sort, label=_ORDERS[sort])
                      for sort in Sort),
    ),
)  # fmt: skip
"""In the order in which they are shown; the choices of ``rule`` grow by the rules in force."""

BY_INPUT = {each.name: each for each in INPUTS}
