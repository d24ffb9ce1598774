"""What becomes of each deal: whether and when it closes, and each stage, amount and close date on the way."""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NEVER, Bools, Floats, Ints
from data.world.companies import PLAN_RATES, Companies
from data.world.deal_trail import BLANK, History, Trail
from data.world.deals import EXPANSION, FROM_LEAD, NEW, RENEWAL, Deals
from data.world.plants import NEGLECTED_CUSTOMERS, Plants
from data.world.staff import Staff
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline

STAGES = (
    "Prospecting",
    "Qualification",
    "Needs Analysis",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
)
PROPOSAL, NEGOTIATION, WON, LOST = 3, 4, 5, 6

_MEDIAN_AMOUNT = np.array([7_000.0, 22_000.0, 75_000.0])
_AMOUNT_BY_KIND = np.array([1.0, 0.55, 1.0])
_CYCLE_BY_SEGMENT = np.array([0.82, 1.0, 1.3])


@dataclass(frozen=True)
class Outcomes:
    """How deals end, by deal: the moment of closing (NEVER if it is left lying), and the final amount.

    `amount` is in cents of the deal's currency, and is what is meant even where nobody writes it down.
    """

    is_won: Bools
    closes: Ints
    amount: Ints


class _Draws:
    """Draws that stay with their deal, whichever other deals there are."""

    def __init__(self, streams: Streams, tag: str, deals: Deals) -> None:
        self._streams, self._tag, self._deals = streams, tag, deals

    def u(self, name: str) -> Floats:
        """Draw uniformly, once for each deal."""
        return self._streams.rng(f"{self._tag}.{name}").random(self._deals.slots)[self._deals.slot]

    def z(self, name: str) -> Floats:
        """Draw normally, once for each deal."""
        return self._streams.rng(f"{self._tag}.{name}").normal(size=self._deals.slots)[self._deals.slot]


def play(
    streams: Streams,
    tag: str,
    timeline: Timeline,
    deals: Deals,
    companies: Companies,
    staff: Staff,
    plants: Plants,
) -> tuple[Outcomes, History]:
    """Play the deals to their end, and keep the history up to the last moment of the period."""
    draws = _Draws(streams, tag, deals)
    outcomes = _outcomes(draws, timeline, deals, companies, staff, plants)
    trail = Trail()
    notional = np.where(outcomes.closes < NEVER, outcomes.closes, deals.created + 150 * DAY)
    start, first_close = _stages(draws, timeline, deals, outcomes, notional, trail)
    first_amount = _amounts(draws, timeline, deals, companies, outcomes, notional, trail)
    trail.add(None, deals.created, stage=start, amount=first_amount, close_day=first_close)
    _push(draws, timeline, deals, outcomes, first_close, trail)
    outcomes = _reopen(draws, timeline, deals, outcomes, trail)
    return outcomes, trail.history(len(deals), timeline.last_moment)


def _outcomes(
    draws: _Draws, timeline: Timeline, deals: Deals, companies: Companies, staff: Staff, plants: Plants
) -> Outcomes:
    segment = companies.segment[deals.company]
    seller = staff.seller_at(companies.team[deals.company], deals.created, companies.seller_u[deals.company])
    odds = deals.odds * np.where(deals.kind == NEW, staff.skill[seller], 1.0)
    is_neglected = (deals.kind == EXPANSION) & plants.has(NEGLECTED_CUSTOMERS)
    odds = np.where(is_neglected, odds * plants.customer_win_odds, odds)
    is_won = draws.u("win") < odds / (1 + odds)

    median = np.where(deals.kind == NEW, 50.0, 40.0) * _CYCLE_BY_SEGMENT[segment]
    median *= np.where(is_neglected, plants.customer_cycle_factor, 1.0) * np.where(is_won, 1.0, 1.5)
    days = median * np.exp(np.where(is_won, 0.55, 0.72) * draws.z("cycle"))
    to_due = deals.due - deals.created // DAY + np.where(is_won, -4 + 9 * draws.z("due"), 8 + 12 * draws.z("due"))
    days = np.where(deals.kind == RENEWAL, np.maximum(to_due, 4), np.maximum(days, 1.2))

    day = timeline.on_business_day(deals.created // DAY + np.ceil(days).astype(np.int64))
    day = _quarter_rush(draws, timeline, day, is_won & (deals.kind != RENEWAL))
    closes = timeline.from_business(timeline.to_business(day * DAY) + (draws.u("hour") * 32_000).astype(np.int64))
    at_once = is_won & (deals.origin != FROM_LEAD) & (deals.kind != RENEWAL) & (draws.u("at once") < 0.045)
    closes = np.where(at_once, deals.created + 300 + (draws.u("minutes") * 1_500).astype(np.int64), closes)
    is_left_lying = ~is_won & (deals.kind != RENEWAL) & (draws.u("left lying") < 0.025)
    return Outcomes(
        is_won=is_won,
        closes=np.where(is_left_lying, NEVER, closes),
        amount=_final_amounts(draws, deals, companies, is_won),
    )


def _quarter_rush(draws: _Draws, timeline: Timeline, day: Ints, eligible: Bools) -> Ints:
    """Pull some closings forward or back to the last days of the quarter, where quotas are made."""
    end = timeline.quarter_end(day)
    rushed = timeline.on_business_day(end - 11 + (draws.u("rush day") ** 0.6 * 9).astype(np.int64))
    is_rushed = eligible & (draws.u("rush") < 0.35) & (end - day < 24) & (rushed <= end)
    return np.where(is_rushed & (rushed > day - 5), np.maximum(rushed, day - 3), day)


def _final_amounts(draws: _Draws, deals: Deals, companies: Companies, is_won: Bools) -> Ints:
    """Draw amounts by segment; the larger a deal, the sooner it is lost, and a renewal is as its contract."""
    segment = companies.segment[deals.company]
    dollars = _MEDIAN_AMOUNT[segment] * _AMOUNT_BY_KIND[deals.kind] * np.exp(0.5 * draws.z("amount"))
    dollars *= np.where(is_won, 1.0, 1.22)
    uplift = np.where(draws.u("uplift") < 0.45, 1.0, 1.0 + 0.08 * draws.u("uplift size"))
    dollars = np.where(np.isnan(deals.base_amount), dollars, deals.base_amount * uplift)
    rate = np.array(PLAN_RATES)[companies.currency[deals.company]]
    return rounded_cents(dollars / rate)


def rounded_cents(amount: Floats) -> Ints:
    """Round prices as people quote them, and give cents."""
    step = np.where(amount < 5_000, 10, np.where(amount < 20_000, 50, np.where(amount < 100_000, 250, 1_000)))
    return np.asarray((np.round(amount / step) * step).astype(np.int64) * 100, np.int64)


def _stages(
    draws: _Draws, timeline: Timeline, deals: Deals, outcomes: Outcomes, notional: Ints, trail: Trail
) -> tuple[Ints, Ints]:
    """Walk through the stages and close; return the first stage and the first close date."""
    u_start, u_depth = draws.u("start"), draws.u("depth")
    start = np.where(deals.origin == FROM_LEAD, np.searchsorted([0.25, 0.88, 0.96, 0.99], u_start), 0)
    start = np.where(deals.origin != FROM_LEAD, np.searchsorted([0.55, 0.84, 0.95, 0.99], u_start), start)
    start = np.where(deals.kind == RENEWAL, np.where(u_start < 0.7, 2, PROPOSAL), start)
    lost_at = np.searchsorted([0.12, 0.38, 0.64, 0.87], u_depth)
    depth = np.where(outcomes.is_won, np.where(u_depth < 0.14, PROPOSAL, NEGOTIATION), lost_at)
    depth = np.maximum(depth, start)

    fractions = np.sort(np.stack([draws.u(f"stage {number}") for number in range(1, 5)]), axis=0)
    fractions = 0.03 + fractions * np.where(outcomes.is_won, 0.92, 0.74)
    for stage in range(1, 5):
        is_skipped = (stage < depth) & (draws.u(f"skip {stage}") < 0.07)
        entered = _between(timeline, deals.created, notional, fractions[stage - 1])
        trail.add((stage > start) & (stage <= depth) & ~is_skipped, entered, stage=np.full(len(start), stage))
    is_back = (depth >= 2) & (depth > start) & (draws.u("back") < 0.05)
    for fraction, step in ((0.955, -1), (0.975, 0)):
        moment = _between(timeline, deals.created, notional, np.full(len(start), fraction))
        trail.add(is_back, moment, stage=depth + step)

    end_stage = np.where(outcomes.is_won, WON, LOST)
    close_day = outcomes.closes // DAY
    # a few are entered after the fact: signed, then typed in
    is_after = outcomes.is_won & (outcomes.closes - deals.created < 3_600) & (draws.u("after the fact") < 0.4)
    close_day = close_day - np.where(is_after, 1 + (draws.u("days ago") * 9).astype(np.int64), 0)
    trail.add(outcomes.closes < NEVER, outcomes.closes, stage=end_stage, close_day=close_day)
    return start, _first_close_dates(draws, timeline, deals)


def _between(timeline: Timeline, start: Ints, end: Ints, fraction: Floats) -> Ints:
    """Give the moment at which a fraction of the working time between two moments has passed."""
    begin = timeline.to_business(start)
    length = timeline.to_business(end) - begin
    moment = timeline.from_business(begin + (length * fraction).astype(np.int64))
    return np.clip(moment, start + 1, np.maximum(end - 1, start + 1))


def _first_close_dates(draws: _Draws, timeline: Timeline, deals: Deals) -> Ints:
    """Guess close dates as reps do: hopeful, and rather at the end of a month or quarter."""
    guess = np.where(deals.kind == NEW, 40, 33) * np.exp(0.38 * draws.z("guess"))
    day = deals.created // DAY + guess.astype(np.int64)
    day = np.where(deals.kind == RENEWAL, deals.due, day)
    u = draws.u("round date")
    month_end = _month_end(day)
    quarter_end = timeline.quarter_end(day)
    near_quarter = (u < 0.22) & (quarter_end - day < 45)
    day = np.where((u < 0.50) & (deals.kind != RENEWAL), np.where(near_quarter, quarter_end, month_end), day)
    is_typo = (deals.kind == NEW) & (draws.u("wrong year") < 0.004)
    return np.where(is_typo, day - 365, day).astype(np.int64)


def _month_end(days: Ints) -> Ints:
    months = days.astype("datetime64[D]").astype("datetime64[M]") + 1
    return months.astype("datetime64[D]").astype(np.int64) - 1


def _push(draws: _Draws, timeline: Timeline, deals: Deals, outcomes: Outcomes, close_day: Ints, trail: Trail) -> None:
    """Move close dates that will not hold, mostly out and mostly late; some are never tended again."""
    is_tended = close_day >= deals.created // DAY
    changed = deals.created // DAY
    is_early = (draws.u("pull in") < 0.05) & (close_day - changed > 30) & is_tended
    day = timeline.on_business_day(changed + ((close_day - changed) * 0.4).astype(np.int64))
    sooner = day + ((close_day - day) * (0.3 + 0.3 * draws.u("pull to"))).astype(np.int64)
    is_early &= day < outcomes.closes // DAY - 2
    trail.add(is_early, _at_work(draws, "pull hour", day), close_day=sooner)
    close_day, changed = np.where(is_early, sooner, close_day), np.where(is_early, day, changed)
    for number in range(1, 9):
        is_tended = is_tended & (draws.u(f"tended {number}") > 0.05)
        u, v = draws.u(f"push when {number}"), draws.u(f"push by {number}")
        shift = np.where(u < 0.62, -(u / 0.62 * 10), (u - 0.62) / 0.38 * 16).astype(np.int64)
        day = timeline.on_business_day(np.maximum(close_day + shift, changed + 2))
        later = np.maximum(day, close_day) + (12 + 40 * v).astype(np.int64)
        later = np.where(v * 10 % 1 < 0.35, _month_end(later), later)
        moves = is_tended & (close_day < outcomes.closes // DAY) & (day < outcomes.closes // DAY - 1)
        trail.add(moves, _at_work(draws, f"push hour {number}", day), close_day=later)
        close_day, changed = np.where(moves, later, close_day), np.where(moves, day, changed)


def _at_work(draws: _Draws, name: str, day: Ints) -> Ints:
    return np.asarray(day * DAY + 31_000 + (draws.u(name) * 31_000).astype(np.int64), np.int64)


def _amounts(
    draws: _Draws,
    timeline: Timeline,
    deals: Deals,
    companies: Companies,
    outcomes: Outcomes,
    notional: Ints,
    trail: Trail,
) -> Ints:
    """Let amounts change on the way; return those at creation, some of them blank or nought."""
    final = outcomes.amount / 100
    u = draws.u("revisions")
    revisions = np.where(deals.kind == RENEWAL, (u < 0.15).astype(np.int64), np.searchsorted([0.42, 0.78], u))
    amount = final.copy()
    is_cut = outcomes.is_won & (draws.u("discount") < 0.45) & (deals.kind != RENEWAL)
    amount = np.where(is_cut, final / (0.80 + 0.16 * draws.u("discount size")), amount)
    states = [rounded_cents(amount)]
    for number in (2, 1):
        factor = np.exp(-0.07 + 0.22 * draws.z(f"revision {number}"))
        amount = np.where(revisions >= number, amount / factor, amount)
        states.append(rounded_cents(amount))
    last, middle, first = states

    u_blank, is_lost = draws.u("blank"), ~outcomes.is_won
    never = (u_blank < 0.035) & (is_lost | (u_blank < 0.006))
    is_late = ~never & (u_blank < 0.07)
    is_nought = ~never & ~is_late & (u_blank < 0.105) & (deals.kind != RENEWAL)
    fractions = (0.1 + 0.45 * draws.u("revised 1"), 0.6 + 0.35 * draws.u("revised 2"))
    for number, (fraction, state) in enumerate(zip(fractions, (middle, last), strict=True), start=1):
        moment = _between(timeline, deals.created, notional, fraction)
        # a blank is filled in at the first occasion, a nought is corrected late
        is_due = (revisions >= number) | (is_late & (number == 1)) | (is_nought & (number == 2))
        trail.add(~never & is_due & ~(is_nought & (number == 1)), moment, amount=state)
    at_close = ~never & outcomes.is_won
    trail.add(at_close, outcomes.closes, amount=outcomes.amount)
    return np.where(never | is_late, BLANK, np.where(is_nought, 0, first))


def _reopen(draws: _Draws, timeline: Timeline, deals: Deals, outcomes: Outcomes, trail: Trail) -> Outcomes:
    """Let a few lost deals come back, and be won or lost a second time."""
    comes_back = ~outcomes.is_won & (outcomes.closes < NEVER) & (draws.u("reopen") < 0.018)
    closed = np.where(comes_back, outcomes.closes, timeline.last_moment)
    reopened = timeline.after(closed + ((12 + 60 * draws.u("reopen when")) * DAY).astype(np.int64), draws.u("hour 2"))
    guess = timeline.on_business_day(reopened // DAY + 25 + (30 * draws.u("reopen guess")).astype(np.int64))
    trail.add(comes_back, reopened, stage=np.full(len(deals), PROPOSAL), close_day=guess)
    length = 26 * np.exp(0.5 * draws.z("reopen cycle"))
    again = timeline.after(reopened + (length * DAY).astype(np.int64), draws.u("hour 3"))
    wins_now = (draws.u("reopen win") < 0.45) & (deals.odds > 0)
    is_won = np.where(comes_back, wins_now, outcomes.is_won)
    end_stage = np.where(is_won, WON, LOST)
    trail.add(comes_back, again, stage=end_stage, close_day=again // DAY)
    trail.add(comes_back & is_won, again, amount=outcomes.amount)
    return Outcomes(is_won, np.where(comes_back, again, outcomes.closes), outcomes.amount)
