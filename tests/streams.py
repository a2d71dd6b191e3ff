"""Random rules over every option and random streams of facts, for the laws of judging."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.clock import to_ms
from bot.facts import SOURCE_POLL, Fact
from bot.store import Mute
from tests.builders import a_trade, instant

START = instant("2025-09-26 09:00 ET")
"""A Friday before the market opens, shortly before the end of a month and a quarter."""

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
M = 100_000_000


# Rules.


def some_of(**options: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Lines of a rule: each option is left out, or one of its values."""
    chosen = [st.sampled_from(["", "", *values]) for values in options.values()]
    names = list(options)
    return st.tuples(*chosen).map(
        lambda values: [f"{n.rstrip('_')}: {v}" for n, v in zip(names, values, strict=True) if v]
    )


WINDOWS = ("over: 5h", "over: 1d", "over: 3d", "over: 2 sessions", "over: mtd", "over: qtd",
           "over: 1mo", "over: 1d, ending: 1d", "over: 2d, before: event")  # fmt: skip
VERBS = ("count: events", "sum: value_usd", "distinct: person_key", "max: value_usd",
         "share: value_usd, where: side == sell", "avg: value_usd", "change: value_usd",
         "zscore: value_usd")  # fmt: skip
POLL_VERBS = ("count: events", "sum: items", "max: lag_seconds", "change: items")
CONDITIONS = ("n >= 1", "n >= 2", "n >= 2 and (m is unknown or m > 0)", "m > 1", "n < 2")


@st.composite
def measures(draw: st.DrawFn, verbs: Sequence[str], *, of: str = "") -> str:
    verb, window = draw(st.sampled_from(verbs)), draw(st.sampled_from(WINDOWS))
    by = draw(st.sampled_from(["", "", ", by: all"]))
    count = draw(st.sampled_from(WINDOWS + (("over: 3d, time: traded_on",) if not of else ())))
    verb_text = f"{verb}, {window}{of}{by}"
    return f"let: {{n: {{count: events, {count}{of}}}, m: {{{verb_text}}}}}"


RISES = some_of(for_=("2h", "30h"), hold=("3h", "20h"), clear=("n < 1", "n < 3"))
HELD = some_of(cooldown=("5h", "2d"), max_per_day=("1", "2"), needs_history=("2d",),
               needs_source=("edgar",), during=("market",))  # fmt: skip


@st.composite
def condition_lines(draw: st.DrawFn) -> list[str]:
    """A rule with ``when`` over trades, polls or both."""
    over = draw(
        st.sampled_from(["insider_trade"] * 4 + ["source_poll", "[insider_trade, source_poll]"])
    )
    fire = draw(st.sampled_from(["every", "rise", "rise", "rise"]))
    lines = [f"on: {over}", f"fire: {fire}", f"when: {draw(st.sampled_from(CONDITIONS))}"]
    if over == "insider_trade":
        by = draw(st.sampled_from(["ticker", "ticker", "subject", "all", "[ticker, person_key]"]))
        where = draw(st.sampled_from(["", "where: side == sell", "where: not planned"]))
        lines += [f"by: {by}", draw(measures(VERBS))] + ([where] if where else [])
    elif over == "source_poll":
        lines += ["by: source", draw(measures(POLL_VERBS)).replace(", time: traded_on", "")]
    else:
        lines += ["by: all", draw(measures(VERBS, of=", of: insider_trade"))]
    lines += draw(RISES) if fire == "rise" else []
    return lines + draw(HELD)


@st.composite
def silence_lines(draw: st.DrawFn) -> list[str]:
    """A rule with ``absent``."""
    head = draw(st.sampled_from([["on: source_poll", "by: source", "where: ok"],
                                 ["on: insider_trade", "by: ticker"],
                                 ["on: insider_trade", "by: all"]]))  # fmt: skip
    span = draw(st.sampled_from(["3h", "30h", "2d"]))
    return [*head, f"absent: {span}", *draw(HELD)]


@st.composite
def packs(draw: st.DrawFn) -> str:
    """A file of one to three rules; the later may count the alerts of the first."""
    text = "rules:\n"
    for number in range(draw(st.integers(1, 3))):
        lines = draw(condition_lines() | condition_lines() | silence_lines())
        if number and "by: ticker" in lines and draw(st.booleans()):
            lines = [each for each in lines if not each.startswith("absent")]
            lines = [
                each.replace("let: {", "let: {s: {seen: r0, over: 3d, by: all}, ") for each in lines
            ]
            lines = [f"{each} or s >= 1" if each.startswith("when") else each for each in lines]
            if not any(each.startswith("when") for each in lines):
                lines += ["let: {s: {seen: r0, over: 3d, by: all}}", "when: s >= 1", "fire: rise"]
        text += f"- id: r{number}\n  message: x\n" + "".join(f"  {line}\n" for line in lines)
    return text


def _watching_the_first(lines: list[str]) -> list[str]:
    seen = "s: {seen: r0, over: 3d, by: all}"
    if not any(each.startswith("when") for each in lines):
        kept = [each for each in lines if not each.startswith("absent")]
        return [*kept, f"let: {{{seen}}}", "when: s >= 1", "fire: rise"]
    counted = [each.replace("let: {", f"let: {{{seen}, ") for each in lines]
    return [f"{each} or s >= 1" if each.startswith("when") else each for each in counted]


# Facts.


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that arrives.  amends: which of the earlier trades it takes the place of."""

    fact: Fact
    seen_at: datetime
    quiet: bool
    document: int | None
    amends: int | None

    def __repr__(self) -> str:
        fact, gone = self.fact, f" amends -{self.amends}" if self.amends is not None else ""
        return f"{fact.id} known {fact.known_at:%d %H:%M} seen {self.seen_at:%d %H:%M}{gone} " + (
            f"{'quiet ' * self.quiet}{self.document} {fact.subject} {fact.ticker} {fact.values}"
        )


@st.composite
def events(draw: st.DrawFn) -> tuple[int, int, Callable[[int, datetime, datetime], Event]]:
    """How long after the one before it arrives, how long it was known, and the rest."""
    gap = draw(st.sampled_from([0, 0, 1, 60, 180, 600, 1440, 2880]))
    lag = draw(st.sampled_from([0, 0, 0, 1, 10, 60, 600, 3000]))
    quiet = draw(st.sampled_from([False] * 5 + [True]))
    document = draw(st.sampled_from([None, 1, 2]))
    amends = draw(st.sampled_from([None] * 4 + [0, 1]))
    values: dict[str, Any]
    if draw(st.integers(0, 3)):
        subject = draw(st.sampled_from("112"))
        values = {
            "ticker": draw(st.sampled_from(["A", "A", "B", None])),
            "subject": subject,
            "person_key": draw(st.sampled_from(["p", "q", None])),
            "side": draw(st.sampled_from(["sell", "sell", "buy", None])),
            "planned": draw(st.sampled_from([False, True, None])),
            "value_usd": draw(st.sampled_from([None, 0, M, 3 * M])),
            "traded_on": draw(st.sampled_from([None, date(2025, 9, 24), date(2025, 9, 29)])),
            "duplicate_of": draw(st.sampled_from([None] * 6 + ["other"])),
        }
    else:
        values = {
            "source": "edgar",
            "ok": draw(st.sampled_from([True, True, False])),
            "items": draw(st.sampled_from([0, 1, 2])),
            "lag_seconds": draw(st.sampled_from([0.5, None])),
        }

    def made(number: int, seen_at: datetime, known_at: datetime) -> Event:
        name = f"f{number:02d}"
        if "ok" in values:
            fact = Fact(
                kind=SOURCE_POLL, id=name, subject="edgar", known_at=known_at, values=values
            )
        else:
            fact = replace(a_trade(id=name, **values), known_at=known_at)
        return Event(fact=fact, seen_at=seen_at, quiet=quiet, document=document, amends=amends)

    return gap, lag, made


def _stream(drawn: Sequence[tuple[int, int, Callable[..., Event]]]) -> list[Event]:
    found, now = list[Event](), START
    for number, (gap, lag, made) in enumerate(drawn):
        now += gap * MINUTE
        found.append(made(number, now, now - lag * MINUTE))
    return found


streams = st.lists(events(), min_size=4, max_size=14).map(_stream)
mutes = st.lists(
    st.builds(
        lambda first, hours, ticker: Mute(
            since=to_ms(START + first * HOUR),
            until=to_ms(START + (first + hours) * HOUR),
            ticker=ticker,
        ),
        st.integers(0, 40),
        st.integers(1, 30),
        st.sampled_from(["A", None]),
    ),
    max_size=1,
)
