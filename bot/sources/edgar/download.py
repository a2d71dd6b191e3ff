"""The one door to sec-edgar-downloader: a child process that fetches the filings of one company.

The library has no time-outs, constant hosts, a limiter of its own and a default ``before`` that is
frozen at import; so it runs here, where all of that is given, and where it can be killed.  It takes
one JSON object, a line of standard input, and tells on standard output, one JSON object a line,
which filings there are, what came, and what failed.  It writes no file, and ends with its parent,
which holds standard input open as long as it lives.
"""

import base64
import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from bot.clock import system_clock
from bot.sources.child import Tell, asked_by_parent, teller
from bot.sources.edgar.answers import (
    Due,
    Meaning,
    asks_for_silence,
    is_whole_filing,
    read_answer,
    silence_of,
)
from bot.sources.edgar.contact import MEND_CONTACT
from bot.sources.edgar.container import stated_accession
from bot.sources.edgar.shared_pace import SharedPace

_TIMEOUT_S = (10, 60)
_FORMS = ("3", "4", "5")


def main() -> None:
    """Download what the request on standard input asks for."""
    asked, tell = next(asked_by_parent()), teller(sys.stdout)
    _point_at(asked["www_url"], asked["data_url"])
    _ask_at(SharedPace(Path(asked["pace_file"]), asked["per_second"]), tell)
    _list_all_forms(tell)
    _hand_over(tell)
    with contextlib.redirect_stdout(sys.stderr):  # the library prints its errors
        from sec_edgar_downloader._Downloader import Downloader

        company, _, email = asked["contact"].rpartition(" ")
        downloader = Downloader(company or "self-hosted bot", email, os.devnull)
        known = _as_the_sec_writes_it(asked["company"])
        if not known.isdecimal() and known not in downloader.ticker_to_cik_mapping:
            tell({"unknown": asked["company"]})
            return
        downloader.get(
            _FORMS[0],  # and the others, see _list_all_forms
            known,
            after=asked["since"],
            before=asked["before"],
            include_amends=True,
            accession_numbers_to_skip=set(asked["skip"]),
        )
    tell({"done": True})


def _as_the_sec_writes_it(company: str) -> str:
    return company.strip().upper().replace(".", "-")


def _modules() -> tuple[Any, Any]:
    """The gateway and the orchestrator of the library."""
    from sec_edgar_downloader import _orchestrator, _sec_gateway

    return cast(Any, _sec_gateway), cast(Any, _orchestrator)


def _point_at(www_url: str, data_url: str) -> None:
    """Put other hosts in place of the library's constants."""
    gateway, orchestrator = _modules()
    gateway.URL_CIK_MAPPING = f"{www_url}/files/company_tickers_exchange.json"
    orchestrator.URL_FILING = (
        f"{www_url}/Archives/edgar/data/{{cik}}/{{acc_num_no_dash}}/{{document}}"
    )
    orchestrator.URL_SUBMISSIONS = f"{data_url}/submissions/{{submission}}"
    gateway.HOST_WWW_SEC = _host(www_url)
    gateway.HOST_DATA_SEC = _host(data_url)


def _host(url: str) -> str:
    return url.split("://", 1)[1].split("/", 1)[0]


def _ask_at(pace: SharedPace, tell: Tell) -> None:
    """Give requests a time-out and our pace.

    Where the SEC asks for silence the process tells for how long and ends: each further request
    makes that longer.
    """
    import requests

    session = requests.Session()
    session.trust_env = False

    class Paced:
        """Stands for the module ``requests`` inside the library."""

        @staticmethod
        def get(uri: str, headers: dict[str, str]) -> requests.Response:
            pace()
            answer = session.get(uri, headers=headers, timeout=_TIMEOUT_S)
            if asks_for_silence(answer.status_code, answer.content):
                sys.exit(_refused(answer, tell))
            return answer

    gateway, _ = _modules()
    gateway.requests = Paced


def _refused(answer: Any, tell: Tell) -> str:
    """What the SEC refuses, as last words; for how long is told where it says so."""
    status, body = answer.status_code, answer.content
    read = read_answer(status, answer.headers, body, due=Due.JSON, now=system_clock())
    if read.meaning is Meaning.UNDECLARED:
        return f"the SEC takes it for an undeclared tool ({read.detail}): {MEND_CONTACT}"
    why = f"the SEC asks for silence ({read.detail})"
    if wait := silence_of(read):
        tell({"silence_s": wait.total_seconds(), "why": why})
    return f"{why}; wait ten minutes"


def _list_all_forms(tell: Tell) -> None:
    """List the filings of all forms together, the oldest acceptance first, and tell that.

    The library lists one form at a time, the newest first: what a broken run leaves would then be
    judged before what came before it.
    """
    import requests

    _, orchestrator = _modules()
    ask, list_filings = (
        orchestrator.get_list_of_available_filings,
        orchestrator.aggregate_filings_to_download,
    )
    lists: dict[str, Any] = {}
    accepted: dict[str, str] = {}

    def ask_once(uri: str, user_agent: str) -> Any:
        if uri not in lists:
            lists[uri] = ask(uri, user_agent)
            columns = lists[uri]["filings"]["recent"] if "filings" in lists[uri] else lists[uri]
            accepted.update(
                zip(columns["accessionNumber"], columns["acceptanceDateTime"], strict=True)
            )
        return lists[uri]

    def list_all(metadata: Any, user_agent: str) -> list[Any]:
        try:
            found = [
                filing
                for form in _FORMS
                for filing in list_filings(replace(metadata, form=form), user_agent)
            ]
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code == 404:
                tell({"unknown": metadata.cik})
                sys.exit("EDGAR has no such company")
            raise
        found.sort(key=lambda each: (accepted[each.accession_number], each.accession_number))
        tell({"cik": metadata.cik, "listed": [each.accession_number for each in found]})
        return found

    orchestrator.get_list_of_available_filings = ask_once
    orchestrator.aggregate_filings_to_download = list_all


def _hand_over(tell: Tell) -> None:
    """Tell what came and what failed, which the library saves and prints."""
    _, orchestrator = _modules()
    download = orchestrator.download_filing

    def checked(uri: str, user_agent: str) -> bytes:
        accession = uri.rsplit("/", 1)[1].removesuffix(".txt")
        try:
            body: bytes = download(uri, user_agent)
            if not is_whole_filing(body):
                raise ValueError("what came is no whole filing")
            if (stated := stated_accession(body)) != accession:
                raise ValueError(f"EDGAR serves another filing in its place, {stated or '?'}")
        except Exception as error:
            tell({"failed": accession, "why": f"{type(error).__name__}: {error}"})
            raise
        return body

    def told(body: bytes, file: Path) -> None:
        tell({"came": file.parent.name, "body": base64.b64encode(body).decode()})

    orchestrator.download_filing = checked
    orchestrator.save_document = told


if __name__ == "__main__":
    main()
