"""``bot facts valuation --ticker X --source``: each figure with its reports or rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from bot.cli.fact_sources import json_value
from bot.facts import VALUATION
from bot.rules.messages import shown
from bot.sources.edgar.names import text_path
from bot.store import Store, loaded

_SEC = "https://www.sec.gov"


def valuation_sources(
    store: Store, *, fact_id: str | None, ticker: str | None
) -> dict[str, Any] | None:
    """The figures of a stored reading, of a ticker the newest one, with their places; None where
    there is none."""
    rows = store.facts.select(VALUATION, fact_id=fact_id, ticker=ticker, limit=1)
    if not rows:
        return None
    told = loaded(VALUATION, rows[0])
    return {
        "id": told["id"],
        "ticker": told["ticker"],
        "as_of": json_value(VALUATION.by_name["as_of"].type, told["as_of"]),
        "method": told["pe_method"],
        "fields": [_figure(name, told, made) for name, made in (told["sources"] or {}).items()],
    }


def _figure(name: str, told: Mapping[str, Any], made: Any) -> dict[str, Any]:
    field = VALUATION.by_name[name]
    how = made.get("how") if isinstance(made, dict) else None
    return {
        "field": name,
        "value": json_value(field.type, told[name]),
        "shown": shown(field.stored(told[name]), field.type),
        "how": how,
        "places": list(_places(made, told["issuer_cik"])),
    }


def _places(made: Any, cik: str | None) -> Iterator[dict[str, Any]]:
    """Reports each with its address, rows of a file, the day of a provider; as they were kept."""
    if isinstance(made, list):
        for each in made:
            number = each.get("accession_number")
            yield each | ({"url": _SEC + text_path(cik, number)} if number and cik else {})
    elif "of" in made:
        yield from _places(made["of"], cik)
    elif "largest" in made:
        yield {"file": made["file"], "holdings": made["holdings"]}
        yield from made["largest"]
    elif rest := {name: value for name, value in made.items() if name != "how"}:
        yield rest


def valuation_sources_text(told: Mapping[str, Any]) -> Text:
    """A line for each figure and one for each place of it."""
    lines = [f"{told['id']}", f"{told['ticker']} at the close of {told['as_of']}"]
    if told["method"]:
        lines.append(told["method"])
    for each in told["fields"]:
        lines += [
            "",
            f"{each['field']}: {each['shown']}" + (f"  ({each['how']})" if each["how"] else ""),
        ]
        lines += [f"    {_line(place)}" for place in each["places"]]
    return Text("\n".join(lines))


def _line(place: Mapping[str, Any]) -> str:
    if "concept" not in place:
        return "  ".join(f"{name} {value}" for name, value in place.items() if value is not None)
    span = f"{place['start']} to {place['end']}" if place["start"] else f"on {place['end']}"
    return (
        f"{place['value']}  {place['concept']}  {span}  "
        f"{place['accession_number'] or 'no number'}, filed {place['filed']}"
    )
