"""Statements composed of every era's phrases are read back whole, whatever their typography."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from bot.fed.rates import Target, read_target
from bot.fed.statement import Statement, read_statement

EIGHTHS = st.integers(0, 158).map(lambda eighths: Decimal(eighths) / 8)


def _spelled(rate: Decimal, style: str) -> str:
    whole, part = divmod(rate, 1)
    top, bottom = part.as_integer_ratio()
    if style == "decimal" or not part:
        return f"{rate:f}".rstrip("0").rstrip(".") if part else f"{int(whole)}"
    if not whole:
        return f"{top}/{bottom}"
    return f"{int(whole)}{'-' if style == 'hyphen' else ' '}{top}/{bottom}"


class Told(NamedTuple):
    """A target and how a statement tells it."""

    target: Target
    words: str


@st.composite
def targets(draw: st.DrawFn) -> Told:
    lower = draw(EIGHTHS)
    width = draw(st.sampled_from([Decimal(0), Decimal("0.25")]))
    style = draw(st.sampled_from(["hyphen", "blank", "decimal"]))
    first, last = _spelled(lower, style), _spelled(lower + width, style)
    if not width:
        return Told(Target(lower_pct=lower, upper_pct=lower), f"{first} percent")
    joined = draw(st.sampled_from([" to ", " percent to "]))
    return Told(Target(lower_pct=lower, upper_pct=lower + width), f"{first}{joined}{last} percent")


OPENINGS = ("", "In light of these risks, ", "In support of its goals, ", "In particular, ",
            "Given an unemployment rate above 6-1/2 percent, ")  # fmt: skip
SUBJECTS = ("the Federal Open Market Committee ", "the Committee ", "the FOMC ")
VERBS = ("decided today to {}", "decided to {}", "voted today to {}", "has decided to {}",
         "also decided today to {}", "agreed to {}", "decided on Tuesday to {}",
         "at its meeting today decided to hold its stance, {ing}")  # fmt: skip
ACTS = (("raise", "raising", "to"), ("lower", "lowering", "to"), ("maintain", "maintaining", "at"),
        ("keep", "keeping", "unchanged at"), ("reduce", "reducing", "to"),
        ("leave", "leaving", "at"), ("increase", "increasing", "to"))  # fmt: skip
OBJECTS = ("its target for the federal funds rate", "the target range for the federal funds rate",
           "the federal funds rate target", "its target federal funds rate")  # fmt: skip
SIZES = ("", " by 25 basis points", " 50 basis points", " by 1/2 percentage point,",
         " by an additional 0.75 percentage point")  # fmt: skip
ENDINGS = ("", " and anticipates that ongoing increases in the target range will be appropriate",
           ", in support of its dual mandate",
           " and expects inflation to reach 2 percent over time")  # fmt: skip
FILLER = (
    "Inflation has eased toward the Committee's 2 percent objective.",
    "In a related action, the Board of Governors approved a decrease in the discount rate to 3 "
    "percent.",
    "The Committee expects that the target range for the federal funds rate will be lower.",
)


@st.composite
def decision_sentences(draw: st.DrawFn) -> tuple[Target, str]:
    told = draw(targets())
    act, acting, preposition = draw(st.sampled_from(ACTS))
    size = draw(st.sampled_from(SIZES)) if preposition == "to" else ""
    opening, subject = draw(st.sampled_from(OPENINGS)), draw(st.sampled_from(SUBJECTS))
    verb = draw(st.sampled_from(VERBS)).replace("{ing}", acting).replace("{}", act)
    ranged = told.target.lower_pct < told.target.upper_pct
    objects = OBJECTS if ranged else [each for each in OBJECTS if "range" not in each]
    tail = f"{draw(st.sampled_from(objects))}{size} {preposition} {told.words}"
    sentence = f"{opening}{subject}{verb} {tail}{draw(st.sampled_from(ENDINGS))}."
    return told.target, sentence[0].upper() + sentence[1:]


GIVEN = ("Ann", "Bo", "Carl", "J. Alfred", "Mary", "Zoe")
MIDDLE = ("", " B.", " Bloom", " W.")
FAMILY = ("Able", "Bell", "Cole", "O'Dea", "Eden-Fox", "Gray", "Hale", "Ives", "Jung", "Kerr",
          "Logan", "McTeer", "Nash", "Orr", "Poe", "Quinn")  # fmt: skip
SUFFIX = ("", "", "", ", Jr.")
REASONS = (
    "who preferred to raise the target range for the federal funds rate to 5 to 5-1/4 percent",
    "who preferred no change",
    "who believed that risks, costs, and benefits were balanced and that patience was due",
    "each of whom preferred at this meeting to lower it by 1/4 percentage point",
    "who supported maintaining the target range but did not support an easing bias",
)


@st.composite
def people(draw: st.DrawFn) -> list[str]:
    families = draw(st.lists(st.sampled_from(FAMILY), min_size=4, max_size=12, unique=True))
    return [
        f"{draw(st.sampled_from(GIVEN))}{draw(st.sampled_from(MIDDLE))} {family}"
        f"{draw(st.sampled_from(SUFFIX))}"
        for family in families
    ]


class Vote(NamedTuple):
    """A vote, and its paragraph."""

    ayes: list[str]
    noes: list[tuple[str, str]]
    words: str


def _listed(names: Sequence[str], separator: str) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return f"{names[0]} and {names[1]}"
    return f"{separator.join(names[:-1])}{separator}and {names[-1]}"


AGAINST = (
    "Voting against was ",
    "Voting against the action were: ",
    "Voting against this action were ",
    "Voting against the policy was ",
    "Voting against the policy action was ",
)


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    everyone = draw(people())
    cut = draw(st.integers(2, len(everyone)))
    ayes, rest = everyone[:cut], everyone[cut : cut + 4]
    offices = [", Chair", ", Vice Chair"] + [""] * len(ayes)
    named = [f"{name}{office}" for name, office in zip(ayes, offices, strict=False)]
    opening = draw(st.sampled_from([
        "Voting for the FOMC monetary policy action were: ", "Voting for the action were ",
        "Voting (by notation) for the monetary policy action were ",
        "Voting in favor of the policy action were: "]))  # fmt: skip
    words = f"{opening}{_listed(named, '; ')}."
    groups, noes = [], []
    while rest:
        size = draw(st.integers(1, len(rest)))
        reason = draw(st.sampled_from(REASONS))
        groups.append(f"{_listed(rest[:size], ', ')}, {reason}")
        noes += [(name, reason) for name in rest[:size]]
        rest = rest[size:]
    if groups:
        against = draw(st.sampled_from(AGAINST))
        words += f" {against}{draw(st.sampled_from(['; and ', ', and ', '; '])).join(groups)}."
    return Vote(ayes, noes, words)


DASHES = st.sampled_from("-\u2010\u2011\u2012\u2013")
BLANKS = st.sampled_from([" ", "\u00a0", "  ", "\u202f", " \n"])
QUOTES = st.sampled_from("'\u2019")


@st.composite
def noisy(draw: st.DrawFn, text: str) -> str:
    """The text in another typography."""
    dash, blank, quote = draw(DASHES), draw(BLANKS), draw(QUOTES)
    return text.replace("-", dash).replace("'", quote).replace(" ", blank)


def _said(read: Statement) -> tuple[object, ...]:
    votes = read.votes
    noes = [(no.name, no.preferred, no.direction) for no in votes.dissents]
    return read.target, read.act, read.step_pct, votes.votes_for, votes.votes_against, noes


@given(decision_sentences(), votes())
def test_what_was_composed_is_read_back(decision: tuple[Target, str], vote: Vote) -> None:
    target, sentence = decision

    read = read_statement([FILLER[0], sentence, *FILLER[1:], vote.words])

    assert read.unread == ()
    assert read.target == target
    assert list(read.votes.voting_for) == vote.ayes
    assert (read.votes.votes_for, read.votes.votes_against) == (len(vote.ayes), len(vote.noes))
    assert [no.name for no in read.votes.dissents] == [name for name, _ in vote.noes]
    for no, (_, reason) in zip(read.votes.dissents, vote.noes, strict=True):
        assert no.preferred is not None
        assert reason.endswith(no.preferred)
        assert len(no.preferred) > len(reason) - len("each of whom  ")


@given(st.data(), decision_sentences(), votes())
def test_typography_changes_nothing(
    data: st.DataObject, decision: tuple[Target, str], vote: Vote
) -> None:
    plain = [decision[1], *FILLER, vote.words]

    spelled = [data.draw(noisy(paragraph)) for paragraph in plain]

    assert _said(read_statement(spelled)) == _said(read_statement(plain))


@given(votes())
def test_without_its_decision_a_statement_tells_no_target(vote: Vote) -> None:
    read = read_statement([*FILLER, vote.words])

    assert read.target is None


@given(targets())
def test_a_target_is_read_as_it_was_spelled(told: Told) -> None:
    assert read_target(told.words) == told.target


@given(st.lists(st.sampled_from([*"0123456789/-. %", "to", " percent", "between", "and"])))
def test_no_text_breaks_the_reader_of_targets(parts: list[str]) -> None:
    read = read_target("".join(parts))

    assert read is None or read.lower_pct <= read.upper_pct


@given(st.text())
def test_no_text_breaks_the_reader_of_statements(text: str) -> None:
    read = read_statement([text, f"Voting for {text}", f"The Committee decided to lower {text}"])

    assert read.target is None or read.evidence
