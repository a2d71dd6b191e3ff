"""``bot parse``: documents read and shown, nothing stored."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from bot.cli.output import counted, print_json, say
from bot.cli.parse_fed import fed_document, fed_titles, tell_document
from bot.errors import SourceUnreadable
from bot.insider.filing_json import filing_json
from bot.sources.edgar.files import read_file
from bot.sources.edgar.listing_json import parse_feed_file, parse_index_file
from bot.sources.edgar.ownership import read_filing

FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False)
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")


@click.group()
def parse() -> None:
    """Read documents and show what stands in them."""


@parse.command()
@FILES
@AS_JSON
def form4(files: Sequence[Path], as_json: bool) -> int:
    """Ownership documents: Forms 3, 4, 5, as XML or full submission."""
    refused = 0
    for file in files:
        answer = _form4(file)
        refused += not answer["ok"]
        if as_json:
            print_json(answer)
        else:
            _show(answer)
    return 1 if refused else 0


@parse.command()
@FILES
@AS_JSON
def feed(files: Sequence[Path], as_json: bool) -> int:
    """Pages of EDGAR's list of latest filings (getcurrent, Atom)."""
    return _listings(files, parse_feed_file, as_json=as_json)


@parse.command()
@FILES
@AS_JSON
def index(files: Sequence[Path], as_json: bool) -> int:
    """EDGAR's daily and quarterly indexes, packed or not."""
    return _listings(files, parse_index_file, as_json=as_json)


@parse.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--titles",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE.tsv",
    help="Tell the sort of each title instead, one a line.",
)
@AS_JSON
def fed(files: Sequence[Path], titles: Path | None, as_json: bool) -> int:
    """Documents of the Federal Reserve, as pages or plain text; or titles alone."""
    if bool(files) == bool(titles):
        raise click.UsageError("give FILES to read, or --titles FILE.tsv")
    refused = 0
    for answer in fed_titles(titles) if titles else map(fed_document, files):
        refused += not answer.get("ok", True)
        if as_json:
            print_json(answer)
        else:
            tell_document(answer)
    return 1 if refused else 0


def _listings(
    files: Sequence[Path], read: Callable[[str, bytes], dict[str, Any]], *, as_json: bool
) -> int:
    refused = 0
    for file in files:
        answer = _listing(file, read)
        refused += not answer["ok"]
        if as_json:
            print_json(answer)
        elif answer["ok"]:
            say(f"{answer['file']}: {len(answer['entries'])} ownership filings")
            for entry in answer["entries"]:
                say(f"  {entry['accession_number']}  {entry['form']:4}  {entry['at']}")
        else:
            say(f"{answer['file']}: not read: {answer['error']}")
    return 1 if refused else 0


def _listing(file: Path, read: Callable[[str, bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read(str(file), read_file(file))
    except SourceUnreadable as error:
        return {"file": str(file), "ok": False, "error": error.what}


def _form4(file: Path) -> dict[str, Any]:
    try:
        filing = read_filing(read_file(file), name=file.name)
        return {"file": str(file), "ok": True, **filing_json(filing)}
    except SourceUnreadable as error:
        return {"file": str(file), "ok": False, "error": error.what}


def _show(answer: dict[str, Any]) -> None:
    if not answer["ok"]:
        say(f"{answer['file']}: not read: {answer['error']}")
        return
    for line in _told(answer):
        say(line)


def _told(answer: dict[str, Any]) -> Iterator[str]:
    """A filing in a few lines."""
    issuer = answer["issuer"]
    owners = ", ".join(owner["name"] or owner["cik"] for owner in answer["owners"])
    ticker = issuer["ticker"] or "no ticker"
    yield f"{answer['file']}: Form {answer['form']}, {issuer['name']} ({ticker})"
    yield f"  {owners}, period {answer['period_of_report']}, planned {answer['planned']}"
    for trade in answer["trades"]:
        yield f"  {_trade(trade)}"
    holdings = sum(line["kind"] == "holding" for line in answer["lines"])
    marks = f"; {', '.join(answer['quality'])}" if answer["quality"] else ""
    notes = counted(len(answer["footnotes"]), "footnote")
    yield f"  {counted(holdings, 'holding')}, {notes}{marks}"


def _trade(trade: dict[str, Any]) -> str:
    what = trade["class"].replace("_", " ")
    side = "" if trade["side"] == "none" else f" {trade['side']}"
    shares = f"{Decimal(trade['shares']):,f}" if trade["shares"] else "number not given"
    price = f" @ ${Decimal(trade['price_usd']):,f}" if trade["price_usd"] else ""
    value = f" = ${Decimal(trade['value_usd']):,f}" if trade["value_usd"] else ""
    doubt = f"; {', '.join(trade['quality'])}" if trade["quality"] else ""
    code = f"{trade['code'] or '?'} {trade['acquired_disposed'] or '?'}"
    return f"{code}  {what}{side}: {shares} × {trade['security']}{price}{value}{doubt}"
