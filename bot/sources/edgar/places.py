"""Where the texts of an ownership document stand: element paths in the tree that is read."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bot.errors import SourceUnreadable
from bot.insider.filing import Table
from bot.insider.provenance import Place, Places
from bot.sources.edgar.container import Refused
from bot.sources.edgar.reader import read_form, text_of

_TABLES = {"nonDerivativeTable": Table.NON_DERIVATIVE, "derivativeTable": Table.DERIVATIVE}
_NUMBERED = frozenset({"reportingOwner", "ownerSignature"})


def places_of(body: bytes, *, name: str) -> Places:
    """The places of a document's texts; SourceUnreadable where it can not be read.

    Paths lead from the root as ElementTree and XPath have them.
    """
    try:
        contained, root, _ = read_form(body)
    except Refused as refusal:
        raise SourceUnreadable(
            str(refusal), where=name, mend="compare it with the document on sec.gov"
        ) from refusal
    leaves = {path: Place(path=path, text=text) for path, text in _leaves(root, "")}
    header = {
        "ACCESSION NUMBER": contained.accession_number,
        "ACCEPTANCE-DATETIME": contained.accepted_text,
    }
    return Places(
        document={
            **{each: Place(path=f"SEC-HEADER/{each}", text=text) for each, text in header.items()},
            **{path.removesuffix("/value"): place for path, place in leaves.items()},
        },
        rows=dict(_rows(root)),
        notes=dict(_notes(root)),
    )


def _rows(root: Element) -> Iterator[tuple[tuple[Table, int], dict[str, Place]]]:
    """The leaves of each row by their names, by table and number as the reader counts them."""
    for tag, table in _TABLES.items():
        met: dict[str, int] = {}
        for number, row in enumerate(root.find(tag) or (), start=1):
            met[row.tag] = met.get(row.tag, 0) + 1
            path = f"{tag}/{row.tag}[{met[row.tag]}]"
            yield (
                (table, number),
                {
                    where.removesuffix("/value").rpartition("/")[2]: Place(path=where, text=text)
                    for where, text in _leaves(row, f"{path}/")
                },
            )


def _leaves(element: Element, path: str) -> Iterator[tuple[str, str | None]]:
    """Path and text of all leaves but rows and footnotes; one without a value has no text."""
    met: dict[str, int] = {}
    for child in element:
        if child.tag in _TABLES or child.tag in ("footnotes", "footnoteId"):
            continue
        met[child.tag] = met.get(child.tag, 0) + 1
        step = f"{child.tag}[{met[child.tag]}]" if child.tag in _NUMBERED else child.tag
        value = child.find("value")
        if value is not None:
            yield f"{path}{step}/value", text_of(value)
        elif all(each.tag == "footnoteId" for each in child):
            yield f"{path}{step}", text_of(child) if len(child) == 0 else None
        else:
            yield from _leaves(child, f"{path}{step}/")


def _notes(root: Element) -> Iterator[tuple[str, Place]]:
    for note in root.findall("footnotes/footnote"):
        note_id = (note.get("id") or "").strip()
        path = f"footnotes/footnote[@id='{note.get('id')}']"
        yield note_id, Place(path=path, text=text_of(note))
