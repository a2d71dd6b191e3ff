"""What the Federal Reserve of the demo published from June to October 2025.

The statements of July and September are those of the Committee, works of the US government.  Every
other text is synthetic: who, when and what was decided is as it was, the words are our own.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.sandbox.fed_record import (
    MINUTES,
    PRESS,
    SPEECH,
    TESTIMONY,
    Document,
    FedRecord,
    eastern,
    meeting_entries,
)

TEXTS = Path(__file__).parent / "fed_texts"

DECIDED = eastern(2025, 9, 17)
"""When the decision of September 2025 was released."""

MEETINGS = (
    (date(2025, 6, 17), date(2025, 6, 18)),
    (date(2025, 7, 29), date(2025, 7, 30)),
    (date(2025, 9, 16), date(2025, 9, 17)),
    (date(2025, 10, 28), date(2025, 10, 29)),
    (date(2025, 12, 9), date(2025, 12, 10)),
)

_STATEMENT = "Federal Reserve issues FOMC statement"
_JUNE = (
    "Activity has kept expanding, as these synthetic words say. Inflation remains somewhat "
    "elevated.",
    "In support of its goals, the Committee decided to maintain the target range for the federal "
    "funds rate at 4-1/4 to 4-1/2 percent.",
    "Voting for the monetary policy action were Jerome H. Powell, Chair; John C. Williams, Vice "
    "Chair; Michael S. Barr; Michelle W. Bowman; Susan M. Collins; Lisa D. Cook; Austan D. "
    "Goolsbee; Philip N. Jefferson; Adriana D. Kugler; Alberto G. Musalem; Jeffrey R. Schmid; and "
    "Christopher J. Waller.",
)
_MINUTES_OF_JULY = (
    "A joint meeting was held on Tuesday, July 29, 2025, and continued on Wednesday, July 30, "
    "2025. These minutes are synthetic.",
    "Most participants judged that inflation remained somewhat elevated. Several participants "
    "noted that employment had softened. A few participants saw upside risks to inflation, and a "
    "couple of participants preferred to lower the target range at this meeting.",
    "Voting for this action: Jerome H. Powell, John C. Williams, Michael S. Barr, Susan M. "
    "Collins, Lisa D. Cook, Austan D. Goolsbee, Philip N. Jefferson, Alberto G. Musalem, and "
    "Jeffrey R. Schmid.",
    "Voting against this action: Michelle W. Bowman and Christopher J. Waller.",
)
_NOTE = (
    "The Board of Governors voted to lower the interest rate paid on reserve balances to 4.15 "
    "percent, effective September 18, 2025. This note is synthetic.",
)


def statement_text(slug: str) -> tuple[str, ...]:
    """The paragraphs of a statement that comes with the bot, such as ``monetary20250917a``."""
    return tuple((TEXTS / f"{slug}.txt").read_text(encoding="utf-8").strip().split("\n\n"))


def story() -> FedRecord:
    """The record of the demo."""
    documents = (*_statements(), *_minutes(), *_spoken(), *_others())
    return FedRecord(
        documents=documents,
        entries=tuple(meeting_entries(MEETINGS)),
        meetings=MEETINGS,
        feed_delay=timedelta(seconds=45),
    )


def released_again(record: FedRecord, start: datetime, every: timedelta) -> FedRecord:
    """The record with all from the decision on released one after another from ``start`` on; what
    came in one minute comes in one again."""
    times = sorted({each.published_at for each in record.documents if each.published_at >= DECIDED})
    moved = {at: start + place * every for place, at in enumerate(times, start=1)}
    documents = [
        replace(each, published_at=moved.get(each.published_at, each.published_at))
        for each in record.documents
    ]
    return replace(record, documents=documents, feed_delay=min(record.feed_delay, every))


def _statements() -> Iterator[Document]:
    june, july = eastern(2025, 6, 18), eastern(2025, 7, 30)
    for at, text in (
        (june, _JUNE),
        (july, statement_text("monetary20250730a")),
        (DECIDED, statement_text("monetary20250917a")),
    ):
        slug = f"monetary{at:%Y%m%d}a"
        note = f"Implementation Note issued {at:%B} {at.day}, {at.year}"
        yield Document(
            path=f"{PRESS}{slug}.htm",
            title=_STATEMENT,
            published_at=at,
            paragraphs=text,
            category="Monetary Policy",
            release_line="For release at 2:00 p.m. EDT",
            links=((f"{PRESS}{slug}1.htm", note),),
        )
    yield Document(
        path=f"{PRESS}monetary20250917a1.htm",
        title="Decisions Regarding Monetary Policy Implementation",
        published_at=DECIDED,
        paragraphs=_NOTE,
        release_line="For release at 2:00 p.m. EDT",
    )
    yield Document(
        path=f"{PRESS}monetary20250917b.htm",
        title="Federal Reserve Board and Federal Open Market Committee release economic "
        "projections from the September 16-17 FOMC meeting",
        published_at=DECIDED,
        paragraphs=("The attached tables and charts summarize the projections. Synthetic.",),
        category="Monetary Policy",
        release_line="For release at 2:00 p.m. EDT",
    )


def _minutes() -> Iterator[Document]:
    at, full = eastern(2025, 8, 20), f"{MINUTES}fomcminutes20250730.htm"
    title = "Minutes of the Federal Open Market Committee, July 29–30, 2025"
    yield Document(
        path=f"{PRESS}monetary20250820a.htm",
        title=title,
        published_at=at,
        paragraphs=("The Federal Reserve released the minutes of its July meeting. Synthetic.",),
        category="Monetary Policy",
        release_line="For release at 2:00 p.m. EDT",
        links=((full, "Minutes of the Federal Open Market Committee"),),
    )
    yield Document(
        path=full,
        title=title,
        published_at=at,
        paragraphs=_MINUTES_OF_JULY,
        heading="Minutes of the Federal Open Market Committee, July 29–30, 2025",
    )


def _spoken() -> Iterator[Document]:
    yield Document(
        path=f"{TESTIMONY}powell20250624a.htm",
        title="Semiannual Monetary Policy Report to the Congress",
        published_at=eastern(2025, 6, 24, 8, 30),
        paragraphs=("The economy is in a solid position. This testimony is synthetic.",),
        category="Testimony",
        description="Testimony Before the Committee on Financial Services, U.S. House",
        speaker="Chair Jerome H. Powell",
        venue="Before the Committee on Financial Services, U.S. House of Representatives",
    )
    yield _speech(
        "powell20250822a",
        eastern(2025, 8, 22, 10),
        "Monetary Policy and the Review",
        "Chair Jerome H. Powell",
        "At an economic policy symposium in Jackson Hole, Wyoming",
        "Downside risks to employment are rising. The shifting balance of risks may warrant an "
        "adjustment of our policy stance.",
    )
    yield _speech(
        "waller20250828a",
        eastern(2025, 8, 28, 18),
        "Let Us Get On with It",
        "Governor Christopher J. Waller",
        "At the Economic Club of Miami, Miami, Florida",
        "I would support a lower policy rate. The labor market is softening, and inflation is "
        "close to our goal.",
    )
    yield _speech(
        "miran20250922a",
        eastern(2025, 9, 22, 12, 30),
        "Where Neutral Stands",
        "Governor Stephen I. Miran",
        "At the Economic Club of New York, New York, New York",
        "Policy is very restrictive. Leaving short-term rates too tight risks layoffs and higher "
        "unemployment.",
    )
    yield _speech(
        "powell20250923a",
        eastern(2025, 9, 23, 12, 35),
        "Economic Outlook",
        "Chair Jerome H. Powell",
        "At the Greater Providence Chamber of Commerce, Warwick, Rhode Island",
        "Near-term risks to inflation are tilted to the upside and risks to employment to the "
        "downside, a challenging situation.",
    )


def _speech(slug: str, at: datetime, title: str, speaker: str, venue: str, words: str) -> Document:
    return Document(
        path=f"{SPEECH}{slug}.htm",
        title=title,
        published_at=at,
        paragraphs=(words, "This speech is synthetic: the speaker never said these words."),
        category="Speech",
        description=f"Speech {venue}",
        speaker=speaker,
        venue=venue,
    )


def _others() -> Iterator[Document]:
    told = (
        ("enforcement20250916a", "Enforcement Actions", eastern(2025, 9, 16, 11),
         "Federal Reserve Board issues enforcement action with former employee of Harbor Bank"),
        ("orders20250919a", "Orders on Banking Applications", eastern(2025, 9, 19, 16, 30),
         "Federal Reserve Board announces approval of application by Harbor Lights Bancorp"),
        ("bcreg20250925a", "Banking and Consumer Regulatory Policy", eastern(2025, 9, 25, 15),
         "Federal Reserve Board requests comment on a proposal about stress tests"),
    )  # fmt: skip
    for slug, category, at, title in told:
        yield Document(
            path=f"{PRESS}{slug}.htm",
            title=title,
            published_at=at,
            paragraphs=("This release is synthetic.",),
            category=category,
            release_line="For immediate release",
        )
