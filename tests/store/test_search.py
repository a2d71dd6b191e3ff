"""A search finds exactly what somebody who looks at each alert would find, page after page."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.rules.fire import Fate
from bot.store import MATCHES, NewDecision, Store, Total, unmatched
from bot.store.query import Query, Sort, Term
from tests.store.past import Past, after, found_by_hand, past_store

_NAMES = st.sampled_from(["Jacob DeWitte", "DEWITTE JACOB; COCHRAN CAROLINE", "Ärzte Öl", None])
_MESSAGES = st.sampled_from(["rate cut", "cut the rate", "OKLO: reactor sold", "Rate-cut!"])
PASTS = st.builds(
    Past,
    minutes=st.integers(0, 6),
    ticker=st.sampled_from(["OKLO", "SMR", "BRK-B", None]),
    rule=st.sampled_from(["sales", "large-sale"]),
    severity=st.sampled_from(["notice", "high"]),
    kind=st.sampled_from(["insider_trade", "price_bar"]),
    fate=st.sampled_from(MATCHES) | st.just(Fate.FIRED),
    side=st.sampled_from(["buy", "sell", None]),
    role=st.sampled_from(["ceo", "director", None]),
    value_cents=st.sampled_from([None, 0, 100, 500]),
    shares=st.sampled_from([None, 1.0, 2.5]),
    change=st.sampled_from([None, -0.1, 0.05]),
    who=_NAMES,
    message=_MESSAGES,
    channel=st.sampled_from([None, "#a", "#b"]),
    state=st.sampled_from(["pending", "sent", "dead"]),
    acked_by=st.sampled_from([None, "bob", "eve"]),
    corrected=st.booleans(),
)


def _values(field: str, *values: Any) -> st.SearchStrategy[Term]:
    some = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    return st.builds(
        lambda chosen, negated: Term(field=field, values=tuple(chosen), negated=negated),
        some,
        st.booleans(),
    )


def _between(field: str, *bounds: Any, dates: bool = False) -> st.SearchStrategy[Term]:
    bound = st.none() | st.sampled_from(bounds)
    return st.builds(
        lambda low, high, open_low, open_high, negated: Term(
            field=field, low=low, high=high, negated=negated,
            open_low=open_low and not dates, open_high=open_high or dates,
        ),
        bound, bound, st.booleans(), st.booleans(), st.booleans(),
    ).filter(lambda term: term.low is not None or term.high is not None)  # fmt: skip


TERMS = st.one_of(
    _values("ticker", "OKLO", "SMR", "BRK-B"),
    _values("rule", "sales", "large-sale", "gone"),
    _values("kind", "insider", "price", "fed"),
    _values("sev", "notice", "high"),
    _values("fate", *[fate.replace(" ", "-") for fate in MATCHES]),
    _values("side", "buy", "sell"),
    _values("role", "ceo", "director"),
    _values("who", "jacob", "dew jac", "Öl", "car", "nobody"),
    _values("text", "rate cut", "reactor", "large sale", "unheard", "OKLO"),
    _values("in", "#a", "#b"),
    _values("by", "bob", "eve"),
    _values("is", "acked", "unacked", "muted", "corrected"),
    _values("status", "pending", "sent", "failed", "none", "muted"),
    _values("value", 0, 100, 500),
    _between("value", 0, 100, 500),
    _between("shares", 1, 2.5),
    _between("change", -0.1, 0.05),
    _between("on", after(1), after(3), after(5), dates=True),
    _values("id", 1, 2, 3, 7),
)
QUERIES = st.builds(
    lambda terms, sort, limit: Query(terms=tuple(terms), sort=sort, limit=limit),
    st.lists(TERMS, max_size=3),
    st.sampled_from(Sort),
    st.none() | st.integers(1, 9),
)


def pages(store: Store, query: Query, size: int) -> list[int]:
    """The numbers on all pages, one after another."""
    found, cursor = list[int](), None
    while True:
        page = store.history.search(query, after=cursor, size=size)
        found += [alert.id for alert in page.alerts]
        if page.next is None:
            return found
        assert len(page.alerts) == size
        cursor = page.next


@pytest.fixture(
    params=["few are put in order", "many by their sorts", "many among all, as they are common"]
)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the ways of searching is gone, whatever the number of alerts."""
    if request.param.startswith("many"):
        for name in ("_FEW", "_FEW_BY_VALUE", "_FEW_TO_READ", "_FEW_SAID"):
            monkeypatch.setattr(f"bot.store.searching.{name}", -1)
        for name in ("_FIRST_BLOCK", "_LAST_BLOCK"):
            monkeypatch.setattr(f"bot.store.searching.{name}", 2)
        common = 1_000 if "common" in request.param else 0
        monkeypatch.setattr("bot.store.searching._COMMON", common)


@pytest.mark.usefixtures("_way")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(PASTS, max_size=12), st.lists(QUERIES, min_size=4, max_size=8))
def test_pages_hold_what_somebody_finds_who_looks_at_each(
    alerts: list[Past], queries: list[Query]
) -> None:
    store = past_store(alerts)

    for query in queries:
        expected = found_by_hand(alerts, query)
        assert pages(store, query, 2) == expected
        assert [each.id for each in store.history.every(query)] == expected
        assert store.history.search(query).total == Total(count=len(expected))
        if query.limit is None:
            matching = store.history.matching(query, range(1, 6))
            assert matching == {number for number in expected if number < 6}


def test_what_comes_between_two_pages_neither_repeats_nor_skips_an_alert() -> None:
    store = past_store([Past(minutes=n) for n in range(6)])
    first = store.history.search(Query(), size=3)

    past_store([Past(minutes=10), Past(minutes=11)], store)
    second = store.history.search(Query(), size=3, after=first.next)

    assert [a.id for a in first.alerts] == [6, 5, 4]
    assert [a.id for a in second.alerts] == [3, 2, 1]
    assert second.total == Total(count=8)
    assert second.next is None


def test_a_clock_set_back_puts_nothing_out_of_its_time() -> None:
    store = past_store([Past(minutes=5), Past(minutes=1), Past(minutes=3)])
    late = Query(terms=(Term(field="on", low=after(2)),))

    assert pages(store, Query(), 2) == [1, 3, 2]
    assert pages(store, late, 2) == [1, 3]


def test_a_limit_ends_the_pages_wherever_they_begin() -> None:
    store = past_store([Past(minutes=n) for n in range(9)])

    page = store.history.search(Query(limit=5), size=3)
    rest = store.history.search(Query(limit=5), size=3, after=page.next)

    assert [a.id for a in (*page.alerts, *rest.alerts)] == [9, 8, 7, 6, 5]
    assert (page.total, rest.next) == (Total(count=5), None)


@pytest.mark.parametrize("page", ["", "x", "1", "1.2", "-1..", "1.2.3.4", "9" * 30 + ".."])
def test_a_page_that_nobody_gave_is_refused(page: str) -> None:
    with pytest.raises(QueryError, match="there is no page"):
        past_store([]).history.search(Query(), after=page)


def test_more_than_a_thousand_are_counted_only_where_it_costs_nothing() -> None:
    store = past_store([Past(value_cents=n) for n in range(1_200)])
    big = Query(terms=(Term(field="value", low=10),))

    assert store.history.search(Query()).total == Total(count=1_200)
    assert store.history.search(big).total == Total(count=1_190)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.store.searching._FEW", 100)
        assert store.history.search(big).total == Total(count=1_000, exact=False)
        assert store.history.search(Query(terms=big.terms, limit=40)).total == Total(count=40)


def test_what_is_shown_is_counted_however_soon_counting_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = past_store([Past() for _ in range(5)])
    for name in ("_FEW", "_OF_DEAR", "_OF_WORDS"):
        monkeypatch.setattr(f"bot.store.searching.{name}", -1)
    monkeypatch.setattr("bot.store.searching._STEPS", 1)

    page = store.history.search(Query(terms=(Term(field="text", values=("x",), negated=True),)))

    assert len(page.alerts) == 5
    assert page.total == Total(count=5, exact=False)


def test_the_term_that_leaves_nothing_over_is_named() -> None:
    store = past_store([Past(value_cents=100), Past(ticker="SMR", value_cents=100)])
    ticker, value = Term(field="ticker", values=("OKLO",)), Term(field="value", low=500)

    (without,) = store.history.without_each(Query(terms=(ticker, value)))

    assert (without.index, without.term) == (1, value)
    assert without.query == Query(terms=(ticker,))
    assert without.total == Total(count=1)


def test_a_match_held_back_is_found_by_its_fate_alone() -> None:
    store = past_store([Past(fate=fate) for fate in MATCHES])

    assert pages(store, Query(), 9) == [1]
    for number, fate in enumerate(MATCHES, start=1):
        asked = Query(terms=(Term(field="fate", values=(fate.replace(" ", "-"),)),))
        assert pages(store, asked, 9) == [number]
    held = Query(terms=(Term(field="fate", values=("fired",), negated=True),))
    assert pages(store, held, 9) == [5, 4, 3, 2]


def no(**terms: str) -> Query:
    named = {"fate": "no", **terms}
    return Query(terms=tuple(Term(field=name, values=(value,)) for name, value in named.items()))


def test_what_did_not_match_is_found_by_its_ticker_and_its_issuer() -> None:
    store = past_store(
        [
            Past(fate=Fate.NO),
            Past(fate=Fate.NO, key="OKLO/1", minutes=1),
            Past(fate=Fate.NO, ticker="SMR"),
            Past(fate=Fate.UNKNOWN),
            Past(),
            Past(fate=Fate.NO, rule="large-sale", minutes=2),
        ]
    )

    assert pages(store, no(ticker="OKLO"), 2) == [6, 2, 1]
    assert pages(store, no(ticker="OKLO", rule="large-sale"), 2) == [6]
    either = Term(field="fate", values=("no", "fired"))
    assert pages(store, Query(terms=(no(ticker="OKLO").terms[1], either)), 9) == [6, 2, 5, 1]
    since = Query(terms=(*no(ticker="OKLO").terms, Term(field="on", low=after(1))))
    assert pages(store, since, 9) == [6, 2]


@pytest.mark.parametrize(
    ("query", "told"),
    [(no(who="x"), "not searched by `who:`"), (no(ticker="OKLO", who="x"), "searched by `who:`")],
)
def test_what_did_not_match_is_not_searched_by_all_fields(query: Query, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        past_store([]).history.search(query)


def test_without_a_ticker_the_newest_of_what_did_not_match_are_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unmatched, "LOOKED_THROUGH", 4)
    rules = ["sales", "large-sale"] * 4
    store = past_store([Past(fate=Fate.NO, minutes=n, rule=rule) for n, rule in enumerate(rules)])

    assert pages(store, no(), 3) == [8, 7, 6, 5]
    assert pages(store, no(rule="sales"), 3) == [7, 5]
    assert store.history.search(no(rule="sales")).total == Total(count=2, exact=False)
    until = Query(terms=(*no().terms, Term(field="on", high=after(3), open_high=True)))
    assert pages(store, until, 3) == [3, 2, 1]
    assert store.history.search(until).total == Total(count=3)
    since = Query(terms=(*no().terms, Term(field="on", low=after(5))))
    assert store.history.search(since).total == Total(count=3)


def test_statistics_count_what_is_found_and_what_was_held_back() -> None:
    store = past_store(
        [
            Past(channel="#a", state="dead"),
            Past(channel="#a", state="sent", ticker="SMR", rule="large-sale"),
            Past(channel="#a", state="sent", kind="price_bar"),
            Past(fate=Fate.MUTED),
            Past(ticker="SMR", minutes=9),
        ]
    )
    connection = store._connections.connection
    connection.execute("UPDATE outbox SET sent_at = created_at + 100 * id")
    store.chat.vote(2, user="U1", up=True, at=1)
    store.chat.vote(2, user="U2", up=False, at=1)

    stats = store.history.stats(Query())

    assert stats.total == 4
    assert stats.by_rule == {"sales": 3, "large-sale": 1}
    assert stats.by_ticker == {"OKLO": 2, "SMR": 2}
    assert stats.by_kind == {"insider_trade": 3, "price_bar": 1}
    assert stats.by_fate == {"fired": 4, "muted": 1}
    assert (stats.messages, stats.failed) == ({"sent": 2, "dead": 1}, 1)
    assert (stats.median_ms, stats.p95_ms) == (200, 300)
    assert [(rule, v.up, v.down) for rule, v in stats.votes.items()] == [("large-sale", 1, 1)]

    late = store.history.stats(Query(terms=(Term(field="on", low=after(5)),)))
    assert (late.total, late.median_ms, late.by_fate) == (1, None, {"fired": 1})


def test_a_title_and_a_rule_are_found_by_their_words() -> None:
    store = Store(None)
    (decision,) = [NewDecision(**d) for d in past_store([Past(rule="big-sale")]).decisions.all()]
    store.decisions.add([decision], titles={"big-sale": "Officers leave"})

    for words in ("officers", "big sale", "Officers leave"):
        assert pages(store, Query(terms=(Term(field="text", values=(words,)),)), 2) == [1]
