"""``bot facts insider_trade --id X --source``: every number with its place in the document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from bot.clock import to_text
from bot.facts import INSIDER_TRADE, Fact, Type
from bot.insider.facts import digest_of, insider_trades
from bot.insider.provenance import Origin, origins
from bot.rules.messages import shown
from bot.sources.edgar.names import text_path
from bot.sources.edgar.ownership import read_filing
from bot.sources.edgar.places import places_of
from bot.store import Store, loaded

_LONGEST = 160
_SEC = "https://www.sec.gov"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """A stored trade and the origins of its fields; url: where sec.gov has the filing."""

    fact_id: str
    accession_number: str | None
    url: str | None
    origins: list[Origin]


def trade_sources(store: Store, fact_id: str) -> Sources | None:
    """The origins of a stored trade, from the stored bytes of its document; None where there is no
    such fact.  SourceUnreadable where the document can not be read any more."""
    rows = store.facts.select(INSIDER_TRADE, fact_id=fact_id)
    if not rows:
        return None
    stored = loaded(INSIDER_TRADE, rows[0])
    accession = stored["accession_number"]
    told: list[Origin] = []
    if (document_id := rows[0]["document_id"]) is not None:
        body, name = store.documents.body(document_id), f"{accession or fact_id}.txt"
        filing = read_filing(body, name=name)
        facts = insider_trades(filing, accepted_at=None, digest=digest_of(body))
        told = origins(filing, _first_version(facts, fact_id), stored, places_of(body, name=name))
    return Sources(
        fact_id=fact_id,
        accession_number=accession,
        url=_SEC + text_path(stored["issuer_cik"], accession) if accession else None,
        origins=told,
    )


def _first_version(facts: list[Fact], fact_id: str) -> Fact | None:
    """What the document tells; what an amendment left of it is a version (``~2``) of that."""
    base = fact_id.partition("~")[0]
    return next((fact for fact in facts if fact.id == base), None)


def sources_json(told: Sources) -> dict[str, Any]:
    """Fields with their places; values as ``bot facts --json`` has them."""
    return {
        "id": told.fact_id,
        "accession_number": told.accession_number,
        "url": told.url,
        "fields": [
            {
                "field": each.field,
                "value": json_value(INSIDER_TRADE.by_name[each.field].type, each.value),
                "how": each.how,
                "places": [
                    {
                        "accession_number": told.accession_number,
                        "path": place.path,
                        "text": place.text,
                    }
                    for place in each.places
                ],
            }
            for each in told.origins
        ],
    }


def json_value(type_: Type, value: Any) -> Any:
    """A value as JSON has it: dates and instants as text, money in dollars."""
    if value is None or type_ is Type.DETAIL:
        return value
    if type_ is Type.MONEY:
        return f"{value // 100}.{value % 100:02d}"
    if type_ is Type.INSTANT:
        return to_text(value)
    return value.isoformat() if type_ is Type.DATE else value


def sources_text(told: Sources) -> Text:
    """The filing, then a line for each field and one for each place of it."""
    lines = [told.accession_number or told.fact_id, *([told.url] if told.url else [])]
    for each in told.origins:
        field = INSIDER_TRADE.by_name[each.field]
        value = shown(field.stored(each.value), field.type)
        lines += ["", f"{each.field}: {value}  ({each.how})"]
        lines += [f"    {path}  {text}" for path, text in _lines(each)]
    return Text("\n".join(lines))


def _lines(origin: Origin) -> Iterator[tuple[str, str]]:
    for place in origin.places:
        text = place.text or ""
        cut = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
        yield place.path, f"“{cut}”" if text else "no value"
