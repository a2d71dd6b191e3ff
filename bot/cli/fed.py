"""``bot fed diff``: what changed between two statements of the Federal Open Market Committee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot.cards.redline import redline_coloured, redline_summary, redline_text
from bot.cards.redline_html import redline_page
from bot.cli.fed_statements import Told, filed_statement, shipped_statements, stored_statements
from bot.cli.output import console, counted, print_json, say
from bot.config import load_config
from bot.errors import ConfigError, QueryError
from bot.fed.redline import Redline, redline
from bot.fed.redline_json import redline_json

_NAMED = 6
"""So many days are named in an error, the nearest ones."""


def _day(_: click.Context, __: click.Parameter, given: datetime | None) -> date | None:
    return given.date() if given else None


_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def fed() -> None:
    """What the Federal Reserve publishes."""


@fed.command()
@click.argument("day", metavar="[DATE]", type=_DAY, callback=_day, required=False)
@click.option("--against", type=_DAY, callback=_day, help="Default: the statement before.")
@click.option(
    "--files",
    nargs=2,
    metavar="OLD NEW",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Two statements from files, pages or their text, instead of the store.",
)
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="As a page, into this file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def diff(
    config_path: Path | None,
    day: date | None,
    against: date | None,
    files: tuple[Path, Path] | None,
    html: Path | None,
    as_json: bool,
) -> int:
    """A statement beside the one before it, by sentence and word.

    DATE is the day of its release or the last day of its meeting: 2025-09-17.  Titles, votes and
    links are told above and are no part of what is compared.
    """
    if files and (day or against):
        raise click.UsageError("--files needs no DATE and no --against")
    if files:
        found = _paired(filed_statement(files[0]), filed_statement(files[1]))
    elif day:
        found = _of_days(config_path, day, against)
    else:
        raise click.UsageError("which statement? give a DATE, such as 2025-09-17, or --files")
    if html:
        _write(html, found)
    if as_json:
        print_json(_json(found))
    elif html:
        say(str(html))
    else:
        _show(found)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two statements and what changed from the old one to the new one."""

    old: Told
    new: Told
    changes: Redline

    @property
    def title(self) -> str:
        return f"{self.new.sort} of {self.new.name} against {self.old.name}"

    @property
    def about(self) -> list[str]:
        """What was decided, and where it stands."""
        return [line for line in (self.new.decision, self.new.url) if line]


def _paired(old: Told, new: Told) -> _Pair:
    return _Pair(old=old, new=new, changes=redline(old.paragraphs, new.paragraphs))


def _of_days(config_path: Path | None, day: date, against: date | None) -> _Pair:
    """From the store; where it does not have them, from the statements that come with the bot."""
    config = load_config(config_path)
    stored, shipped = stored_statements(config), shipped_statements()
    if pair := _find(stored, day, against):
        return pair
    if pair := _find(shipped, day, against):
        where = "these two come with the bot; `bot run` collects the others"
        say(f"note: not in the store ({config.store.path}): {where}", err=True)
        return pair
    raise _missing(stored, shipped, day, against)


def _find(known: Sequence[Told], day: date, against: date | None) -> _Pair | None:
    """The statement of a day and the one before it, or that of another day."""
    new = next((each for each in known if each.is_of(day)), None)
    if new is None:
        return None
    if against is not None:
        old = next((each for each in known if each.is_of(against)), None)
    else:
        before = known[: known.index(new)]
        old = before[-1] if before else None
    return None if old is None else _paired(old, new)


def _missing(
    stored: Sequence[Told], shipped: Sequence[Told], day: date, against: date | None
) -> QueryError:
    """Which of the two days has no statement, and which have one."""
    known = stored or shipped
    lacking = next((d for d in (day, against) if d and not any(s.is_of(d) for s in known)), None)
    if lacking is None:
        what, asked = "no statement before that one is known", day
    else:
        what, asked = f"no statement of {lacking} is known", lacking
    near = sorted(known, key=lambda s: abs(((s.released_on or date.min) - asked).days))[:_NAMED]
    named = ", ".join(sorted(each.name for each in near))
    whole = "they are" if len(near) == len(known) else "the nearest are"
    place = "the store has" if stored else "the store has none; the bot comes with"
    return QueryError(
        f"{what}; {place} {counted(len(known), 'statement')}, {whole} {named}",
        where="bot fed diff",
        mend="give one of these days, let `bot run` collect more, or give --files OLD NEW",
    )


def _show(pair: _Pair) -> None:
    shown = console()
    for line in (pair.title, *pair.about, redline_summary(pair.changes), ""):
        say(line)
    if shown.is_terminal and not shown.no_color:
        shown.print(redline_coloured(pair.changes))
    else:
        say(redline_text(pair.changes))


def _json(pair: _Pair) -> dict[str, Any]:
    return {
        "statement": pair.new.name,
        "against": pair.old.name,
        "decision": pair.new.decision,
        "url": pair.new.url,
        **redline_json(pair.changes),
    }


def _write(path: Path, pair: _Pair) -> None:
    page = redline_page(pair.changes, title=pair.title, about=pair.about)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        mend = "give a file in a folder that exists and can be written to"
        raise ConfigError(f"not written: {error.strerror}", where=str(path), mend=mend) from error
