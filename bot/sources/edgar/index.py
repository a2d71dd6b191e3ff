"""Reads EDGAR's daily and full indexes: form, company, crawler, master and XBRL, of all years.

Columns have changed their widths over the years, the header above them lags behind, and long names
push a row out of them: a row is read from its right end (CIK, date, path), never by positions.  A
filing has one row a party; here it is one entry.  A row cut in its middle is told, never guessed.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.answers import is_web_page
from bot.sources.edgar.names import OWNERSHIP_FORMS, filing_of, padded_cik

_RULER = re.compile(r"-{20,}\s*")
_DATE = r"\d{8}|\d{4}-\d{2}-\d{2}"
_FIXED = re.compile(rf"(?P<left>.*\S)\s+(?P<cik>\d{{1,10}})\s+(?P<date>{_DATE})\s+(?P<path>\S+)\s*")
_PIPED = re.compile(
    rf"\s*(?P<cik>\d{{1,10}})\|(?P<company>.*)\|(?P<form>[^|]*)\|\s*(?P<date>{_DATE})\s*\|"
    r"\s*(?P<path>[^|\s]+)\s*"
)
_GAP = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One filing.

    cik, company: the party of its first row.
    path: the full submission under /Archives/, without a folder of its own; paths: those of all
    its rows, one a party, which all serve the same bytes.
    """

    accession_number: str
    form: str
    cik: str
    company: str
    filed_on: date
    path: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The wanted filings of an index, as listed.

    rows: whole rows of all forms.
    unread: numbers of the lines that could not be read, counted from 1.
    """

    rows: int
    entries: tuple[IndexEntry, ...]
    unread: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether every row was whole, the last one above all."""
        return not self.unread


@dataclass(frozen=True, slots=True)
class _Row:
    form: str
    company: str
    cik: str
    filed_on: date
    path: str


def read_index(body: bytes, *, where: str, forms: Collection[str] = OWNERSHIP_FORMS) -> Index:
    """The filings of these forms in an index, each once.

    where: what to call the index in an error.
    Raises SourceUnavailable on a web page or an empty text, SourceUnreadable on what is no index.
    """
    lines = _lines(body, where)
    ruler = next((i for i, line in enumerate(lines) if _RULER.fullmatch(line)), None)
    if ruler is None:
        raise _no_index("it has no line of dashes under a header", where)
    read = _row_reader(lines[:ruler], where)
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    rows, unread = 0, []
    wanted: list[_Row] = []
    for i in range(ruler + 1, len(lines)):
        if not lines[i].strip():
            continue
        row = read(lines[i])
        if row is None or (not filing_of(row.path) and (i == last or row.form in forms)):
            unread.append(i + 1)
            continue
        rows += 1
        if row.form in forms:
            wanted.append(row)
    if unread and not rows and len(unread) > 1:
        raise _no_index(f"none of its {len(unread)} rows is in a known layout", where)
    return Index(rows=rows, entries=tuple(_filings(wanted)), unread=tuple(unread))


def _filings(rows: Collection[_Row]) -> Iterator[IndexEntry]:
    by_accession: dict[str, list[tuple[_Row, str]]] = {}
    for row in rows:
        filing = filing_of(row.path)
        if filing:
            cik, accession_number = filing
            path = f"edgar/data/{int(cik)}/{accession_number}.txt"
            by_accession.setdefault(accession_number, []).append((row, path))
    for accession_number, parties in by_accession.items():
        first, path = parties[0]
        yield IndexEntry(
            accession_number=accession_number,
            form=first.form,
            cik=padded_cik(first.cik),
            company=first.company,
            filed_on=first.filed_on,
            path=path,
            paths=tuple(dict.fromkeys(path for _, path in parties)),
        )


def _lines(body: bytes, where: str) -> list[str]:
    if not body.strip():
        raise SourceUnavailable("the index is empty", where=where, mend="it is asked for again")
    if is_web_page(body):
        raise SourceUnavailable(
            "a web page stands where an index was due", where=where, mend="it is asked for again"
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return re.split(r"\r\n|\n|\r", text)


def _row_reader(header: Collection[str], where: str) -> Callable[[str], _Row | None]:
    """By the names of the columns, which may stand on two lines."""
    names = [i for i, line in enumerate(header) if re.match(r"(Form Type|Company Name|CIK)", line)]
    if not names:
        raise _no_index("its header names no columns", where)
    first = list(header)[names[-1]]
    if first.startswith("CIK"):
        return _piped_row
    split = _form_first if first.startswith("Form Type") else _company_first
    return lambda line: _fixed_row(line, split)


def _piped_row(line: str) -> _Row | None:
    match = _PIPED.fullmatch(line)
    filed_on = _day(match["date"]) if match else None
    if match is None or filed_on is None:
        return None
    form, company = match["form"].strip(), match["company"].strip()
    return _Row(form, company, match["cik"], filed_on, match["path"])


def _fixed_row(line: str, split: Callable[[str], tuple[str, str]]) -> _Row | None:
    match = _FIXED.fullmatch(line)
    filed_on = _day(match["date"]) if match else None
    if match is None or filed_on is None:
        return None
    form, company = split(match["left"])
    return _Row(form, company, match["cik"], filed_on, match["path"])


def _form_first(left: str) -> tuple[str, str]:
    """Form and company.  Two blanks part them: a form has single blanks only (SC 13D/A)."""
    form, *company = _GAP.split(left, maxsplit=1)
    return form, "".join(company)


def _company_first(left: str) -> tuple[str, str]:
    """Form and company.  Two blanks part them, and may stand inside a name too."""
    gaps = list(_GAP.finditer(left))
    if not gaps:
        return "", left
    return left[gaps[-1].end() :], left[: gaps[-1].start()].strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_index(what: str, where: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"this is no EDGAR index: {what}",
        where=where,
        mend="look at the file; a new layout needs the reader mended",
    )
