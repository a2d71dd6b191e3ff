"""What sort of document a title, or a released item with its address, is.

The folder and the letters of an address tell most without guessing; a title tells what is left.
A title alone cannot tell testimony from a speech for sure, nor some 'other' from regulation.
"""

import re

from bot.fed.tokens import one_of
from bot.fed.typography import plain

_TESTIFYING_STAFF = one_of(
    "alvarez belsky braunstein gibson greenlee lindo madigan parkinson roseman spillenkothen"
)
"""Surnames of staff, who stand in the feeds for what they tell Congress, not for speeches."""

_INSTITUTIONS = one_of(
    "federal agencies agency board fomc minutes statement joint banking interagency regulators "
    "fed reserve treasury central notice decisions implementation summary european fdic occ cfpb "
    "ncua sec cftc fhfa financial consumer bank banks"
)
"""What stands before the first comma of a press title, where feeds set a speaker's surname."""


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_SPEAKER = re.compile(
    r"(?P<surname>(?:(?:Van|Von|De|Di|La|Le)(?: Der| De)? )?[A-Z][\w'-]+(?:,? Jr\.)?), "
    r"(?P<title>\S.*)"
)
_APPEARANCE = re.compile(
    r"(?P<what>\w[\w ]{2,40}?) ?(?:-+|:) ?"
    r"(?:Chair|Vice Chair|Governor|President|Director|Former|Speech|Panel)\w*\b",
)
_APPEARANCES = _any(
    "speech", "discussion", "remarks", "testimony", "panel", "lecture", "interview", "chat",
    "conversation", "address", "q&a",
)  # fmt: skip
_ANNOUNCED = re.compile(r"(?:\w+ ){0,2}(?:Speech|Remarks|Lecture|Address) (?:by|of) \S")
_TESTIFIED = re.compile(r"Testimony (?:by|of) \S|Statement (?:by|of) .* before ")
_ON_THE_HILL = _any(
    r"(?:the )?(?:federal reserve(?: board)?'s )?(?:first |second )?(?:semi-?annual )?"
    r"(?:report on )?"
    r"(?:the )?(?:semi-?annual )?monetary policy(?: report)?(?: to (?:the )?congress)",
    r"semi-?annual monetary policy report.*",
    r"supervision and regulation(?: report)?",
    r"(?:.* )?(?:nomination|confirmation|oversight) hearing.*",
    r".*\bbefore the (?:u\.s\. )?(?:senate|house|joint economic|committee on|subcommittee).*",
)
"""Titles under which policy makers speak to Congress."""

_STATEMENT = re.compile(
    r"(?:correct(?:ion|ed)(?: version)?: ?)?"
    r"(?:federal reserve (?:board )?(?:issues|releases) )?(?:the |an )?"
    r"(?:fomc|federal open market committee) (?:policy )?statement"
    r"(?=$|:| ?\(|,? and board| - |,? (?:of |from |for )?(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december)\b)"
)
_RULES = _any(
    r"^(?:federal (?:bank|financial)\w* )?(?:regulatory )?agencies\b(?!.*enforcement)",
    r"\b(?:requests?|seeks?|invites?|extends?|reopens?)\b.*\bcomments?\b",
    r"\bpropos(?:es|ed rules?)\b", r"\bfinal rules?\b", r"\brulemaking\b",
    r"\badjust\w* .*civil money penalt", r"civil money penalt.* (?:inflation|adjust)",
)  # fmt: skip
"""What is regulation whatever else the title speaks of."""

_WRITTEN = (
    (
        "discount_rate_minutes",
        _any(r"minutes\b.*\bdiscount[- ]rate", r"discount[- ]rate\b.*minutes"),
    ),
    (
        "minutes",
        _any(
            r"minutes of (?:the |its )?(?:.* )?(?:federal open market committee|fomc)\b",
            r"^(?:federal reserve (?:board )?(?:issues|releases) )?(?:the )?"
            r"(?:fomc|federal open market committee)(?: meeting)? minutes\b",
            r"^minutes of .* (?:fomc|federal open market committee)",
        ),
    ),
    ("projections", _any(r"economic projections", r"projection(?:s)? materials?")),
    (
        "implementation_note",
        _any(r"^implementation note", r"^decisions regarding monetary policy implementation"),
    ),
    ("longer_run_goals", _any(r"longer-? ?run goals")),
    ("beige_book", _any(r"beige book", r"commentary on current economic conditions")),
    ("regulation", _RULES),
    (
        "enforcement",
        _any(
            r"enforcement action", r"cease[- ]and[- ]desist", r"civil money penalt",
            r"\bbars? (?:a )?(?:current|former)\b",
            r"permanently (?:bars?|bans?)\b",
            r"prohibition order", r"(?:order|notice|consent) (?:of )?prohibition",
            r"prohibits? .* from (?:participating|banking|the banking|working)",
            r"prohibition (?:from|against|of) (?:former|banking|participat)", r"written agreement",
            r"consent order", r"prompt corrective action directive", r"order of assessment",
            r"\bfines\b", r"penalt(?:y|ies) (?:against|on)", r"final decision .*against",
            r"formal (?:enforcement )?action",
        ),
    ),
    (
        "orders",
        _any(
            r"(?:approv\w*|denial|denies|denied|withdrawal|return) (?:of )?(?:the |an? |its )?"
            r"(?:joint |related )?(?:applications?|notices?)\b",
            r"(?:approv\w*|denial|denies|denied) (?:of )?(?:the |an? )?"
            r"(?:proposals?|requests?|merger|acquisition|formation|elections?|plan) (?:by|of|from)",
            r"\borders? (?:approving|denying)", r"orders? on banking applications?",
        ),
    ),
)  # fmt: skip
"""Kinds by what their titles say, the surest first."""

_REGULATION = _any(
    r"\bagenc(?:y|ies)\b", r"comment", r"propos", r"\brules?\b", r"\bruling", r"finaliz",
    r"regulat", r"supervis", r"stress test", r"policy statement", r"leverage ratio",
    r"capital (?:requirement|rule|framework|plan|standard|buffer|action|planning)", r"\bbasel\b",
    r"community (?:reinvestment|bank)", r"\bcra\b", r"loan-to-deposit", r"shared national credit",
    r"distressed or underserved", r"guidance", r"guidelines", r"threshold", r"\bexam",
    r"exempt", r"liquidity (?:coverage|requirement|rule)", r"resolution plan", r"living will",
    r"truth in lending", r"mortgage disclosure", r"\bhmda\b", r"volcker", r"long-term debt",
    r"consumer (?:compliance|protection)", r"secrecy", r"laundering", r"compliance",
    r"small entit", r"apprais", r"flood insurance", r"call report", r"reputation risk",
    r"large (?:bank|financial)", r"bank holding compan", r"banking organization", r"\bccar\b",
    r"scenarios", r"surcharge", r"privacy", r"fair lending", r"credit card", r"overdraft",
    r"reserve requirement", r"interchange", r"debit card", r"insiders", r"\bfaqs?\b",
    r"frequently asked", r"advisory", r"handbook", r"risk management", r"lending standards",
    r"incentive compensation", r"crypto", r"stablecoin", r"margin", r"tailor",
)  # fmt: skip
_OTHER = _any(
    r"survey", r"findings", r"\bstudy\b", r"payment services", r"task force",
    r"advisory (?:council|committee)",
    r"\bdeath of\b",
    r"\bnames\b", r"appoint", r"designat", r"passing", r"resign", r"retire", r"holiday",
    r"conference", r"webcast", r"financial statements", r"income and expense", r"annual report",
    r"financial stability report", r"report to congress", r"fedwire", r"fednow", r"swap lines?\b",
    r"(?:liquidity|lending|funding|credit) facilit", r"term auction", r"new currency",
    r"currency education", r"consumer credit", r"balance sheet", r"pricing", r"\bbudget",
    r"\belect(?:s|ed|ion)\b", r"\bpresident", r"\b(?:vice )?chair(?:man)?\b", r"leadership",
    r"conduct of monetary policy", r"meeting", r"oath of office", r"sworn",
)  # fmt: skip
"""Words of announcements that are no regulation though they share its words."""


def title_kind(title: str) -> str:
    """The sort of document that a title alone tells, a word of ``FED_TYPES``; 'other' where none.

    Titles may come from a feed ('Waller, Payments'), a calendar ('FOMC Minutes') or a page.
    """
    spelled = plain(title).strip(" .\"'")
    return _spoken(spelled) or _released(spelled.lower())


def _spoken(title: str) -> str | None:
    """Speech or testimony; None where the title is of something that is written."""
    if _TESTIFIED.match(title):
        return "testimony"
    if _ANNOUNCED.match(title):
        return "speech"
    entry = _APPEARANCE.match(title)
    if entry and _APPEARANCES.search(entry["what"].lower()):
        return "testimony" if "testimony" in entry["what"].lower() else "speech"
    told = _SPEAKER.fullmatch(title)
    if told is None or told["surname"].split()[0].lower() in _INSTITUTIONS:
        return None
    staff = told["surname"].lower() in _TESTIFYING_STAFF
    return "testimony" if staff or _ON_THE_HILL.fullmatch(told["title"].lower()) else "speech"


def _released(title: str) -> str:
    if _STATEMENT.match(title):
        return "statement"
    for kind, pattern in _WRITTEN:
        if pattern.search(title):
            return kind
    return "regulation" if _REGULATION.search(title) and not _OTHER.search(title) else "other"


_SLUG = re.compile(r"(?P<name>[a-z]+)-?(?P<date>\d{8})(?P<letter>[a-z]?\d?)(?:\.\w+)?$")
_FOLDERS = {"speech": "speech", "speeches": "speech", "testimony": "testimony"}
_SLUGS = {
    "enforcement": "enforcement",
    "orders": "orders",
    "bcreg": "regulation",
    "other": "other",
    "fomcminutes": "minutes",
    "fomcprojtabl": "projections",
    "fomcprojtable": "projections",
    "beigebook": "beige_book",
}
_CATEGORIES = {
    "enforcement actions": "enforcement",
    "orders on banking applications": "orders",
    "banking and consumer regulatory policy": "regulation",
    "other announcements": "other",
    "speech": "speech",
    "testimony": "testimony",
}
_MONETARY = one_of(
    "statement implementation_note minutes projections discount_rate_minutes longer_run_goals "
    "beige_book"
)


def item_kind(*, title: str, url: str = "", category: str = "") -> str:
    """The sort of a released item: by its address, else its feed category, else its title.

    ``monetary...a`` is not always a statement nor ``...b`` projections: there the title decides.
    """
    parts = plain(url).lower().split("?")[0].rstrip("/").split("/")
    for folder in parts[:-1]:
        if folder in _FOLDERS:
            return _FOLDERS[folder]
    slug = _SLUG.search(parts[-1])
    if slug and slug["name"] in _SLUGS:
        return _SLUGS[slug["name"]]
    by_title = title_kind(title)
    if slug and slug["name"] == "monetary":
        return _monetary(by_title, slug["letter"])
    return _CATEGORIES.get(plain(category).lower()) or by_title


def _monetary(by_title: str, letter: str) -> str:
    if by_title in _MONETARY:
        return by_title
    return "implementation_note" if letter == "a1" else "other"
