"""Search: pages of a mix of questions over a million past alerts, first ones and deep ones."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from random import Random
from statistics import median, quantiles
from time import perf_counter, thread_time
from typing import NamedTuple

from benchmarks import Figure, Options
from bot.chat.grammar import read_command
from bot.chat.known import known_of
from bot.clock import NEW_YORK, to_ms
from bot.rules.fire import Fate
from bot.store import NewDecision, Store
from bot.store.alerts import place_of
from bot.store.query import Query

_ALERTS, _FACTS, _AT_ONCE = 1_000_000, 100_000, 20_000
_TICKERS, _RULES, _PEOPLE = 3_000, 30, 20_000
_MINUTES = 5  # between two alerts: nine and a half years
_NOW = datetime(2026, 11, 27, 18, tzinfo=NEW_YORK)
_EACH = 10
_WORDS = [
    "sold",
    "bought",
    "shares",
    "price",
    "record",
    "close",
    "session",
    "rate",
    "target",
    "insiders",
    "officer",
    "director",
]
_SYLLABLES = ["ba", "ke", "lo", "mi", "nu", "ra", "so", "ti", "vo", "we", "xa", "ze"]
_KINDS = (
    "insider_trade",
    "insider_trade",
    "insider_trade",
    "price_bar",
    "price_bar",
    "fed_release",
)
_FATES = (Fate.FIRED,) * 96 + (Fate.IN_COOLDOWN,) * 2 + (Fate.MUTED, Fate.OVER_THE_CAP)

QUESTIONS = (
    "", "last 50", "{ticker}", "{ticker} since:90d", "{ticker} insider", "{ticker} min:$1m",
    "{ticker},{other} since:1y", "{ticker} price sort:value", "rule:{rule}",
    "rule:{rule} since:30d", "rule:{rule} min:$5m", "rule:{rule} {ticker}", "insider",
    "price since:7d", "fed",
    "insider buys", "insider buys CEO", "CEO min:$10m", "insider min:$50m", "insider >$400m",
    "insider sort:value", "sort:value", "sells sort:value since:1y", "sort:old", "insider sort:old",
    "since:30d", "on:2024-03", "until:2020-01-01", "30d sev:high", "sev:critical price",
    "price buys", "fed min:$1m", "rule:{rule} role:cfo sell value:1m..2m", "rule:no-such-rule",
    "-insider", "-{ticker} insider", "insider -side:sell", "value:>999m", "change:<-50%",
    "shares:>=500k insider", "status:dead", "status:sent", "in:#alerts {ticker}", "is:acked",
    "fate:muted", "fate:in-cooldown {ticker}", "-fate:fired since:1y", "sold", "sold since:30d",
    "sold price", "record insider", "{rare}", "{rare} since:1y", "sold {ticker}",
    '"shares sold"', "sold shares -record", "sold rule:{rule}", "sold min:$50m", "unheard",
    "sold unheard", "who:{name}", "who:{name} {ticker}", "who:b", "who:{name} min:$1m",
    "sold fed buys", "sold sort:old", "{rare} sort:value", "#{number}", "limit:5 who:ba insider",
    "{ticker} insider buys CEO min:$100k", "who:{name} min:$1m since:180d", "who:ba sells min:$1m",
    "who:{name} insider sort:value", "who:{name} rule:{rule} since:1y",
    "who:{name} value:>1m on:2024-03",
    "-insider -price", "-sold", "-sold insider", "-sold -price sort:old", "-who:{name} insider",
    "-min:$1m insider", '"record close" -"shares sold"', '"shares sold" insider min:$1m',
    '"price record" {ticker}', '"sold shares" who:{name}', "sold insider sort:value",
    "sold min:$1m sort:value since:1y", "{ticker},{other} sort:value min:$1m", "fed sort:value",
    "who:b sort:value", "sort:value value:<1m", "insider value:1k..2k", "shares:<100 insider",
    "change:-1%..1% since:1y", "is:unacked", "-is:acked insider sold", "by:@bob {ticker}",
    "by:@nobody", "in:#nowhere", "in:#alerts sold min:$10m", "-status:sent", "-status:sent insider",
    "status:none", "fate:muted sold", "-fate:fired sold", "fed min:$1m sold", "unheard -sold",
    "unheard {ticker} insider since:1y min:$1m", "until:2018-06-01 sold",
    "sold,bought sev:critical",
    "role:cfo min:$20m sort:old", "who:{name} until:2018-01-01",
)  # fmt: skip
"""Frequent and rare words, many and none found, one condition and several, what must not be."""


def measure(options: Options) -> Iterator[Figure]:
    path = options.folder / "history-1.db"
    with closing(Store(path)) as store:
        if store.decisions.next_id() <= _ALERTS:
            yield _filled(store)
        random = Random(1)
        asked = [(text, _query(store, random, text)) for text in QUESTIONS for _ in range(_EACH)]
        random.shuffle(asked)
        first = [(text, _timed(store, query, None)) for text, query in asked]
        yield from _figures("first pages", [took for _, took in first])
        yield _slowest(first)
        deep = [(text, _timed(store, query, _somewhere(random, query))) for text, query in asked]
        yield from _figures("deep pages", [took for _, took in deep])
        yield _ratio(first, deep)
        none = [
            (text, query) for text, query in asked if not store.history.search(query).total.count
        ]
        without = [
            (text, _time(partial(store.history.without_each, query))) for text, query in none
        ]
        yield from _figures("nothing found: without each term", [took for _, took in without], None)
        ids = range(_ALERTS - 5, _ALERTS)
        matching = [_time(partial(store.history.matching, query, ids)) for _, query in asked]
        yield from _figures("does it match this alert", matching)


def _query(store: Store, random: Random, text: str) -> Query:
    filled = text.format(
        ticker=_ticker(random),
        other=_ticker(random),
        rule=_rule(random),
        rare=_word(random.randrange(_PEOPLE), 4),
        name=_word(random.randrange(40), 2),
        number=random.randrange(1, _ALERTS),
    )
    return read_command(filled, now=_NOW, zone=NEW_YORK, known=known_of(store)).query


def _somewhere(random: Random, query: Query) -> str:
    """A page in the middle of everything, where no limit ends before it."""
    at = to_ms(_NOW) - random.randrange(_ALERTS) * _MINUTES * 60_000
    value = random.randrange(1, 10**9) if query.sort == "value" else ""
    return f"{place_of(at)}.{value}."


class _Took(NamedTuple):
    """Milliseconds: of the processor, which neighbours on the machine do not change, and waited."""

    busy: float
    waited: float


def _timed(store: Store, query: Query, after: str | None) -> _Took:
    return _time(partial(store.history.search, query, after=after))


def _time(ask: Callable[[], object]) -> _Took:
    busy, began = thread_time(), perf_counter()
    ask()
    return _Took((thread_time() - busy) * 1000, (perf_counter() - began) * 1000)


def _figures(name: str, took: Sequence[_Took], limit: float | None = 50) -> Iterator[Figure]:
    note = f"{len(took):,} questions of {len(QUESTIONS)} sorts, {_ALERTS:,} alerts"
    busy, waited = ([getattr(each, sort) for each in took] for sort in _Took._fields)
    yield Figure(name=f"{name}, p50", value=median(busy), unit="ms", note="processor time")
    yield Figure(name=f"{name}, p99", value=_p99(busy), unit="ms", limit=limit, note=note)
    yield Figure(name=f"{name}, p99 as waited for", value=_p99(waited), unit="ms")


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[-1]


def _slowest(first: Sequence[tuple[str, _Took]]) -> Figure:
    of_each = {
        text: median(took.busy for asked, took in first if asked == text) for text, _ in first
    }
    worst = sorted(of_each, key=lambda text: -of_each[text])[:6]
    note = "; ".join(f"{text} {of_each[text]:.0f}" for text in worst)
    return Figure(name="the slowest sort, p50", value=of_each[worst[0]], unit="ms", note=note)


def _ratio(first: Sequence[tuple[str, _Took]], deep: Sequence[tuple[str, _Took]]) -> Figure:
    ratio = median(t.busy for _, t in deep) / median(t.busy for _, t in first)
    return Figure(name="deep ÷ first, p50", value=ratio, unit="times", limit=1.5)


# A million alerts.


def _filled(store: Store) -> Figure:
    """Goes on where an earlier run was ended."""
    connection, took = store._connections.connection, 0.0
    first = store.decisions.next_id()
    if first == 1:
        with store.writing():
            _fill_facts(Random(7), connection)
    for begin in range(first, _ALERTS + 1, _AT_ONCE):
        random = Random(begin)
        decisions = [_decision(random, number) for number in range(begin, begin + _AT_ONCE)]
        started = perf_counter()
        with store.writing():
            store.decisions.add(decisions)
            took += perf_counter() - started
            connection.executemany(
                "INSERT INTO outbox (message_id, channel, state, created_at, attempts, sent_at, "
                "text, card) VALUES (?, '#alerts', ?, ?, 1, ?, 't', '{}')",
                [
                    (d.id, "dead" if d.id % 997 == 0 else "sent", d.decided_at, d.decided_at + 900)
                    for d in decisions
                    if d.fate == "fired"
                ],
            )
            connection.executemany(
                "INSERT INTO acks (alert, at, user, name) VALUES (?, 1, 'U1', 'bob')",
                [(d.id,) for d in decisions if d.id % 501 == 0],
            )
    each = took / (_ALERTS + 1 - first) * 1_000_000
    return Figure(name="an alert kept", value=each, unit="µs", note="decision, row, words, indexes")


def _fill_facts(random: Random, connection: sqlite3.Connection) -> None:
    for kind in ("insider_trade", "price_bar", "fed_release"):
        columns = "seq, id, subject, ticker, known_at, seen_at, judged_at, quiet"
        own = {
            "insider_trade": ("side", "role", "value_usd", "shares", "owner_name"),
            "price_bar": ("return_1d",),
            "fed_release": ("title", "speaker"),
        }[kind]
        asked = ", ".join("?" * (8 + len(own)))
        connection.executemany(
            f"INSERT INTO {kind} ({columns}, {', '.join(own)}) VALUES ({asked})",
            (_fact(random, kind, seq) for seq in range(1, _FACTS + 1)),
        )


def _fact(random: Random, kind: str, seq: int) -> tuple[object, ...]:
    ticker = _ticker(random)
    common = (seq, f"{kind}:{seq}", ticker, ticker, seq, seq, seq, 0)
    if kind == "price_bar":
        return (*common, random.gauss(0, 0.05))
    person = f"{_word(random.randrange(_PEOPLE), 3)} {_word(random.randrange(40), 2)}"
    if kind == "fed_release":
        return (*common, f"speech on {_word(random.randrange(_PEOPLE), 4)}", person)
    value = int(random.lognormvariate(16.5, 1.8))
    side = random.choices(("buy", "sell"), (1, 4))[0]
    role = random.choice(("ceo", "cfo", "officer", "director", "ten_percent_owner", None))
    return (*common, side, role, value, value // 5_000, person)


def _decision(random: Random, number: int) -> NewDecision:
    kind, seq = random.choice(_KINDS), random.randrange(1, _FACTS + 1)
    at = to_ms(_NOW) - (_ALERTS - number) * _MINUTES * 60_000
    rule, ticker = _rule(random), _ticker(random)
    words = " ".join(random.choices(_WORDS, k=8))
    fate = random.choice(_FATES)
    return NewDecision(
        id=number, rule=rule, version="1", key=ticker, kind=kind, fact_id=f"{kind}:{seq}",
        fact_seq=seq, document_id=None, ticker=ticker, at=at, decided_at=at, fate=fate.value,
        reason=None, severity=("info", "notice", "high", "critical")[int(rule[5:]) % 4],
        message=f"{ticker}: {words} {_word(random.randrange(_PEOPLE), 4)}",
        measures=json.dumps({"sold": number}), proof="[]",
        message_id=number if fate is Fate.FIRED else None,
    )  # fmt: skip


def _ticker(random: Random) -> str:
    """A few have many alerts, most have few."""
    number = int(_TICKERS * random.random() ** 2.5)
    return "".join(chr(65 + number // 26**place % 26) for place in range(3)) + "Q"


def _rule(random: Random) -> str:
    return f"rule-{int(_RULES * random.random() ** 2)}"


def _word(number: int, syllables: int) -> str:
    count = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // count**place % count] for place in range(syllables))
