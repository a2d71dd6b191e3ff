"""A bot that reads filings as they come, judges them and queues what it tells."""

from bot.pipeline import EDGAR, read_documents
from bot.sandbox.filings import SyntheticFiling
from bot.store import Message, NewDocument
from tests.builders import NOW, Line

SALES = "where: side == sell and class == open_market\nwhen: value_usd >= $1M"


class Judged(Line):
    """A line that reads filings, judges them and queues what it tells."""

    def read(self, *filings: SyntheticFiling, quiet: bool = False) -> list[Message]:
        """Read filings, each judged before the next; gives the messages that are new."""
        before = len(self.store.outbox.all())
        for filing in filings:
            self.keep(filing, quiet=quiet)
            self.run()
        return self.store.outbox.all()[before:]

    def keep(self, *filings: SyntheticFiling, quiet: bool = False) -> None:
        """Read filings and leave their facts unjudged."""
        for filing in filings:
            name = filing.accession
            document = NewDocument(
                source=EDGAR, key=name, name=name, body=filing.submission(), quiet=quiet
            )
            self.store.documents.add([document], seen_at=NOW)
            assert read_documents(self.store).unreadable == 0
