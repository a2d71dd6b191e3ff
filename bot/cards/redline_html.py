"""A redline as a page of its own: ``<del>`` and ``<ins>``, readable on light and dark."""

from collections.abc import Sequence
from html import escape

from bot.cards.redline import redline_summary, runs_shown, shown_sentences
from bot.fed.redline import Fate, Redline
from bot.readable import readable

_TAGS = {Fate.KEPT: "{}", Fate.REMOVED: "<del>{}</del>", Fate.ADDED: "<ins>{}</ins>"}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --text: #1d1d1f; --page: #fff; --soft: #5f6368;
  --gone: #a4161a; --gone-page: #fdeaea; --new: #0b6b2e; --new-page: #e3f6e8; }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #e8e8ea; --page: #17181a; --soft: #a2a6ab;
  --gone: #ff9a9a; --gone-page: #431c1e; --new: #86e0a1; --new-page: #17361f; }} }}
body {{ color: var(--text); background: var(--page); max-width: 44rem; margin: 2rem auto;
  padding: 0 1rem; font: 1.05rem/1.65 Georgia, serif; }}
h1 {{ font-size: 1.4rem; line-height: 1.3; }}
.about {{ color: var(--soft); font-size: .95rem; margin: .2rem 0; }}
main {{ margin-top: 1.5rem; }}
del {{ color: var(--gone); background: var(--gone-page); }}
ins {{ color: var(--new); background: var(--new-page); text-decoration: none; font-weight: bold; }}
</style>
</head>
<body>
<h1>{title}</h1>
{about}
<main>
{paragraphs}
</main>
</body>
</html>
"""


def redline_page(redline: Redline, *, title: str, about: Sequence[str] = ()) -> str:
    """A whole HTML document.  about: lines under the title, beside what is said of the redline."""
    lines = [*about, redline_summary(redline)]
    return _PAGE.format(
        title=_escaped(title),
        about="\n".join(f'<p class="about">{_escaped(line)}</p>' for line in lines),
        paragraphs=redline_html(redline),
    )


def redline_html(redline: Redline) -> str:
    """The paragraphs alone, for a page that has its own head."""
    return "\n".join(
        "<p>"
        + " ".join(
            _TAGS[fate].format(_escaped(text))
            for sentence in block
            for fate, text in runs_shown(redline, sentence)
        )
        + "</p>"
        for block in shown_sentences(redline)
    )


def _escaped(text: str) -> str:
    return escape(readable(text))
