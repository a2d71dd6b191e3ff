"""The root of an XML list that a host serves: whole, of no document type, and no web page."""

from xml.etree import ElementTree

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.answers import is_web_page

_CUT_SHORT = frozenset({3, 5, 6, 20})  # expat: no element, unclosed token, partial char, CDATA


def whole_xml(body: bytes, *, where: str, called: str, due: str) -> ElementTree.Element:
    """The root element, decoded as the document declares.

    called: what messages call it: feed.  due: what was to stand there.
    Raises SourceUnavailable where nothing, a web page or a part of it came, SourceUnreadable on any
    other text and on one that declares a document type.
    """
    if not body.strip():
        raise SourceUnavailable(f"the {called} is empty", where=where, mend="it is asked for again")
    if is_web_page(body):
        raise SourceUnavailable(
            f"a web page stands where {due} was due",
            where=where,
            mend="it is asked for again; see the page itself if this lasts",
        )
    try:
        return ElementTree.fromstring(body, ElementTree.XMLParser(target=_NoDoctype()))
    except ElementTree.ParseError as error:
        kind = SourceUnavailable if error.code in _CUT_SHORT else SourceUnreadable
        raise kind(
            f"the {called} is not whole XML: {error}",
            where=where,
            mend="nothing to do when it was cut on its way; else the reader needs mending",
        ) from error
    except (ValueError, LookupError) as error:
        raise SourceUnreadable(str(error), where=where, mend=f"look at the {called}") from error


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise ValueError("it declares a document type, which can carry entities")
