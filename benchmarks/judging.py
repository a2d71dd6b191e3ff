"""Judging: new facts against rules over a large store, and the line from documents to alerts."""

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from zlib import crc32

from benchmarks import Figure, Options
from benchmarks._pack import mixed_pack, simple_pack
from bot.clock import from_ms, to_ms
from bot.facts import CLASSES, INSIDER_TRADE, ROLES, Fact
from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.model import Fire, Rule
from bot.store import Arrival, NewDocument, Store
from bot.store.schema import KEEPING

_ISSUERS = 8_000
_FIRST, _LAST = datetime(2006, 1, 2, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
_BATCH = 100
_FACTS_A_FILING = 2


def measure(options: Options) -> Iterator[Figure]:
    columns = ",".join([*KEEPING, *(field.name for field in INSIDER_TRADE.fields)])
    schema = f"{crc32(columns.encode()):08x}"
    path = options.folder / f"judging-{options.facts}-{schema}.db"
    if not path.exists():
        started = perf_counter()
        build(path, options.facts)
        yield Figure(name="store built", value=perf_counter() - started, unit="s")
    yield Figure(name="store", value=path.stat().st_size / 1e6, unit="MB",
                 note=f"{options.facts:,} facts")  # fmt: skip
    yield from _over_a_large_store(path, simple_pack, rules=50, limit_ms=100)
    yield from _over_a_large_store(path, mixed_pack, rules=1_000, limit_ms=1_000)
    yield from _the_line(options.folder / "judging-line.db")


def _over_a_large_store(
    path: Path, pack: Callable[[int], Sequence[Rule]], *, rules: int, limit_ms: float
) -> Iterator[Figure]:
    """Judge batch after batch, each undone again so that every run meets the same store."""
    store = Store(path)
    try:
        with _Watch() as watch:
            loaded = pack(rules)
        yield watch.figure(f"{rules} rules read")
        store.decisions.save_versions({rule.id: rule.version for rule in loaded})  # no newcomers
        with _Watch() as watch:
            _judge(store, loaded)
        yield watch.figure(f"{rules} rules on a store new to them", note="with their indexes")
        with _Watch() as watch:
            judge = _judge(store, loaded)
        yield watch.figure(f"{rules} rules started again")
        times, decided, sent = zip(*(_timed(store, judge, n) for n in range(12)), strict=True)
        note = f"{_BATCH} facts, {decided[0]:,} decisions, {sent[0]:,} messages;"
        note += f" first {times[0]:.0f} (statements prepared), worst later {max(times[1:]):.0f}"
        name = f"{rules} rules judged, median"
        yield Figure(name=name, value=median(times[1:]), unit="ms", limit=limit_ms, note=note)
        yield _joining(store, loaded)
    finally:
        store.close()


def _judge(store: Store, rules: Sequence[Rule]) -> Judge:
    return Judge(store, rules, clock=lambda: _LAST, route=everything_to("#alerts"))


def _joining(store: Store, rules: Sequence[Rule]) -> Figure:
    """One rule more: what holds already starts fired."""
    rise = next(
        rule
        for rule in rules
        if rule.fire is Fire.RISE and any(m.over and m.over.text == "90d" for m in rule.measures)
    )
    others = [rule for rule in rules if rule is not rise]
    store.decisions.save_versions({rule.id: rule.version for rule in others})
    with suppress(_Undone), _Watch() as watch, store.writing():
        judge = _judge(store, rules)
        raise _Undone
    return watch.figure(f"one rule joins {len(others)}", note=str(judge.joined[0]))


class _Watch:
    """Measures the time spent inside."""

    def __enter__(self) -> "_Watch":
        self.started = perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.took = perf_counter() - self.started

    def figure(self, name: str, *, note: str = "") -> Figure:
        return Figure(name=name, value=self.took * 1e3, unit="ms", note=note)


class _Undone(Exception):
    """Takes a batch back."""


def _timed(store: Store, judge: Judge, batch: int) -> tuple[float, int, int]:
    """Milliseconds, decisions and messages of one batch."""
    made = Arrivals(random.Random(batch))
    with suppress(_Undone), store.writing():
        store.facts.add(made.facts(_BATCH, at=_LAST + timedelta(hours=batch)))
        with _Watch() as watch:
            while judge.judge():
                pass
        decided = sum(store.decisions.count_by_fate().values())
        sent = len(store.outbox.all())
        raise _Undone
    return watch.took * 1e3, decided, sent


def _the_line(path: Path) -> Iterator[Figure]:
    """Documents, facts, decisions and messages of 4,000 filings, 250 at a time; no parsing."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
    store = Store(path)
    judge = _judge(store, simple_pack(50))
    made = Arrivals(random.Random(7))
    filings, at, body = 250, _FIRST, b"<ownershipDocument>" + random.Random(1).randbytes(6_000)
    spent = {"kept": 0.0, "stored": 0.0, "judged": 0.0}
    rounds = 16
    for each in range(rounds):
        at += timedelta(hours=6)
        started = perf_counter()
        store.documents.add(
            (NewDocument(source="edgar", key=f"{each}-{n}", name="4", body=body)
             for n in range(filings)), seen_at=at)  # fmt: skip
        spent["kept"] += (kept := perf_counter()) - started
        with store.writing():
            unread = store.documents.unread(filings)
            store.facts.add(made.facts(filings * _FACTS_A_FILING, at=at, first=unread[0].id))
            store.documents.mark_read(document.id for document in unread)
        spent["stored"] += (stored := perf_counter()) - kept
        while judge.judge(500):
            pass
        spent["judged"] += perf_counter() - stored
    decided = sum(store.decisions.count_by_fate().values())
    sent = len(store.outbox.all())
    store.close()
    note = ", ".join(f"{name} {took / rounds / filings * 1e3:.2f}" for name, took in spent.items())
    note += f" ms a filing; {decided:,} decisions, {sent:,} messages,"
    note += f" {path.stat().st_size / 1e6:.0f} MB"
    rate = rounds * filings / sum(spent.values())
    yield Figure(name="filings through 50 rules", value=rate, unit="a second", limit=300,
                 at_least=True, note=note)  # fmt: skip


# Facts.


class Arrivals:
    """New trades, about issuers as unevenly busy as real ones."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.made = rng, 0

    def facts(self, count: int, *, at: datetime, first: int = 1) -> list[Arrival]:
        """Two to a filing; ``first`` is the id of the first filing's document."""
        seen_at, arrivals = to_ms(at), []
        for place in range(count):
            if place % _FACTS_A_FILING == 0:
                issuer, row = _issuer(self.rng), 0
            self.made, row = self.made + 1, row + 1
            fact = self._fact(issuer, f"new-{at:%Y%m%d%H}-{self.made - row + 1:06d}", row, at)
            document = first + place // _FACTS_A_FILING
            arrivals.append(Arrival(fact=fact, seen_at=seen_at, document_id=document))
        return arrivals

    def _fact(self, issuer: int, accession: str, row: int, at: datetime) -> Fact:
        values = _trade(self.rng, issuer)
        values |= {"accession_number": accession, "traded_on": (at - timedelta(days=2)).date()}
        return Fact(
            kind=INSIDER_TRADE,
            id=f"form4:{accession}:n{row}",
            subject=f"{issuer:010d}",
            ticker=f"T{issuer}",
            known_at=at,
            happened_at=at - timedelta(days=2),
            values=values,
        )


def _issuer(rng: random.Random) -> int:
    """The busiest of them has about one trade in a hundred."""
    return int(_ISSUERS * rng.random() ** 2)


_SIDES = ("sell",) * 4 + ("buy",) + ("none",) * 7


def _trade(rng: random.Random, issuer: int) -> dict[str, Any]:
    person = rng.randrange(12)
    side = rng.choice(_SIDES)
    shares = float(rng.randrange(100, 50_000))
    price = round(rng.uniform(1, 300), 2)
    return {
        "form": "4",
        "issuer_cik": f"{issuer:010d}",
        "issuer_name": f"Issuer {issuer} Incorporated",
        "owner_cik": f"{issuer * 100 + person:010d}",
        "owner_name": f"Owner {person} of {issuer}",
        "owners": f"Owner {person} of {issuer}",
        "person_key": f"{issuer}:{person}",
        "role": ROLES[person % len(ROLES)],
        "is_director": person % 2 == 0,
        "is_officer": person % 3 == 0,
        "is_ten_percent_owner": False,
        "code": {"sell": "S", "buy": "P", "none": "A"}[side],
        "acquired_disposed": "D" if side == "sell" else "A",
        "class": rng.choice(CLASSES) if side == "none" else "open_market",
        "side": side,
        "security": "Common Stock",
        "shares": shares,
        "price_usd": price,
        "value_usd": None if rng.random() < 0.02 else round(shares * price * 100),
        "shares_after": float(rng.randrange(10**6)),
        "planned": rng.choice((True, False, None)),
        "direct_indirect": "D",
        "derivative": False,
        "amendment": False,
    }


def build(path: Path, count: int) -> None:
    """A store of that many judged trades, inserted at once; removed again if it breaks off."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    Store(unfinished).close()
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
            " AND sql IS NOT NULL", (INSIDER_TRADE.name,)).fetchall()  # fmt: skip
        connection.execute("BEGIN")
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        names = [*_KEPT, *(f.name for f in INSIDER_TRADE.fields)]
        listed, places = ", ".join(f'"{n}"' for n in names), ", ".join("?" * len(names))
        connection.executemany(
            f"INSERT INTO insider_trade ({listed}) VALUES ({places})", _rows(count)
        )
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("INSERT INTO counters VALUES ('seq', ?), ('judged', ?)", (count, count))
        connection.execute("COMMIT")
    unfinished.rename(path)


_KEPT = ("seq", "id", "document_id", "subject", "ticker", "happened_at", "known_at", "seen_at",
         "judged_at", "quiet")  # fmt: skip


def _rows(count: int) -> Iterator[Sequence[Any]]:
    rng = random.Random(0)
    first, step = to_ms(_FIRST), (to_ms(_LAST) - to_ms(_FIRST)) / count
    trades = {
        issuer: [_stored(_trade(rng, issuer)) for _ in range(8)] for issuer in range(_ISSUERS)
    }
    for seq in range(1, count + 1):
        issuer, at = _issuer(rng), first + int(seq // 2 * 2 * step)
        day = (from_ms(at).date() - datetime(1970, 1, 1).date()).days  # noqa: DTZ001
        trade = trades[issuer][seq % 8]
        trade[0], trade[_TRADED_ON] = f"old-{seq // 2:07d}", day - 2
        yield (seq, f"form4:{trade[0]}:n{seq % 2}", seq // 2, f"{issuer:010d}", f"T{issuer}", at,
               at, at, at, 0, *trade)  # fmt: skip


_TRADED_ON = [f.name for f in INSIDER_TRADE.fields].index("traded_on")


def _stored(values: dict[str, Any]) -> list[Any]:
    return [field.stored(values.get(field.name)) for field in INSIDER_TRADE.fields]
