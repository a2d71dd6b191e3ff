"""Where a figure stands, as a reader can look it up."""

from collections.abc import Iterable
from typing import Any

from bot.valuation.company_facts import Reported
from bot.valuation.periods import Figure


def of_reports(parts: Iterable[Reported]) -> list[dict[str, Any]]:
    """Accession number, concept, period and filing day of each number, in the order of use."""
    return [
        {
            "accession_number": each.accession_number,
            "concept": each.concept,
            "start": each.start and each.start.isoformat(),
            "end": each.end.isoformat(),
            "filed": each.filed.isoformat(),
            "value": f"{each.value:f}",
        }
        for each in parts
    ]


def of_figure(figure: Figure) -> dict[str, Any]:
    """How a figure was made, and of what."""
    return {"how": figure.how, "of": of_reports(figure.parts)}


def of_row(where: str) -> dict[str, Any]:
    """A row of a user's file."""
    return {"row": where}
