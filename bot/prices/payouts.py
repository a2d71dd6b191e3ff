"""Cash dividends and gains, and the adjusted closes made with them.

A dividend D after a close C must step the share of adjusted to plain close by 1 − D/C, and lets the
price fall by about as much.  Three things are told, size, step and fall; where two agree against
the third, the third is wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from bot.prices.bars import Days, Floats
from bot.prices.download import Mark, Workpiece
from bot.prices.noise import log_likelihood, log_steps, usual_step

HUNDRED = 100.0
NEAR_DAYS = 17
"""Calendar days within which nobody but a weekly payer pays twice."""
SURE = 3.0
"""Log-likelihood by which one reading must lead where size and step contradict each other."""
SURE_AGAINST_BOTH = 4.5
"""Where they agree and only the price speaks against them."""
PHANTOM_LEAD = 0.8
"""By which one payout must fit better than two; than the other one half again as much."""
USUAL_YEARLY_YIELD = 0.03
MOST_OF_PRIOR = 3.5


class Step(Enum):
    """How the adjusted closes step, as a share of what the dividend asks for."""

    RIGHT = 1.0
    NONE = 0.0
    HUNDREDTH = 1 / HUNDRED
    HUNDREDFOLD = HUNDRED
    OTHER = -1.0
    UNKNOWN = -2.0


@dataclass(slots=True)
class Payout:
    """One dividend: its row, its size ÷ the close before, its step, the return of its day."""

    row: int
    amount: float
    size: float
    step: float  # 1 less the ratio of adjusted ÷ plain close before and after
    move: float  # log return of the close
    kind: Step = Step.UNKNOWN

    def fits(self, size: float, sigma: float) -> float:
        """Log-likelihood of the day's return if the payout had been of this size."""
        return log_likelihood(self.move - np.log1p(-min(size, 0.99)), sigma)


def mend_payouts(work: Workpiece) -> None:
    """Gains counted twice, phantom dividends, sizes and steps that are wrong by a hundred."""
    dividends = work.columns.get("dividends")
    if dividends is None or not (dividends > 0).any():
        return
    adjusted = work.columns.get("adjusted_close")
    desk = _Desk(work, adjusted, _noise(work, adjusted, dividends))
    desk.mend_gains()
    desk.mend_phantoms()
    desk.mend_sizes()


def _noise(work: Workpiece, adjusted: Floats | None, dividends: Floats) -> float:
    """How exactly the steps of the adjusted closes can be read: from days without a dividend."""
    if adjusted is None:
        return 0.0
    steps = np.abs(log_steps(adjusted / work.columns["close"]))
    quiet = steps[(np.nan_to_num(dividends) == 0) & np.isfinite(steps)]
    return max(2e-7, float(np.quantile(quiet, 0.9)) if len(quiet) else 1e-6)


class _Desk:
    """The payouts of one series while they are looked through."""

    def __init__(self, work: Workpiece, adjusted: Floats | None, noise: float) -> None:
        self._work, self._adjusted, self._noise = work, adjusted, noise
        self._steps = log_steps(work.columns["close"])
        self._sigma = usual_step(self._steps)
        self._explained: set[int] = set()

    def _payouts(self) -> list[Payout]:
        """Those with a close before them, as the columns stand now."""
        dividends, closes = self._work.columns["dividends"], self._work.columns["close"]
        rows = np.flatnonzero(dividends > 0)
        found = [
            Payout(
                row=int(row),
                amount=float(dividends[row]),
                size=float(dividends[row] / closes[row - 1]),
                step=self._step(int(row)),
                move=float(self._steps[row]),
            )
            for row in rows
            if row > 0
        ]
        unsure = self._work.suspect_rows() | self._explained
        found = [
            each
            for each in found
            if np.isfinite(each.size)
            and np.isfinite(each.move)
            and unsure.isdisjoint((each.row - 1, each.row))
        ]
        for each in found:
            each.kind = self._kind(each)
        return found

    def _step(self, row: int) -> float:
        if self._adjusted is None:
            return np.nan
        share = self._adjusted[row - 1 : row + 1] / self._work.columns["close"][row - 1 : row + 1]
        return float(1 - share[0] / share[1])

    def _kind(self, payout: Payout) -> Step:
        if not np.isfinite(payout.step):
            return Step.UNKNOWN
        kinds = [Step.RIGHT, Step.HUNDREDFOLD, Step.NONE, Step.HUNDREDTH]
        fitting = [kind for kind in kinds if self._steps_like(payout, kind)]
        if len(fitting) > 1:
            return Step.UNKNOWN
        return fitting[0] if fitting else Step.OTHER

    def _steps_like(self, payout: Payout, kind: Step) -> bool:
        asked = kind.value * payout.size
        slack = max(0.02 * asked, 0.003 * payout.size, 3 * self._noise)
        if kind is Step.HUNDREDTH:
            slack = max(0.2 * asked, 3 * self._noise)
        return abs(payout.step - asked) <= slack

    def mend_gains(self) -> None:
        """Adjusted closes that step by the dividend and again by the gain within it."""
        gains = self._work.columns.get("gains")
        if gains is None or self._adjusted is None:
            return
        twice = [
            each
            for each in self._payouts()
            if 0 < gains[each.row] <= each.amount * (1 + 1e-9)
            and abs(each.step - _with_gain(each, gains)) <= 0.02 * each.step + 3 * self._noise
        ]
        lead = sum(
            each.fits(each.size, self._sigma) - each.fits(_with_gain(each, gains), self._sigma)
            for each in twice
        )
        if lead <= -1:  # they stand beside the dividends, not within them
            self._explained |= {each.row for each in twice}
            return
        for each in twice:
            reason = (
                f"steps by {each.step:.2%}: the dividend of {each.size:.2%} of the close before "
                f"and the gain within it again"
            )
            self._set_step(each, each.size, Mark.GAIN_TWICE, reason, certain=lead >= 1)

    def mend_phantoms(self) -> None:
        """One of two much alike within days, among dividends that come much more rarely."""
        payouts = self._payouts()
        for first, second in _pairs(payouts, self._work.days):
            phantom, other = first, second
            if self._phantom_lead(second, first) > self._phantom_lead(first, second):
                phantom, other = second, first
            day = int(self._work.days[other.row] - self._work.days[phantom.row])
            reason = f"much like the one {abs(day)} days {'after' if day > 0 else 'before'} it"
            lead = self._phantom_lead(phantom, other)
            if (
                abs(day) > NEAR_DAYS  # a special payout may come so late
                or lead < PHANTOM_LEAD
                or lead - self._phantom_lead(other, phantom) < 1.5 * PHANTOM_LEAD
            ):
                self._flag(phantom, reason)
                continue
            if phantom.kind is Step.NONE:
                reason += ", and the adjusted closes know only that one"
            else:
                reason += ", and the price did not fall twice"
            self._work.columns["dividends"][phantom.row] = 0.0
            self._work.say(
                Mark.DIVIDEND_PHANTOM, phantom.row, ("dividends",), reason, phantom.amount, 0.0
            )
            if phantom.kind in (Step.RIGHT, Step.OTHER):
                self._set_step(phantom, 0.0, Mark.DIVIDEND_PHANTOM, reason)

    def _phantom_lead(self, phantom: Payout, other: Payout) -> float:
        """How much likelier it is that only the other was paid than that both were."""
        lead = phantom.fits(0.0, self._sigma) - phantom.fits(phantom.size, self._sigma)
        if phantom.kind is Step.NONE and other.kind is not Step.NONE:
            lead += 2 * SURE  # whoever adjusted knew only the other
        return lead

    def mend_sizes(self) -> None:
        """Sizes and steps that differ by a hundred from what they should be."""
        payouts = self._payouts()
        for kind in (Step.HUNDREDTH, Step.HUNDREDFOLD):
            self._settle([each for each in payouts if each.kind is kind], kind)
        yearly = _per_year(payouts, self._work.days)
        for each in payouts:
            if each.kind in (Step.RIGHT, Step.UNKNOWN):
                self._doubt(each)
            elif each.kind is Step.NONE:
                self._adjust(each, yearly)
            elif each.kind is Step.OTHER:
                self._restep(each, payouts)

    def _settle(self, payouts: Sequence[Payout], kind: Step) -> None:
        """All whose step and size differ by the same hundred: one of the two is wrong in each."""
        if not payouts:
            return
        yearly = _per_year(payouts, self._work.days)
        lead = sum(self._lead(each, kind.value) for each in payouts)
        lead += float(np.mean([_plausible(p.size * kind.value, yearly) for p in payouts]))
        lead -= float(np.mean([_plausible(p.size, yearly) for p in payouts]))
        for each in payouts:
            reason = (
                f"{each.amount:g} is {each.size:.2%} of the close before, adjusted closes step by "
                f"{each.step:.2%}, the price moved {np.expm1(each.move):+.2%}"
            )
            if abs(lead) < SURE:
                self._flag(each, reason)
            elif lead > 0:
                self._resize(each, kind.value, reason)
            else:
                self._set_step(each, each.size, Mark.DIVIDEND_ADJUSTMENT, reason)

    def _lead(self, payout: Payout, factor: float) -> float:
        """How much better the price fits a dividend ``factor`` times as large."""
        scaled = payout.fits(payout.size * factor, self._sigma)
        return scaled - payout.fits(payout.size, self._sigma)

    def _doubt(self, payout: Payout) -> None:
        """A dividend whose step agrees with it, or has none to tell, against the price alone."""
        factor = 1 / HUNDRED
        if self._lead(payout, factor) < SURE_AGAINST_BOTH:
            return
        reason = (
            f"{payout.amount:g} is {payout.size:.2%} of the close before, and the price moved "
            f"{np.expm1(payout.move):+.2%}"
        )
        if self._falls_nearby(payout):
            self._flag(payout, f"{reason}; it fell by about that much some days off")
            return
        self._resize(payout, factor, reason)
        if payout.kind is Step.RIGHT:
            self._set_step(payout, payout.size * factor, Mark.DIVIDEND_ADJUSTMENT, reason)

    def _falls_nearby(self, payout: Payout) -> bool:
        """Whether the price fell by the dividend on a day beside: then the day may be wrong."""
        asked = np.log1p(-min(payout.size, 0.99))
        beside = self._steps[max(1, payout.row - 5) : payout.row + 6]
        return bool((beside < asked / 2).any())

    def _adjust(self, payout: Payout, yearly: float) -> None:
        """Adjusted closes that do not step at all."""
        factor = 1 / HUNDRED
        lead = self._lead(payout, factor)
        lead += _plausible(payout.size * factor, yearly) - _plausible(payout.size, yearly)
        reason = (
            f"{payout.amount:g} is {payout.size:.2%} of the close before, and the adjusted closes "
            f"do not step"
        )
        size = payout.size
        if lead >= SURE and not self._falls_nearby(payout):
            self._resize(payout, factor, f"{reason}, nor does the price fall")
            size *= factor
        self._set_step(payout, size, Mark.DIVIDEND_ADJUSTMENT, reason)

    def _restep(self, payout: Payout, payouts: Sequence[Payout]) -> None:
        """Adjusted closes that step by something else: the dividend's size if prices fell by it."""
        alike = [
            each
            for each in payouts
            if each.kind is Step.OTHER
            and abs(each.step / each.size - payout.step / payout.size) <= 0.1
        ]
        lead = sum(
            each.fits(each.size, self._sigma) - each.fits(each.step, self._sigma) for each in alike
        )
        reason = (
            f"adjusted closes step by {payout.step:.2%} where it is {payout.size:.2%} of the close "
            f"before, the price moved {np.expm1(payout.move):+.2%}"
        )
        if lead < SURE:
            self._flag(payout, reason)
        else:
            self._set_step(payout, payout.size, Mark.DIVIDEND_ADJUSTMENT, reason)

    def _resize(self, payout: Payout, factor: float, reason: str) -> None:
        self._work.columns["dividends"][payout.row] *= factor
        self._work.say(
            Mark.DIVIDEND_SIZE, payout.row, ("dividends",), reason,
            payout.amount, payout.amount * factor,
        )  # fmt: skip

    def _set_step(
        self, payout: Payout, size: float, mark: Mark, reason: str, *, certain: bool = True
    ) -> None:
        """Let the adjusted closes before a payout step by a dividend of this size."""
        if self._adjusted is None:
            return
        given = float(self._adjusted[payout.row - 1])
        factor = (1 - size) / (1 - payout.step)
        repaired = given * factor
        if certain:
            self._adjusted[: payout.row] *= factor
        self._work.say(
            mark, payout.row, ("adjusted_close",), reason, given, repaired, certain=certain
        )

    def _flag(self, payout: Payout, reason: str) -> None:
        self._work.say(
            Mark.SUSPECT_DIVIDEND, payout.row, ("dividends",), reason, payout.amount, certain=False
        )


def _with_gain(payout: Payout, gains: Floats) -> float:
    return payout.size * (1 + float(gains[payout.row]) / payout.amount)


def _pairs(payouts: Sequence[Payout], days: Days) -> Iterator[tuple[Payout, Payout]]:
    """Neighbours alike in size and much nearer to each other than others are."""
    gaps = np.diff([days[each.row] for each in payouts])
    for i, gap in enumerate(gaps.tolist()):
        others = np.delete(gaps, i)
        lonely = gap <= NEAR_DAYS or _is_told_by_one(payouts[i], payouts[i + 1])
        rare = np.median(others) > 2.5 * gap if len(others) else lonely
        ratio = payouts[i].amount / payouts[i + 1].amount
        if rare and 1 / 1.25 <= ratio <= 1.25:
            yield payouts[i], payouts[i + 1]


def _is_told_by_one(first: Payout, second: Payout) -> bool:
    """Whether the adjusted closes know one of two payouts and not the other."""
    return {first.kind, second.kind} == {Step.NONE, Step.RIGHT}


def _per_year(payouts: Sequence[Payout], days: Days) -> float:
    """How often a year is paid, by the median distance; once where there are not two."""
    gaps = np.diff([days[each.row] for each in payouts])
    return 365 / max(7.0, float(np.median(gaps))) if len(gaps) else 1.0


def _plausible(size: float, yearly: float) -> float:
    """Log prior of a dividend of this share of the price: about 3 % a year, give or take.

    What the price says outweighs it: it counts once, however many payouts there are.
    """
    apart = np.log(size * yearly / USUAL_YEARLY_YIELD) / 1.2
    return -min(MOST_OF_PRIOR, float(apart) ** 2 / 2)
