"""Reading ownership documents: bytes to JSON with classified trades, beside edgartools' parser.

Both read the same documents in turn in one run, start-up taken off, and the best pass of each
counts.  What is remembered of texts is forgotten before each pass of ours.  edgartools asks the SEC
for every owner while it parses: that is stubbed, so that it is measured without the network.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

from benchmarks import Figure, Options
from bot.insider import plans, trades, wording
from bot.insider.facts import digest_of, insider_trades
from bot.insider.filing_json import filing_json
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.sources.edgar.ownership import read_filing

_PASSES = 30
_REMEMBERED = (
    plans.told_by,
    plans.adopted_on,
    trades.told_range,
    wording.buys_off_market,
    wording.sells_off_market,
    wording.tells_corporate_action,
)
_NOTES = (
    "The sales were made under a Rule 10b5-1 trading plan adopted on March 13, 2025.",
    "Weighted average price; sold in several trades at prices from $9.90 to $10.20, inclusive.",
    "Shares withheld to pay taxes on the vesting of restricted stock units.",
)


def measure(options: Options) -> Iterator[Figure]:  # noqa: ARG001 - needs no folder
    documents, origin = _recorded(), "recorded"
    if not documents:
        documents, origin = list(_made_up(28)), "made up"
    note = f"{len(documents)} {origin} documents, mean {_mean_kb(documents):.1f} kB"
    theirs = _edgartools()
    unread = sum(not _reads(theirs, body) for body in documents) if theirs else 0
    passes: dict[str, list[float]] = {"json": [], "facts": [], "theirs": []}
    for _ in range(_PASSES):
        passes["json"].append(_forgotten(_to_json, documents))
        passes["facts"].append(_forgotten(_to_facts, documents))
        if theirs is not None:
            passes["theirs"].append(_timed(theirs, documents))
    per_second = {name: len(documents) / min(took) for name, took in passes.items() if took}
    yield Figure(name="to JSON with trades", value=per_second["json"], unit="docs/s", note=note)
    yield Figure(name="to facts", value=per_second["facts"], unit="docs/s", limit=1_000,
                 at_least=True, note=note)  # fmt: skip
    if theirs is None:
        return
    if unread == len(documents):
        return  # made-up documents are none for it: nothing to compare
    yield Figure(name="edgartools, network stubbed", value=per_second["theirs"], unit="docs/s",
                 note=f"{unread} of {len(documents)} not read")  # fmt: skip
    yield Figure(name="to JSON against edgartools", value=per_second["json"] / per_second["theirs"],
                 unit="times", limit=5, at_least=True, note="both in this run")  # fmt: skip


def _to_json(body: bytes) -> None:
    json.dumps(filing_json(read_filing(body, name="form4.xml")))


def _to_facts(body: bytes) -> None:
    filing = read_filing(body, name="form4.xml")
    insider_trades(filing, accepted_at=None, digest=digest_of(body))


def _edgartools() -> Callable[[bytes], object] | None:
    """edgartools' own parser; None where it is not installed."""
    try:
        from edgar.ownership import Ownership, owners
    except ImportError:
        return None
    person = SimpleNamespace(data=SimpleNamespace(is_company=False))
    owners.Entity = lambda _: person
    return lambda body: Ownership.parse_xml(body.decode())


def _reads(read: Callable[[bytes], object], body: bytes) -> bool:
    try:
        read(body)
    except Exception:
        return False
    return True


def _forgotten(read: Callable[[bytes], object], documents: Sequence[bytes]) -> float:
    for function in _REMEMBERED:
        function.cache_clear()
    return _timed(read, documents)


def _timed(read: Callable[[bytes], object], documents: Sequence[bytes]) -> float:
    """Seconds for all documents once."""
    started = perf_counter()
    for body in documents:
        _reads(read, body)
    return perf_counter() - started


def _recorded() -> list[bytes]:
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("BOT_TEST_DATA", beside)) / "form4" / "xml"
    return [path.read_bytes() for path in sorted(folder.glob("*.xml"))]


def _made_up(count: int) -> Iterator[bytes]:
    at = datetime(2025, 9, 23, 22, tzinfo=UTC)
    for number in range(count):
        rows = [
            Row(code="MSF"[place % 3], shares=f"{1000 + place * 37}.5", price=f"1{place}.0625",
                day="2025-09-19", after=f"{90_000 - place}", note=_NOTES[place % 3],
                derivative=place % 7 == 6)
            for place in range(1 + number % 14)
        ]  # fmt: skip
        yield (
            SyntheticFiling(
                accession=f"0001849056-25-{number:06}",
                accepted_at=at + timedelta(minutes=number),
                company=Company(cik="0001849056", name="Example Inc.", ticker="EXMP"),
                owners=[Insider(cik=f"{7_000_000 + number:010}", name="DOE JANE", title="CFO")],
                rows=rows,
            )
            .xml()
            .encode()
        )


def _mean_kb(documents: Sequence[bytes]) -> float:
    return sum(map(len, documents)) / len(documents) / 1000
