"""Which facts amend others, and which alerts these were behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.facts import Kind
from bot.rules.prepared import PreparedRule
from bot.store import Store

_PERSONAL = {"ticker", "subject", "issuer_cik", "owner_cik", "person_key"}
"""Fields of which at least one is in the key of a rule whose alerts are found by their key: of
another key there may be too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The facts of one filing that take the place of others.

    rows: in their order.  ids: of all earlier versions.  about: their subjects and tickers.
    known_at: when the newest of them became known.
    """

    kind: Kind
    rows: Sequence[dict[str, Any]]
    ids: Sequence[str]
    about: Sequence[tuple[str, str | None]]
    known_at: int

    @property
    def first(self) -> int:
        return int(self.rows[0]["seq"])

    @property
    def last(self) -> int:
        return int(self.rows[-1]["seq"])

    @property
    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.about]

    @property
    def tickers(self) -> list[str]:
        return [ticker for _, ticker in self.about if ticker is not None]


def amendments(store: Store, kind: Kind, since: int, until: int) -> Iterator[Amendment]:
    """Those with facts numbered in (since, until], in their order; not those that are quiet: the
    past that is read back tells nothing."""
    by_filing: dict[Any, list[tuple[dict[str, Any], list[str]]]] = {}
    for seq, ids in sorted(store.facts.earlier_versions(kind, since, until).items()):
        row = store.facts.by_seq(kind.name, seq)
        if not row["quiet"]:
            by_filing.setdefault(row["document_id"] or row["id"], []).append((row, ids))
    for found in by_filing.values():
        ids = list(dict.fromkeys(each for _, ids in found for each in ids))
        yield Amendment(
            kind=kind,
            rows=[row for row, _ in found],
            ids=ids,
            about=store.amended.subjects(kind, ids),
            known_at=store.amended.known_at(kind, ids),
        )


def aggregates(prepared: PreparedRule, kind: Kind) -> bool:
    """Whether a rule measures facts of a kind."""
    return any(each.rule is None and each.of == kind for each in prepared.rule.measures)


def alerts_behind(
    store: Store, rules: Mapping[str, PreparedRule], amendment: Amendment
) -> list[dict[str, Any]]:
    """The alerts about the earlier versions, and those about the same subject that may have counted
    them, in their order."""
    own = store.decisions.alerts_on(amendment.ids)
    own += store.decisions.capped_on(_pairs(rules.values(), amendment), amendment.ids)
    counting = [each for each in rules.values() if aggregates(each, amendment.kind)]
    others = store.decisions.alerts_before(
        amendment.first,
        rules=[each.rule.id for each in counting],
        tickers=amendment.tickers,
        pairs=_pairs(counting, amendment),
    )
    found = {each["id"]: each for each in [*own, *others] if each["rule"] in rules}
    return [found[number] for number in sorted(found)]


def _pairs(rules: Iterable[PreparedRule], amendment: Amendment) -> list[tuple[str, str]]:
    """The keys, with their rules, that the amended facts belong to."""
    return list(
        dict.fromkeys(
            (each.rule.id, key)
            for each in rules
            if _PERSONAL.intersection(each.rule.by)
            for row in amendment.rows
            if (key := each.rule.key(row)) is not None
        )
    )
