"""Redlines as people see them: in the terminal, in Slack, on a page."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.redline import redline_coloured, redline_summary, redline_text
from bot.cards.redline_html import redline_page
from bot.cards.redline_slack import SECTION_LIMIT, redline_blocks
from bot.fed.redline import Redline, redline

KEPT = "The Committee is attentive to the risks to both sides of its dual mandate."
OLD = ["Inflation remains somewhat elevated. Job gains have slowed.", KEPT]
NEW = ["Inflation has eased but remains somewhat elevated.", f"{KEPT} Growth is solid."]
NEITHER = [f"Fiscal strains {n} abroad weigh on output." for n in "abc"]

any_text = st.lists(
    st.lists(st.text(alphabet="ab*~_`<>&. \U0001f600", max_size=40), max_size=8).map(". A".join),
    max_size=8,
)


def a_redline() -> Redline:
    return redline(OLD, NEW)


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] for block in blocks]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_plain_text_marks_what_is_gone_and_what_is_new() -> None:
    assert redline_text(a_redline()) == (
        "Inflation {+has eased but+} remains somewhat elevated. [-Job gains have slowed.-]\n\n"
        f"{KEPT} {{+Growth is solid.+}}"
    )


def test_the_terminal_strikes_and_makes_bold_instead_of_marking() -> None:
    text = redline_coloured(a_redline())

    styled = {text.plain[s.start : s.end]: str(s.style) for s in text.spans}
    assert "[-" not in text.plain
    assert styled["Job gains have slowed."] == "red strike"
    assert styled["Growth is solid."] == "bold green"


def test_the_whole_is_told_in_a_line() -> None:
    told = redline_summary(a_redline())

    assert re.fullmatch(r"\d\d% alike: 1 sentence kept, 1 changed, 1 added, 1 removed", told)
    assert redline_summary(redline(NEW, NEW)) == "no word has changed"
    assert redline_summary(redline([KEPT] * 9 + OLD, [KEPT] * 9 + [*OLD[:1], *NEW[1:]])).startswith(
        "nearly unchanged, 9"
    )


def test_only_what_is_the_same_is_told_as_wholly_alike() -> None:
    nearly = replace(a_redline(), similarity=0.999)

    assert "99% alike" in redline_summary(nearly)


def test_a_sentence_that_moved_is_told_to_have() -> None:
    found = redline([KEPT, *OLD], [*OLD, KEPT])

    assert redline_text(found).count(f"[moved] {KEPT}") == 1
    assert f"[moved] {KEPT}" in redline_page(found, title="t")


def test_a_rewritten_text_is_shown_as_it_stands_without_marks() -> None:
    found = redline([*OLD, KEPT], NEITHER)

    assert redline_text(found) == "\n\n".join(NEITHER)
    assert "rewritten" in redline_summary(found)
    assert "<del>" not in redline_page(found, title="t")
    assert "Job gains" not in " ".join(texts(redline_blocks(found)))


def test_slack_strikes_and_makes_bold() -> None:
    summary, first, second = texts(redline_blocks(a_redline()))

    assert re.fullmatch("_.*_", summary)
    assert first == "Inflation *has eased but* remains somewhat elevated. ~Job gains have slowed.~"
    assert second == f"{KEPT} *Growth is solid.*"


def test_what_slack_takes_for_markup_is_shown_as_characters() -> None:
    found = redline([KEPT], [f"{KEPT} Rates <!channel> & *all* ~_`x`."])

    told = " ".join(texts(redline_blocks(found)))

    assert told.endswith("*Rates &lt;!channel&gt; &amp; ∗all∗ ∼ˍˋxˋ.*")


def test_where_room_is_short_unchanged_sentences_are_counted_instead_of_shown() -> None:
    old = [KEPT, *(f"{KEPT} Row {n} is of no news." for n in range(20)), "Growth slowed."]

    told = texts(redline_blocks(redline(old, [*old[:-1], "Growth slowed down."]), units=2_000))

    assert told[1:] == ["_… 41 unchanged sentences …_\n\nGrowth ~slowed.~ *slowed down.*"]


def test_what_does_not_fit_at_all_is_said_to_be_missing() -> None:
    old = [f"Row {n} of {'many ' * 60} is old." for n in range(30)]

    told = texts(redline_blocks(redline(old, [row.replace("old", "new") for row in old])))

    assert told[-1].startswith("_… the rest does not fit here: part ")
    assert 5_000 < sum(map(units, told)) <= 8_000


@given(any_text, any_text, st.integers(2, 50), st.integers(1_000, 9_000))
def test_slack_never_gets_more_than_it_takes(
    old: list[str], new: list[str], blocks: int, room: int
) -> None:
    told = texts(redline_blocks(redline(old, new), blocks=blocks, units=room))

    assert len(told) <= blocks
    assert sum(map(units, told)) <= room
    assert all(0 < units(text) <= SECTION_LIMIT for text in told)


def test_one_long_sentence_is_cut_inside_its_marks() -> None:
    found = redline([KEPT] * 100, [*[KEPT] * 100, "Growth " * 600])

    told = texts(redline_blocks(found, blocks=50))

    assert all(units(text) <= SECTION_LIMIT for text in told)
    assert re.fullmatch(r"\*Growth .*…\*", told[-1])


class _Reader(HTMLParser):
    """Tags that are open and text by the tag it stands in; fails on a tag closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.told: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.told.setdefault(self.open[-1], []).append(data)


def test_the_page_is_whole_and_escaped_and_needs_nothing_from_elsewhere() -> None:
    found = redline(OLD, [NEW[0], f"{KEPT} A <script>alert(1)</script> & more."])

    page = redline_page(found, title="July <b> to & September", about=["Target 4 to 4-1/4 %"])

    reader = _Reader()
    reader.feed(page)
    assert not reader.open
    assert reader.told["h1"] == ["July <b> to & September"]
    assert reader.told["del"] == ["Job gains have slowed."]
    assert reader.told["ins"][-1] == "A <script>alert(1)</script> & more."
    assert "script" not in reader.told
    assert "http" not in page
    assert "prefers-color-scheme: dark" in page
