"""How a value of the configuration file is read: TOML's value in, the setting's own type out."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.rules.channels import CHANNEL_MEND, read_channel
from bot.rules.problems import did_you_mean
from bot.rules.spans import read_span

Reader = Callable[[Any], Any]

_CONTACT = re.compile(r"(?:[ -~]* )?[^\s@<>]+@[^\s@<>]+", re.ASCII)
_TICKER = re.compile(r"[A-Z][A-Z0-9]{0,9}(?:[.-][A-Z0-9]{1,4})?", re.ASCII)


class Unfit(Exception):
    """A value that a setting can not take, and how to mend it; ``item`` counts from 0 in a list."""

    def __init__(self, what: str, mend: str, item: int | None = None) -> None:
        super().__init__(what)
        self.what, self.mend, self.item = what, mend, item


def path(value: Any) -> Path:
    """A path, ``~`` at its start being the home folder."""
    written = _text(value, example="bot.db")
    if not written or "\0" in written:
        raise Unfit("an empty path leads nowhere", "write a path, or delete the line")
    try:
        return Path(written).expanduser()
    except RuntimeError as error:
        raise Unfit(f"'{written}' is in the home of nobody known here", "write it out") from error


def span(value: Any) -> timedelta:
    """A span of elapsed time, in the words of the rule language."""
    written = _text(value, example="30s")
    try:
        read = read_span(written)
    except ValueError as error:
        raise Unfit(str(error), 'write a number and its unit: "30s", "5min", "24h"') from error
    if read.months:
        raise Unfit(f"'{written}' is not always as long", "use s, min, h, d or w")
    return timedelta(milliseconds=read.elapsed_ms)


def story_span(value: Any) -> timedelta:
    """Within which span alerts make one story; none of it where they make none, ``off``."""
    return timedelta() if value == "off" else span(value)


def quotes_every(value: Any) -> timedelta:
    """How often quotes are asked for: providers take no more, and half a point takes longer."""
    read = span(value)
    if read < timedelta(seconds=30):
        raise Unfit(f"'{value}' would ask the provider of prices too often", 'write "30s" or more')
    return read


def contact(value: Any) -> str:
    """Who asks the SEC, as it stands in the User-Agent of every request."""
    written = _text(value, example="Example Corp alerts@example.com").strip()
    if not written.isascii():
        mend = "write it in plain letters from A to Z"
        raise Unfit("the contact goes into an HTTP header, which holds ASCII only", mend)
    if not _CONTACT.fullmatch(written):
        mend = 'end it with an e-mail address: "Example Corp alerts@example.com"'
        raise Unfit(f"'{written}' names nobody whom the SEC could write to", mend)
    return written


_PROVIDERS = {
    "yahoo": "yahoo",
    "alpaca": "alpaca",
    "folder": "folder",
    "csv": "folder",
    "parquet": "folder",
    "off": "off",
}
"""What a price provider may be called, and its one name."""


def price_provider(value: Any) -> str:
    """The one name of a price provider."""
    written = _text(value, example="yahoo").strip()
    if written.lower() not in _PROVIDERS:
        names = "yahoo, alpaca, folder, off"
        mend = did_you_mean(written.lower(), _PROVIDERS, otherwise=f"known are {names}")
        raise Unfit(f"'{written}' is no provider of prices", mend)
    return _PROVIDERS[written.lower()]


AGENCIES = ("fed", "bls", "bea")


def agencies(value: Any) -> tuple[str, ...]:
    """Agencies whose calendars are watched, each once; none is an empty list."""
    if not isinstance(value, list):
        raise Unfit(f"must be a list, not {_named(value)}", 'write ["fed", "bls"], or [] for none')
    return tuple(dict.fromkeys(_agency(item, at) for at, item in enumerate(value)))


def _agency(value: Any, item: int) -> str:
    written = _text(value, example="bls").strip().lower()
    if written not in AGENCIES:
        mend = did_you_mean(written, AGENCIES, otherwise=f"known are {', '.join(AGENCIES)}")
        raise Unfit(f"'{written}' is no agency whose calendar is known", mend, item)
    return written


LOSS_POLICIES = ("losses_excluded", "losses_included", "losses_as_zero", "capped_60")


def loss_policy(value: Any) -> str:
    """What becomes of losses in the P/E of a fund."""
    written = _text(value, example=LOSS_POLICIES[0]).strip().lower()
    if written not in LOSS_POLICIES:
        known = f"known are {', '.join(LOSS_POLICIES)}"
        mend = did_you_mean(written, LOSS_POLICIES, otherwise=known)
        raise Unfit(f"'{written}' is no way to count losses", mend)
    return written


def tickers(value: Any) -> tuple[str, ...]:
    """Tickers as the SEC writes them (BRK-B), each once."""
    if not isinstance(value, list):
        raise Unfit(f"must be a list, not {_named(value)}", 'write ["IWM", "SPY"]')
    return tuple(dict.fromkeys(_ticker(item, at) for at, item in enumerate(value)))


def ticker(value: Any) -> str:
    """One ticker as the SEC writes it."""
    return _ticker(value, None)


def _ticker(value: Any, item: int | None) -> str:
    if not isinstance(value, str):
        mend = 'put the ticker in quotes: "IWM"'
        raise Unfit(f"must be a text, not {_named(value)}", mend, item)
    written = value.strip().upper()
    if not _TICKER.fullmatch(written):
        raise Unfit(f"'{value}' is no ticker", 'write one like "IWM" or "BRK-B"', item)
    return written.replace(".", "-")


def watch_list(value: Any) -> tuple[str, ...]:
    """Tickers as the SEC writes them (BRK-B) and CIKs of ten digits, each once."""
    if not isinstance(value, list):
        raise Unfit(f"must be a list, not {_named(value)}", 'write ["OKLO", "0001849056"]')
    return tuple(dict.fromkeys(_watched(item, at) for at, item in enumerate(value)))


def _watched(value: Any, item: int) -> str:
    if not isinstance(value, str):
        mend = 'put each ticker or CIK in quotes: ["OKLO", "0001849056"]'
        raise Unfit(f"must be texts, not {_named(value)}", mend, item)
    written = value.strip().upper()
    if written.isascii() and written.isdigit() and len(written) <= 10:
        return written.zfill(10)
    if not _TICKER.fullmatch(written):
        mend = 'a ticker is like "OKLO" or "BRK-B", a CIK has up to ten digits'
        raise Unfit(f"'{value}' is neither a ticker nor a CIK", mend, item)
    return written.replace(".", "-")


def yes_no(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unfit(f"must be true or false, not {_named(value)}", "write true or false, unquoted")
    return value


def url(value: Any) -> str:
    """An address of the web, without a slash at its end."""
    written = _address(_text(value, example="https://example.org"))
    if "?" in written or "#" in written:
        mend = f'write it without what asks: "{re.split("[?#]", written)[0]}"'
        raise Unfit(f"'{written}' is no address of the web", mend)
    return written.rstrip("/")


def addresses(value: Any) -> tuple[str, ...]:
    """Addresses of pages of the web, each once; none is an empty list."""
    if not isinstance(value, list):
        mend = 'write ["https://www.dallasfed.org/rss/speeches.xml"], or [] for none'
        raise Unfit(f"must be a list, not {_named(value)}", mend)
    return tuple(dict.fromkeys(_listed_address(item, at) for at, item in enumerate(value)))


def _listed_address(value: Any, item: int) -> str:
    try:
        return _address(_text(value, example="https://www.dallasfed.org/rss/speeches.xml"))
    except Unfit as unfit:
        raise Unfit(unfit.what, unfit.mend, item) from unfit


_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[A-Za-z0-9./_-]*)?")


def _address(text: str) -> str:
    written = text.strip()
    host = written if _HOST.fullmatch(written) else "example.org"
    mend = f'write it whole: "https://{host}"'
    try:
        parts = urlsplit(written)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise Unfit(f"'{written}' is no address: {error}", mend) from error
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", written):
        raise Unfit(f"'{written}' is no address of the web", mend)
    if parts.username or parts.password:
        raise Unfit("a name or password stands in the address", "leave it out")
    return written


def api_url(value: Any) -> str:
    """An address of the web with a slash at its end, as slack_sdk wants it."""
    return url(value) + "/"


def channel(value: Any) -> str:
    """A Slack channel: ``#name``, or the id of a channel or person."""
    try:
        return read_channel(_text(value, example="#alerts"))
    except ValueError as error:
        raise Unfit(str(error), CHANNEL_MEND) from error


EVERYONE = ("everyone",)
_PEOPLE = re.compile(r"[UWS][A-Z0-9]{5,}")


def people(value: Any) -> tuple[str, ...]:
    """Who may do something: everyone, or users and user groups by Slack's ids, each once."""
    if value == "everyone":
        return EVERYONE
    if not isinstance(value, list):
        mend = 'write "everyone", or ids: ["U0123456789", "S0123456789"]; [] for nobody in Slack'
        raise Unfit(f'must be "everyone" or a list, not {_named(value)}', mend)
    return tuple(dict.fromkeys(_person(item, at) for at, item in enumerate(value)))


def _person(value: Any, item: int) -> str:
    if not isinstance(value, str) or not _PEOPLE.fullmatch(value.strip()):
        mend = "Slack shows it at the end of 'Copy member ID' (U…), or in a group's link (S…)"
        told = f"'{value}'" if isinstance(value, str) else _named(value)
        raise Unfit(f"{told} is no id of a user or a user group", mend, item)
    return value.strip()


def _text(value: Any, *, example: str) -> str:
    if not isinstance(value, str):
        mend = f'write a text in quotes, as in "{example}"'
        raise Unfit(f"must be a text, not {_named(value)}", mend)
    return value


def _named(value: Any) -> str:
    """What sort of value it is, for a reader."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text '{value}'"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date or time"
