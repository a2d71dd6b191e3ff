"""A busy day at EDGAR: as many filings as on the busiest, when they came, and the noise between.

Measured on recorded feeds and the SEC's data set of 2024Q3: 2,164 Forms 4 on the busiest day, 73 %
of them after 16:00 New York, 32 in the busiest minute (16:30), one owner in 97 % of the filings
and up to ten in the others, 1.3 % amendments.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.calendar import SEC
from bot.clock import NEW_YORK
from bot.sandbox.edgar_publication import FILER, Party, Publication
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling

BUSY_DAY = date(2025, 7, 2)

_OPENS, _CLOSES = 6 * 60, 22 * 60  # minutes of the day on which EDGAR accepts
_BELL, _PEAK = 16 * 60, 16 * 60 + 30
_AFTER_THE_BELL = 0.73
_COMPANIES, _INSIDERS_EACH = 600, 6
_AGENTS = ("0009999990", "0009999991", "0009999992", "0009999993")
_NOISE_AGENT = "0009999994"
_OWNERS = (1, 2, 3, 4, 6, 10)
_OWNERS_WEIGHTS = (975, 10, 6, 4, 3, 2)
_CODES, _CODES_WEIGHTS = "SPAFMGJ", (40, 12, 14, 16, 12, 4, 2)
_TITLES = ("Chief Executive Officer", "Chief Financial Officer", "EVP, General Counsel", "", "", "")
_NOISE = {
    "424B2": 1010, "497K": 124, "497": 120, "40-APP/A": 119, "424B3": 106, "485BXT": 78, "425": 61,
    "485APOS": 44, "424B5": 41, "485BPOS": 30, "497J": 20, "40-APP": 19, "40-17G": 12, "424B4": 11,
    "487": 11, "497VPI": 5,
}  # fmt: skip
"""Forms that ``type=4`` lists beside Form 4, and how often in 5,100 entries."""


def busy_day(
    count: int = 2164,
    *,
    peak_per_minute: int = 32,
    seed: int = 1,
    day: date = BUSY_DAY,
    burst: int = 0,
) -> list[SyntheticFiling]:
    """Synthetic filings of one day in the order of acceptance, the same for the same seed.

    peak_per_minute: how many come at 16:30; every other minute has fewer.
    burst: so many more come at 16:31, as after an outage; 600 is more than can be fetched then.
    """
    if not SEC.is_business_day(day):
        raise ValueError(f"EDGAR accepts nothing on {day}")
    chance = random.Random(seed)
    minutes = _minutes(count, peak_per_minute, chance) + [_PEAK + 1] * burst
    seconds = sorted(minute * 60 + chance.randrange(60) for minute in minutes)
    midnight = datetime.combine(day, time(), NEW_YORK)
    numbers = dict.fromkeys(_AGENTS, 0)
    filings = []
    for second in seconds:
        agent = chance.choice(_AGENTS)
        numbers[agent] += 1
        accession = f"{agent}-{day.year % 100:02d}-{numbers[agent]:06d}"
        accepted_at = (midnight + timedelta(seconds=second)).astimezone(UTC)
        filings.append(_filing(chance, accession, accepted_at, day))
    return filings


def with_noise(
    publications: Iterable[Publication], *, share: float = 0.36, seed: int = 1
) -> list[Publication]:
    """These filings among others whose forms only begin like theirs.

    share: of the entries of the feed that are then of other forms.
    """
    own = list(publications)
    entries = sum(len(publication.parties) for publication in own)
    chance = random.Random(seed)
    wanted, found = round(entries * share / (1 - share)), list[Publication]()
    listed = 0
    while listed < wanted:
        near = chance.choice(own).accepted_at + timedelta(seconds=chance.randrange(-900, 900))
        if _is_open(near):
            found.append(_noise(chance, f"{_NOISE_AGENT}-{near:%y}-{len(found) + 1:06d}", near))
            listed += len(found[-1].parties)
    return sorted([*own, *found], key=lambda publication: publication.accepted_at)


def _minutes(count: int, peak: int, chance: random.Random) -> list[int]:
    """The minute of each filing."""
    late = round(count * _AFTER_THE_BELL)
    room = (peak - 1) * (_CLOSES - _OPENS)
    if not 0 < peak <= late or count - peak > room:
        raise ValueError(f"{count} filings do not make a day with {peak} in its busiest minute")
    early = _spread(count - late, peak - 1, range(_OPENS, _BELL), chance)
    evening = [minute for minute in range(_BELL, _CLOSES) if minute != _PEAK]
    return [*early, *[_PEAK] * peak, *_spread(late - peak, peak - 1, evening, chance)]


def _spread(count: int, most: int, minutes: Sequence[int], chance: random.Random) -> list[int]:
    """So many filings over these minutes, at most so many in one, ever fewer in the evening."""
    weights = [0.3 + 2 ** -(max(minute - _PEAK, 0) / 60) for minute in minutes]
    held, chosen = dict.fromkeys(minutes, 0), list[int]()
    while len(chosen) < count:
        for minute in chance.choices(minutes, weights, k=count - len(chosen)):
            if held[minute] < most:
                held[minute] += 1
                chosen.append(minute)
    return chosen


def _filing(
    chance: random.Random, accession: str, accepted_at: datetime, day: date
) -> SyntheticFiling:
    company = int(_COMPANIES * chance.random() ** 1.4)  # some file far oftener than others
    owners = chance.choices(_OWNERS, _OWNERS_WEIGHTS)[0]
    places = [chance.randrange(_INSIDERS_EACH)] if owners == 1 else range(100, 100 + owners)
    return SyntheticFiling(
        accession=accession,
        accepted_at=accepted_at,
        company=Company(
            cik=f"{9300000 + company:010d}",
            name=f"Sandbox {_letters(company)} & Co",
            ticker=f"Z{_letters(company)}",
        ),
        owners=[_insider(company, place) for place in places],
        rows=[_row(chance, day) for _ in range(chance.choice((1, 1, 1, 2, 2, 4)))],
        form="4/A" if chance.random() < 0.013 else "4",
        plan=chance.random() < 0.2,
    )


def _insider(company: int, place: int) -> Insider:
    title = _TITLES[place] if place < len(_TITLES) else ""
    return Insider(
        cik=f"{9400000 + company * 200 + place:010d}",
        name=f"O'Sand {_letters(company)} {_letters(place)}",
        title=title,
        director=not title and place < 100,
        ten_percent_owner=place >= 100,
    )


def _row(chance: random.Random, day: date) -> Row:
    code = chance.choices(_CODES, _CODES_WEIGHTS)[0]
    traded = SEC.add_business_days(day, -chance.choice((0, 1, 1, 2, 2, 2)))
    priced = code in "SPF"
    return Row(
        code=code,
        shares=str(chance.randrange(100, 60_000)),
        price=f"{chance.randrange(200, 30_000) / 100:.2f}" if priced else "0",
        day=traded.isoformat(),
        after=str(chance.randrange(0, 900_000)),
        security="Common Stock",
    )


def _noise(chance: random.Random, accession: str, at: datetime) -> Publication:
    form = chance.choices(list(_NOISE), list(_NOISE.values()))[0]
    return Publication(
        accession_number=accession,
        form=form,
        accepted_at=at,
        parties=tuple(_noise_parties(chance, form)),
        body=_noise_body(accession, form, at, chance.randrange(200, 9000)),
        document="document.htm",
    )


def _noise_parties(chance: random.Random, form: str) -> Iterator[Party]:
    first, second = chance.sample(range(200), 2)
    roles = ("Subject", "Filed by") if form == "425" else (FILER, FILER)
    yield _noise_party(first, roles[0])
    if form == "425" or (form == "424B2" and chance.random() < 0.5):
        yield _noise_party(second, roles[1])


def _noise_party(place: int, role: str) -> Party:
    return Party(cik=f"{9700000 + place:010d}", name=f"Sandbox Funds {place} LLC", role=role)


def _noise_body(accession: str, form: str, at: datetime, words: int) -> bytes:
    day = f"{at.astimezone(NEW_YORK):%Y%m%d}"
    return (
        f"<SEC-DOCUMENT>{accession}.txt : {day}\n<SEC-HEADER>{accession}.hdr.sgml : {day}\n"
        f"ACCESSION NUMBER:\t\t{accession}\nCONFORMED SUBMISSION TYPE:\t{form}\n</SEC-HEADER>\n"
        f"<DOCUMENT>\n<TYPE>{form}\n<SEQUENCE>1\n<FILENAME>document.htm\n<TEXT>\n<html><body>"
        f"{'Synthetic. ' * words}</body></html>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"
    ).encode()


def _is_open(instant: datetime) -> bool:
    local = instant.astimezone(NEW_YORK)
    return _OPENS <= local.hour * 60 + local.minute < _CLOSES


def _letters(number: int) -> str:
    """Three letters for a number below 17,576."""
    a, b, c = number // 676, number // 26 % 26, number % 26
    return "".join(chr(ord("A") + place) for place in (a, b, c))
