"""Two statements as the Federal Reserve released them: July and September 2025.

Works of the US government, free of copyright.  Each is a text file of its paragraphs, the roll call
the last of them, named as its press release: ``monetaryYYYYMMDDa``.
"""

from datetime import date, datetime
from importlib.resources import files


def statement_days() -> list[date]:
    """The days of the statements here, oldest first."""
    names = sorted(file.name for file in files(__name__).iterdir() if file.name.endswith(".txt"))
    return [datetime.strptime(name, "monetary%Y%m%da.txt").date() for name in names]  # noqa: DTZ007


def statement_paragraphs(day: date) -> list[str]:
    """Text and votes as they stand on its page; KeyError where it is none of ``statement_days``."""
    if day not in statement_days():
        raise KeyError(day)
    file = files(__name__) / f"monetary{day:%Y%m%d}a.txt"
    return file.read_text(encoding="utf-8").strip().split("\n\n")
