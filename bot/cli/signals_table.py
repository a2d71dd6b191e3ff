"""Signals for a reader: one ticker with everything known of it, or a line a ticker."""

from collections.abc import Sequence

from rich.table import Table

from bot.facts import Type
from bot.facts.prices import PRICE_BAR
from bot.numbers import money_text, number_text, percent_text
from bot.rules.messages import shown
from bot.signals.last import LastBar
from bot.signals.price import WINDOWS

_RETURNS = ("1d", "5d", "21d", "63d", "252d", "ytd")
_UNKNOWN = "–"


def one_bar(bar: LastBar, quality: Sequence[str]) -> Table:
    """Every signal with the session its window starts from and what it means."""
    table = Table(box=None, padding=(0, 1), title=_title(bar), title_justify="left")
    for heading, justify in (("signal", "left"), ("value", "right"), ("since", "left")):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("meaning", style="dim")
    for name, value in bar.values.items():
        field = PRICE_BAR.by_name[name]
        since = bar.since.get(WINDOWS[name]) if field.type is Type.RATIO else None
        mark = "?" if name in bar.doubtful else ""
        table.add_row(name, shown(value, field.type) + mark, str(since or ""), field.doc)
    table.add_row("missing_sessions", str(bar.missing["252d"]), "", _missing(bar))
    table.add_row("quality", " ".join(quality) or "no marks", "", PRICE_BAR.by_name["quality"].doc)
    return table


def many_bars(told: Sequence[tuple[LastBar, Sequence[str]]]) -> Table:
    """A line a ticker with the signals that are looked at first; ? marks what is in doubt."""
    table = Table(box=None, padding=(0, 1))
    for heading in ("ticker", "date"):
        table.add_column(heading, no_wrap=True)
    for heading in ("close", *_RETURNS, "excess", "z 1d", "high", "volume"):
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column("marks", min_width=9, overflow="fold")
    for bar, quality in told:
        table.add_row(*_line(bar), " ".join([*_marks(bar), *quality]))
    table.caption = _caption([bar for bar, _ in told])
    return table


def _caption(bars: Sequence[LastBar]) -> str:
    """What the short headings stand for."""
    benchmarks = sorted({bar.benchmark for bar in bars if bar.benchmark}) or ["the benchmark"]
    doubt = " ?: too many sessions missing" if any(bar.doubtful for bar in bars) else ""
    over = " or ".join(benchmarks)
    return (
        f"excess: 21d over {over}; high: below that of 252 sessions; volume: by 20 before;{doubt}"
    )


def _title(bar: LastBar) -> str:
    beside = f", beside {bar.benchmark}" if bar.benchmark else ""
    return f"{bar.ticker} {bar.session}: closed at {money_text(bar.close_usd * 100)}{beside}"


def _missing(bar: LastBar) -> str:
    if not bar.doubtful:
        return PRICE_BAR.by_name["missing_sessions"].doc
    return "Values with ? lack more than one session in their window: unknown to rules."


def _line(bar: LastBar) -> list[str]:
    """Cells of one ticker up to its marks."""
    returns = [_cell(bar, f"return_{span}") for span in _RETURNS]
    return [
        bar.ticker,
        str(bar.session),
        money_text(bar.close_usd * 100),
        *returns,
        _cell(bar, "excess_21d"),
        _cell(bar, "zscore_1d"),
        _cell(bar, "drawdown_252d"),
        _cell(bar, "volume_ratio"),
    ]


def _cell(bar: LastBar, name: str) -> str:
    value = bar.values[name]
    if value is None:
        return _UNKNOWN
    ratio = PRICE_BAR.by_name[name].type is Type.RATIO
    text = percent_text(value) if ratio else number_text(value, 1)
    return text + ("×" if name == "volume_ratio" else "") + ("?" if name in bar.doubtful else "")


def _marks(bar: LastBar) -> list[str]:
    """What is worth a word: highs, lows, sessions that are missing."""
    marks = [
        word for name, word in (("high_252d", "high"), ("low_252d", "low")) if bar.values[name]
    ]
    missing = bar.missing["252d"]
    return [*marks, *([f"{missing} missing"] if missing else [])]
