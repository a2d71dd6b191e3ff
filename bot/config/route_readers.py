"""How the values of routes and quiet times are read."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from bot.clock import NEW_YORK
from bot.config.readers import Unfit, channel, span
from bot.facts import KINDS
from bot.routes import AfterFirst, Daily
from bot.routes.digest import read_daily
from bot.routes.week import DAYS, read_clock, read_days
from bot.rules.model import Severity
from bot.rules.problems import did_you_mean

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TICKER = re.compile(r"[A-Z][A-Z0-9]{0,9}(?:[.-][A-Z0-9]{1,4})?", re.ASCII)
_LONGEST_DIGEST = timedelta(days=7)
_DAYS_MEND = 'write days as "mon-fri", "sat" or ["sat", "sun"]'


def severities(value: Any) -> frozenset[Severity]:
    """Severities, each ``high`` or, for that and all above, ``high+``."""
    return frozenset(found for each in _listed(value, _severities) for found in each)


def _severities(text: str) -> Iterable[Severity]:
    word = text.removesuffix("+")
    first = list(Severity).index(_severity(word))
    return list(Severity)[first:] if text.endswith("+") else [Severity(word)]


def _severity(word: str) -> Severity:
    if word not in list(Severity):
        mend = did_you_mean(word, Severity, otherwise=f"known are {', '.join(Severity)}; high+")
        raise Unfit(f"'{word}' is no severity", mend)
    return Severity(word)


def override(value: Any) -> Severity | str:
    """The least severity that a quiet time lets through; ``none``: none is."""
    written = _text(value, "critical")
    return written if written == "none" else _severity(written)


def kinds(value: Any) -> frozenset[str]:
    """Kinds of facts."""
    return frozenset(_listed(value, _kind))


def _kind(text: str) -> str:
    known = [kind.name for kind in KINDS]
    if text not in known:
        mend = did_you_mean(text, known, otherwise=f"known are {', '.join(known)}")
        raise Unfit(f"'{text}' is no kind of fact", mend)
    return text


def names(value: Any) -> frozenset[str]:
    """Ids of rules."""
    return frozenset(_listed(value, _name))


def name(value: Any) -> str:
    """What a quiet time is called."""
    return _name(_text(value, "night"))


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise Unfit(f"'{text}' is no name", 'write small letters, digits and "-": "late-night"')
    return text


def tags(value: Any) -> frozenset[str]:
    """Words that rules carry."""
    return frozenset(_listed(value, _tag))


def _tag(text: str) -> str:
    if not text.strip():
        raise Unfit("an empty tag is carried by no rule", "write a word, or delete it")
    return text.strip()


def tickers(value: Any) -> frozenset[str]:
    """Tickers as the SEC writes them."""
    return frozenset(_listed(value, _ticker))


def _ticker(text: str) -> str:
    written = text.strip().upper()
    if not _TICKER.fullmatch(written):
        raise Unfit(f"'{text}' is no ticker", 'write one like "OKLO" or "BRK-B"')
    return written.replace(".", "-")


def channels(value: Any) -> tuple[str, ...]:
    """One channel or several, each once."""
    return tuple(dict.fromkeys(_listed(value, channel)))


def quiet_names(value: Any) -> tuple[str, ...]:
    """Names of quiet times, each once."""
    return tuple(dict.fromkeys(_listed(value, _name)))


def digest(value: Any) -> AfterFirst | Daily:
    """A span after the first alert, or a time of day, on some days or on all."""
    written = _text(value, "10min").strip()
    if ":" not in written:
        length = span(written)
        if not timedelta(seconds=1) <= length <= _LONGEST_DIGEST:
            raise Unfit(f"'{written}' is no while to wait for a digest", 'write "1s" to "7d"')
        return AfterFirst(span=length, text=written)
    try:
        at, days = read_daily(written)
    except ValueError as error:
        mend = 'write "10min" from the first alert on, or a time: "16:30", "mon-fri 16:30"'
        raise Unfit(f"'{error}' is neither a time of day nor a day", mend) from error
    return Daily(at=at, days=days, zone=NEW_YORK)


def digest_by(value: Any) -> str:
    """By what digests are told apart."""
    written = _text(value, "ticker")
    if written not in ("ticker", "rule"):
        mend = did_you_mean(written, ("ticker", "rule"), otherwise='write "ticker" or "rule"')
        raise Unfit(f"digests are not made by '{written}'", mend)
    return written


def clock_time(value: Any) -> int:
    """A time of day, 00:00 to 24:00, in minutes after midnight."""
    written = _text(value, "22:00")
    try:
        return read_clock(written)
    except ValueError:
        mend = 'write hours and minutes, "00:00" to "24:00"'
        raise Unfit(f"'{written}' is no time of day", mend) from None


def days(value: Any) -> frozenset[int]:
    """Days of the week."""
    return frozenset(day for each in _listed(value, _some_days) for day in each)


def _some_days(text: str) -> frozenset[int]:
    try:
        return read_days(text)
    except ValueError as error:
        mend = did_you_mean(str(error)[:3].lower(), DAYS, otherwise=_DAYS_MEND)
        raise Unfit(f"'{error}' is no day", mend) from error


def zone(value: Any) -> ZoneInfo:
    """A time zone by its name."""
    written, known = _text(value, "America/New_York"), available_timezones()
    if written not in known:
        mend = did_you_mean(written, known, otherwise='write one like "America/New_York", "UTC"')
        raise Unfit(f"'{written}' is no time zone", mend)
    return ZoneInfo(written)


def _listed(value: Any, read: Callable[[str], T]) -> list[T]:
    """One text or a list of them, each read; which one is wrong is told."""
    if isinstance(value, str):
        return [read(value)]
    if not isinstance(value, list) or not value:
        raise Unfit("must be a text, or a list with texts in it", 'write "a", or ["a", "b"]')
    found = []
    for at, each in enumerate(value):
        if not isinstance(each, str):
            raise Unfit("must be texts", 'put each in quotes: ["a", "b"]', at)
        try:
            found.append(read(each))
        except Unfit as unfit:
            raise Unfit(unfit.what, unfit.mend, at) from unfit
    return found


def _text(value: Any, example: str) -> str:
    if not isinstance(value, str):
        raise Unfit("must be a text", f'put it in quotes, as in "{example}"')
    return value
