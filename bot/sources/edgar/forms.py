"""Any form that the bot reads, by the root of its XML: ownership forms and notices of sale."""

from bot.insider.filing import Filing
from bot.insider.notices import Notice
from bot.sources.edgar.container import SUBMISSION, Refused, contained_form
from bot.sources.edgar.form144 import read_notice
from bot.sources.edgar.ownership import read_filing


def read_document(body: bytes, *, name: str) -> Filing | Notice:
    """What a document holds; SourceUnreadable with the reason where it can not be read.

    name: the document's file name, which may carry the accession number.
    """
    if SUBMISSION in body and _root(body) == SUBMISSION:  # looking costs less than cutting out
        return read_notice(body, name=name)
    return read_filing(body, name=name)


def _root(body: bytes) -> bytes | None:
    try:
        return contained_form(body).root
    except Refused:
        return None
