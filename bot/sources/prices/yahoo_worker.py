"""The one door to yfinance: a child process through which Yahoo is asked for JSON.

yfinance knows how Yahoo wants to be asked (cookie, crumb, the handshake of a browser); it also
loads pandas, has constant hosts, swallows errors and tries again by itself.  So it runs here, where
every request of it passes one door that paces, places and reads.  Asked
``{"url": ..., "params": {...}}``, a line each, it tells ``{"said": ...}`` or what went wrong.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.clock import system_clock
from bot.sources.child import asked_by_parent, teller
from bot.sources.edgar.answers import retry_after
from bot.sources.prices.pace import Tokens
from bot.sources.prices.yahoo_trouble import Trouble, Troubled

_COOKIE_HOST = "fc.yahoo.com"
_CRUMB_PATH = "/v1/test/getcrumb"
_DATA_PATHS = ("/v7/", "/v8/")
_LOOPBACK = "127.0.0.1,localhost,::1"
_SHOWN = 120  # characters of an answer that stand in a message
Json = dict[str, Any]


def main() -> None:
    """Answer the questions on standard input until it ends."""
    asked, tell = asked_by_parent(), teller(sys.stdout)
    settings = next(asked)
    with contextlib.redirect_stdout(sys.stderr):
        yahoo: _Yahoo | None = None
        for question in asked:
            try:
                yahoo = yahoo or _Yahoo(settings)
                tell({"said": yahoo.ask(question["url"], question["params"])})
            except Troubled as error:
                tell({"trouble": error.trouble, "detail": error.detail, "wait_s": error.wait_s})


class _Yahoo:
    """yfinance, loaded and bent.

    Raises Troubled: CHANGED where this version of it lacks what is bent here.
    """

    def __init__(self, settings: Json) -> None:
        for name in ("NO_PROXY", "no_proxy"):
            os.environ[name] = ",".join(filter(None, (os.environ.get(name), _LOOPBACK)))
        try:
            import yfinance
        except ImportError as error:
            raise Troubled(Trouble.MISSING, str(error)) from error
        self._version = str(getattr(yfinance, "__version__", "of no version"))
        try:
            from yfinance.cache import set_cache_location
            from yfinance.data import YfData

            set_cache_location(os.devnull)  # where no folder can be made, so that nothing is kept
            self._data: Any = YfData()
            self._door = _Door(self._data._session, settings)
        except (ImportError, AttributeError) as error:
            raise Troubled(Trouble.CHANGED, f"yfinance {self._version}: {error}") from error

    def ask(self, url: str, params: Json) -> Any:
        """The JSON that Yahoo answers with."""
        try:
            self._data.get(url, params=params)
        except Troubled:
            raise
        except Exception as error:
            kind = type(error).__name__
            trouble = Trouble.RATE if kind == "YFRateLimitError" else Trouble.CHANGED
            raise Troubled(trouble, f"yfinance {self._version}: {kind}: {error}") from error
        return self._door.said()


class _Door:
    """Stands where the session of yfinance asks: paces and places requests, and reads answers."""

    def __init__(self, session: Any, settings: Json) -> None:
        self._url: str | None = settings["url"]
        self._timeout_s: float = settings["timeout_s"]
        self._tokens = Tokens(settings["requests"], settings["seconds"])
        self._session, self._get, self._post = session, session.get, session.post
        self._said: Any = None
        self._refused: str | None = None
        self._cookie = ""
        session.get, session.post = self.get, self.post

    def get(self, url: str, **options: Any) -> Any:
        parts = urlsplit(url)
        if parts.hostname == _COOKIE_HOST:
            return self._ask_for_cookie(url, options)
        if not parts.path.startswith((*_DATA_PATHS, _CRUMB_PATH)):
            return self._asked(self._get, url, options)  # consent, which yfinance can do without
        try:
            answer = self._asked(self._get, url, options)
        except OSError as error:
            late = "Timeout" in type(error).__name__
            raise Troubled(Trouble.LATE if late else Trouble.CUT, _told(error)) from error
        _refuse_overload(answer)
        if parts.path.startswith(_DATA_PATHS):
            self._hear(answer)
        return answer

    def post(self, url: str, **options: Any) -> Any:
        return self._asked(self._post, url, options)

    def said(self) -> Any:
        """The last answer about prices; raises Troubled where Yahoo took its own crumb for none."""
        if self._refused:
            raise Troubled(Trouble.CRUMB, f"{self._refused}{self._cookie}")
        return self._said

    def _ask_for_cookie(self, url: str, options: Json) -> Any:
        """Nobody reads the answer: the session keeps its cookie, and once is enough."""
        cookies = self._session.cookies
        if len(getattr(cookies, "jar", cookies)):  # curl_cffi keeps them in a jar, requests is one
            return None
        try:
            return self._asked(self._get, url, options)
        except OSError as error:
            self._cookie = (
                f"; its cookie did not come, {_COOKIE_HOST} does not answer ({_told(error)}): "
                "is it blocked by a filter of names?"
            )
            return None

    def _asked(self, ask: Callable[..., Any], url: str, options: Json) -> Any:
        """Raises OSError, of which the errors of requests and of curl_cffi are kinds."""
        self._tokens.take()
        return ask(self._placed(url), **{**options, "timeout": self._timeout_s})

    def _placed(self, url: str) -> str:
        if self._url is None:
            return url
        parts = urlsplit(url)
        return f"{self._url}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

    def _hear(self, answer: Any) -> None:
        """Keep what was said; raise Troubled where that is no answer."""
        status, body = answer.status_code, bytes(answer.content)
        self._refused = f"{status} {_start(body)}" if status in (401, 403) else None
        if self._refused:
            return  # yfinance tries once more with another crumb
        if not body.strip():
            raise Troubled(Trouble.EMPTY, f"status {status}")
        if body.lstrip().startswith(b"<"):
            raise Troubled(Trouble.PAGE, f"status {status}: {_start(body)}")
        try:
            self._said = json.loads(body)
        except ValueError as error:
            raise Troubled(Trouble.NO_JSON, f"status {status}: {_start(body)}") from error
        _refuse_error(self._said, status)


def _refuse_overload(answer: Any) -> None:
    status, body = answer.status_code, bytes(answer.content)
    wait = retry_after(answer.headers.get("Retry-After"), system_clock())
    wait_s = wait.total_seconds() if wait else None
    if status == 429 or b"Too Many Requests" in body[:_SHOWN]:
        raise Troubled(Trouble.RATE, f"status {status}", wait_s)
    if status >= 500:
        raise Troubled(Trouble.DOWN, f"status {status}", wait_s)


def _refuse_error(said: Any, status: int) -> None:
    """Raise what an error object, or an answer without a known body, says."""
    body = next(iter(said.values()), None) if isinstance(said, dict) and len(said) == 1 else None
    if not isinstance(body, dict):
        raise Troubled(Trouble.UNREADABLE, f"status {status}: {_start(json.dumps(said).encode())}")
    if not (error := body.get("error")):
        return
    text = str(error.get("description") or error) if isinstance(error, dict) else str(error)
    if status == 404:
        raise Troubled(Trouble.UNKNOWN, text)
    if "Data doesn't exist" in text:
        raise Troubled(Trouble.NO_DATA, text)
    raise Troubled(Trouble.REFUSED, f"status {status}: {text}")


def _told(error: OSError) -> str:
    return f"{type(error).__name__}: {str(error)[:_SHOWN]}"


def _start(body: bytes) -> str:
    return " ".join(body[:_SHOWN].decode(errors="replace").split())


if __name__ == "__main__":
    main()
