"""The one door to sec-edgar-downloader: a child process that fetches the filings of one company.

The library has no time-outs, constant hosts, a limiter of its own and a default ``before`` that is
frozen at import; so it runs here, where all of that is given, and where it can be killed.  It takes
one JSON object on standard input and tells on standard output, one JSON object a line, which
filings there are, which were saved and which failed.
"""

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from bot.sources.edgar.answers import asks_for_silence, is_whole_filing
from bot.sources.edgar.shared_pace import SharedPace

_TIMEOUT_S = (10, 60)
_FORMS = ("3", "4", "5")


def main() -> None:
    """Download what the request on standard input asks for."""
    asked = json.load(sys.stdin)
    tell = _teller(sys.stdout)
    _point_at(asked["www_url"], asked["data_url"])
    _observe(tell, SharedPace(Path(asked["pace_file"]), asked["per_second"]))
    with contextlib.redirect_stdout(sys.stderr):  # the library prints its errors
        from sec_edgar_downloader._Downloader import Downloader

        company, _, email = asked["contact"].rpartition(" ")
        downloader = Downloader(company or "self-hosted bot", email, asked["folder"])
        known = _as_the_sec_writes_it(asked["company"])
        if not known.isdecimal() and known not in downloader.ticker_to_cik_mapping:
            tell({"unknown": asked["company"]})
            return
        for form in _FORMS:
            downloader.get(
                form,
                known,
                after=asked["since"],
                before=asked["before"],
                include_amends=True,
                accession_numbers_to_skip=set(asked["skip"]),
            )
    tell({"done": True})


def _as_the_sec_writes_it(company: str) -> str:
    return company.strip().upper().replace(".", "-")


Tell = Callable[[dict[str, Any]], None]


def _teller(stream: Any) -> Tell:
    def tell(what: dict[str, Any]) -> None:
        stream.write(json.dumps(what) + "\n")
        stream.flush()

    return tell


def _point_at(www_url: str, data_url: str) -> None:
    """Put other hosts in place of the library's constants."""
    from sec_edgar_downloader import _orchestrator, _sec_gateway

    gateway, orchestrator = cast(Any, _sec_gateway), cast(Any, _orchestrator)
    gateway.URL_CIK_MAPPING = f"{www_url}/files/company_tickers_exchange.json"
    orchestrator.URL_FILING = (
        f"{www_url}/Archives/edgar/data/{{cik}}/{{acc_num_no_dash}}/{{document}}"
    )
    orchestrator.URL_SUBMISSIONS = f"{data_url}/submissions/{{submission}}"
    gateway.HOST_WWW_SEC = _host(www_url)
    gateway.HOST_DATA_SEC = _host(data_url)


def _host(url: str) -> str:
    return url.split("://", 1)[1].split("/", 1)[0]


def _observe(tell: Tell, pace: SharedPace) -> None:
    """Give requests a time-out and our pace, and tell what the library only prints.

    Where the SEC asks for silence the process ends: each further request makes that longer.
    """
    import requests
    from sec_edgar_downloader import _orchestrator, _sec_gateway

    session = requests.Session()
    session.trust_env = False

    class Paced:
        """Stands for the module ``requests`` inside the library."""

        @staticmethod
        def get(uri: str, headers: dict[str, str]) -> requests.Response:
            pace()
            answer = session.get(uri, headers=headers, timeout=_TIMEOUT_S)
            if asks_for_silence(answer.status_code, answer.content):
                sys.exit(f"the SEC asks for silence ({answer.status_code}); wait ten minutes")
            return answer

    orchestrator = cast(Any, _orchestrator)
    cast(Any, _sec_gateway).requests = Paced
    list_filings, download = (
        orchestrator.aggregate_filings_to_download,
        orchestrator.download_filing,
    )

    def told_list(metadata: Any, user_agent: str) -> Any:
        try:
            found = list_filings(metadata, user_agent)
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code == 404:
                tell({"unknown": metadata.cik})
                sys.exit("EDGAR has no such company")
            raise
        skip = metadata.accession_numbers_to_skip or set()
        new = [each.accession_number for each in found if each.accession_number not in skip]
        tell({"form": metadata.form, "cik": metadata.cik, "wanted": new, "known": len(found)})
        return found

    def told_download(uri: str, user_agent: str) -> bytes:
        accession = uri.rsplit("/", 1)[1].removesuffix(".txt")
        try:
            body: bytes = download(uri, user_agent)
            if not is_whole_filing(body):
                raise ValueError("what came is no whole filing")
        except Exception as error:
            tell({"failed": accession, "why": f"{type(error).__name__}: {error}"})
            raise
        tell({"fetched": accession})
        return body

    orchestrator.aggregate_filings_to_download = told_list
    orchestrator.download_filing = told_download


if __name__ == "__main__":
    main()
