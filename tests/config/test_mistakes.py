"""Every mistake of a configuration, in its place."""

from pathlib import Path

import pytest

from bot.config import InvalidConfig, load_config
from tests.config.files import mistakes, written


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("[alert]", 1, 1, "unknown section [alert]; did you mean 'alerts'?"),
        ("[nonsense]\n", 1, 1, "unknown section [nonsense]; known are [store], [rules]"),
        ('path = "x"', 1, 1, "stands outside every section; it belongs under [store] or [rules]"),
        ("hello = 1", 1, 1, "stands outside every section; write it under one of [store]"),
        ('[store]\npth = "x"', 2, 1, "unknown key 'pth' in [store]; did you mean 'path'?"),
        ('[store]\nchannel = "#a"', 2, 1, "unknown key 'channel'; it belongs under [alerts]"),
        ('edgar.evry = "1s"', 1, 1, "unknown key 'evry' in [edgar]; did you mean 'every'?"),
        ("[slack]\nx = 1", 2, 1, "unknown key 'x' in [slack]; known are api_url"),
        ("[edgar.every]\nx = 1", 1, 1, "every: must be a text, not a table"),
        ("store = 'bot.db'", 1, 1, "'store' is a section; write its keys under one [store]"),
        ("[[store]]", 1, 1, "'store' is a section"),
        ("[store]\npath = 1", 2, 8, 'path: must be a text, not the number 1; as in "bot.db"'),
        ("a = " + "[" * 5_000, 1, 5_004, "nested deeper than any setting; a setting holds a text"),
        ("x = 1\na" + ".a" * 20_000 + " = 1", 2, 2, "a name with more dots than any setting"),
        ("[edgar]\nevery = " + "9" * 9_999, 2, 9, "a number with more digits; take it out"),
        ("# x\n" * 60_000, 1, 1, "the file is longer than 200,000 characters; take it out"),
        (
            "[store]\npath = '~nobody-here/x'",
            2,
            8,
            "path: '~nobody-here/x' is in the home of nobody",
        ),
        ('[edgar]\nwww_url = "https://x\\ny/"', 2, 11, "is no address of the web"),
        ("[edgar]\nev\u0435ry = '3s'", 2, 3, "this is no TOML"),
        ("[store]\npath = ''", 2, 8, "path: an empty path leads nowhere"),
        ("[edgar]\nevery = 30", 2, 9, 'every: must be a text, not the number 30; as in "30s"'),
        ("[edgar]\nevery = '30'", 2, 9, "every: '30' is no span"),
        ("[edgar]\nevery = '5m'", 2, 9, "every: '5m' could be minutes or months"),
        ("[edgar]\nevery = '1mo'", 2, 9, "every: '1mo' is not always as long"),
        ("[edgar]\nevery = true", 2, 9, "must be a text, not true"),
        ("[edgar]\nevery = 07:30:00", 2, 9, "must be a text, not a date or time"),
        ("[edgar]\ncontact = 'me'", 2, 11, "'me' names nobody; end it with an e-mail"),
        ("[edgar]\ncontact = 'a b@'", 2, 11, "names nobody"),
        ("[edgar]\ncontact = 'Ökonom a@b.de'", 2, 11, "ASCII only; plain letters"),
        ('[edgar]\ncontact = "me\\nX-Y: a@b.de"', 2, 11, "names nobody"),
        ("[edgar]\nwatch = 'OKLO'", 2, 9, "must be a list, not the text 'OKLO'; write [\"OKLO\""),
        ("[edgar]\nwatch = ['A',\n  7]", 3, 3, "must be texts, not the number 7; in quotes"),
        ("[edgar]\nwatch = ['A', 'B C']", 2, 15, "'B C' is neither a ticker nor a CIK"),
        ("[edgar]\nwatch = ['12345678901']", 2, 10, "neither a ticker nor a CIK"),
        ("[edgar]\nwww_url = 'www.sec.gov'", 2, 11, "'www.sec.gov' is no address of the web"),
        (
            "[fed]\nurl = 'federalreserve.gov'",
            2,
            7,
            'is no address of the web; it whole: "https://federalreserve.gov"',
        ),
        (
            "[fed]\nurl = 'see: web'",
            2,
            7,
            'is no address of the web; write it whole: "https://example.org"',
        ),
        (
            "[fed]\nurl = 'https://x.org/a?b=1'",
            2,
            7,
            'is no address of the web; what asks: "https://x.org/a"',
        ),
        ("[edgar]\nwww_url = 'http://[x'", 2, 11, "'http://[x' is no address"),
        ("[edgar]\nwww_url = 'http://x:0'", 2, 11, "is no address of the web"),
        ("[edgar]\nwww_url = 'https://x?y=1'", 2, 11, "is no address of the web"),
        ("[alerts]\nchannel = 'alerts'", 2, 11, "'alerts' is no channel; #name"),
        ("[alerts]\nchannel = '#Alerts'", 2, 11, "'#Alerts' is no channel; small letters"),
        ("[store\npath = 1", 1, 7, "this is no TOML"),
        ("[store]\npath = bot.db", 2, 8, "this is no value; texts stand in quotes"),
        ("[store]\npath = 'a", 2, 1, "never closed"),
        ("[store]\npath = 'a'\npath = 'b'", 3, 1, "a key stands twice"),
        ("[store]\n[rules]\n[store]\n", 3, 1, "section 'store' stands twice"),
        ('[store]\npath = "a\n[rules]', 2, 1, "never closed"),
        ("[store]\npath = 'a'\npath = 'b'\n", 3, 1, "a key stands twice"),
        ("[store]\npath =", 2, 7, "ends in the middle; a key without a value"),
        ("[edgar]\nwatch = [", 2, 10, "ends in the middle; an open bracket"),
    ],
)
def test_a_mistake_is_told_in_its_place(
    tmp_path: Path, text: str, line: int, column: int, told: str
) -> None:
    found = mistakes(tmp_path, text)

    assert len(found) == 1
    what, _, mend = told.partition("; ")
    assert found[0][:2] == (line, column)
    assert what in found[0][2]
    assert mend in found[0][3]


def test_all_mistakes_are_told_in_one_run_and_in_their_order(tmp_path: Path) -> None:
    text = '[alerts]\nchanel = 1\n[edgar]\nevery = "x"\nwatch = 7\n[x]\n[store]\npath = 2\n'

    assert [found[0] for found in mistakes(tmp_path, text)] == [2, 4, 5, 6, 8]


def test_a_mistake_is_shown_with_its_line_and_a_caret(tmp_path: Path) -> None:
    file = written(tmp_path, '[alerts]\nchannel = "alerts" # to all\n')

    with pytest.raises(InvalidConfig) as caught:
        load_config(file, {})

    assert str(caught.value) == (
        f"{file}:2:11: channel: 'alerts' is no channel\n"
        '    channel = "alerts" # to all\n'
        "              ^\n"
        '  mend: write "#name" in small letters, or the id that Slack shows: "C0123456789"'
    )
