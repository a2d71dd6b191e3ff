"""A redline for people: in one line, as plain text and for the terminal."""

from collections.abc import Iterator

from rich.text import Text

from bot.fed.redline import Fate, Redline, Sentence, Verdict

MOVED = "[moved]"
"""Stands before a sentence that others have changed places with."""

_PLAIN = {Fate.KEPT: "{}", Fate.REMOVED: "[-{}-]", Fate.ADDED: "{{+{}+}}"}
_STYLES = {Fate.KEPT: "", Fate.REMOVED: "red strike", Fate.ADDED: "bold green"}


def redline_summary(redline: Redline) -> str:
    """What is to be said of the whole: ``86% alike: 9 sentences kept, 3 changed, 1 added``."""
    alike = f"{_percent(redline.similarity)}% alike"
    if redline.verdict is Verdict.SAME:
        return "no word has changed"
    if redline.verdict is Verdict.REWRITTEN:
        return f"rewritten ({alike}): the whole new text follows"
    told = [f"{count} {fate}" for fate, count in redline.counts.items() if count]
    told[0] = told[0].replace(" ", " sentence " if told[0].startswith("1 ") else " sentences ", 1)
    nearly = "nearly unchanged, " if redline.verdict is Verdict.NEARLY_UNCHANGED else ""
    return f"{nearly}{alike}: {', '.join(told)}"


def _percent(similarity: float) -> int:
    """In hundredths, rounded down: only what is the same is 100 % alike."""
    return int(similarity * 100)


def shown_sentences(redline: Redline) -> list[list[Sentence]]:
    """What a rendering shows, by paragraphs; of a rewritten text the new one as it stands."""
    if redline.verdict is not Verdict.REWRITTEN:
        return redline.paragraphs()
    new = [[s for s in block if s.fate is not Fate.REMOVED] for block in redline.paragraphs()]
    return [block for block in new if block]


def runs_shown(redline: Redline, sentence: Sentence) -> list[tuple[Fate, str]]:
    """The words of one shown sentence with their fates; of a rewritten text no fate is shown."""
    if redline.verdict is Verdict.REWRITTEN:
        return [(Fate.KEPT, sentence.new_text)]
    moved = [(Fate.KEPT, MOVED)] if sentence.moved else []
    return [*moved, *sentence.runs]


def redline_text(redline: Redline) -> str:
    """Paragraphs with ``[-words removed-]`` and ``{+words added+}``."""
    return "\n\n".join(
        " ".join(
            _PLAIN[fate].format(text)
            for sentence in block
            for fate, text in runs_shown(redline, sentence)
        )
        for block in shown_sentences(redline)
    )


def redline_coloured(redline: Redline) -> Text:
    """The same for a terminal with colours: struck through, and bold."""
    text = Text()
    for number, block in enumerate(shown_sentences(redline)):
        text.append("\n\n" if number else "")
        for place, (fate, words) in enumerate(_runs(redline, block)):
            text.append(" " if place else "")
            text.append(words, style=_STYLES[fate])
    return text


def _runs(redline: Redline, block: list[Sentence]) -> Iterator[tuple[Fate, str]]:
    for sentence in block:
        yield from runs_shown(redline, sentence)
