"""The three to five metrics that a team watches: picked together with a why, each with goals and a locked baseline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.errors import ConflictError, StoreError
from store.kpi_models import KpiBaseline, KpiGoal, KpiPick
from store.writing import hold, now, plain_row, reading, writing

LEAST, MOST = 3, 5
TEAMS = ("marketing", "sales", "shared")


@dataclass(frozen=True)
class Pick:
    """One metric that a team watches, and why; who looks after it; the band in which nothing has to be said.

    `id` and `version` are those of the pick that was read; None for a new one.
    """

    metric: str
    why: str
    owner: str
    band_low: Decimal | None = None
    band_high: Decimal | None = None
    id: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class PickGoal:
    """What a pick should reach each week of a period [start, end)."""

    pick_id: str
    period_start: date
    period_end: date
    value: Decimal
    set_by: str


@dataclass(frozen=True)
class Baseline:
    """The weeks from which a pick's limits are learned, who locked them, and why."""

    pick_id: str
    first_week: date
    last_week: date
    reason: str
    set_by: str


def picks(engine: Engine, team: str) -> Sequence[Pick]:
    """Return what a team watches, in its order; none before it has picked."""
    with reading(engine, "The KPIs") as session:
        return [_pick(row) for row in _rows(session, team)]


def set_picks(engine: Engine, team: str, chosen: Sequence[Pick], by: str, seen: Mapping[str, int]) -> None:
    """Make these what a team watches, all at once; what was picked before and is not among them is let go.

    Parameters
    ----------
    engine
        The store.
    team
        marketing, sales or shared.
    chosen
        Three to five picks, in order.
    by
        Who picks.
    seen
        The version of each pick by its id, as the team saw them when it chose.

    Raises
    ------
    StoreError
        Fewer than three or more than five, a metric twice, a pick without a why or an owner, a band upside down.
    ConflictError
        Somebody else changed the team's picks meanwhile; nothing is kept.
    """
    _check(team, chosen)
    with writing(engine, by, "The KPIs") as session:
        hold(session, KpiPick)
        standing = {row.metric: row for row in _rows(session, team)}
        if {row.id: row.version for row in standing.values()} != dict(seen):
            newest = max(standing.values(), key=lambda row: row.changed_at, default=None)
            raise ConflictError(
                "Somebody was faster",
                f"{newest.changed_by if newest else 'Somebody'} changed what {team} watches meanwhile. It is shown as it is "
                "now; nothing of yours was kept.",
                plain_row(newest) if newest else None,
            )
        kept = {pick.metric for pick in chosen}
        for metric, row in standing.items():
            if metric not in kept:
                row.deleted_at, row.deleted_by = now(), session.info["by"]
        for position, pick in enumerate(chosen):
            values = {
                "position": position,
                "why": pick.why.strip(),
                "owner": pick.owner.strip(),
                "band_low": pick.band_low,
                "band_high": pick.band_high,
            }
            found = standing.get(pick.metric) or _let_go(session, team, pick.metric)
            if found is None:
                session.add(KpiPick(team=team, metric=pick.metric, **values))
                continue
            for name, value in values.items():
                if getattr(found, name) != value:
                    setattr(found, name, value)


def set_pick_goal(engine: Engine, goal: PickGoal) -> None:
    """Set what a pick should reach each week of a period; an earlier goal of that period gives way, and stays in the list.

    Raises
    ------
    StoreError
        The period ends before it begins, or the pick is not there.
    """
    if goal.period_end <= goal.period_start:
        raise StoreError("That goal cannot be kept", "The period ends before it begins.")
    with writing(engine, goal.set_by, "The KPI's goal") as session:
        hold(session, KpiGoal)
        _standing_pick(session, goal.pick_id)
        same = session.scalars(
            select(KpiGoal).where(
                KpiGoal.pick_id == goal.pick_id,
                KpiGoal.period_start == goal.period_start,
                KpiGoal.period_end == goal.period_end,
                KpiGoal.deleted_at.is_(None),
            )
        ).first()
        if same is not None:
            same.value = goal.value
            return
        session.add(
            KpiGoal(pick_id=goal.pick_id, period_start=goal.period_start, period_end=goal.period_end, value=goal.value)
        )


def pick_goals(engine: Engine, pick_ids: Iterable[str]) -> Sequence[PickGoal]:
    """Return the goals of picks, the earliest period first."""
    with reading(engine, "The KPIs' goals") as session:
        rows = session.scalars(
            select(KpiGoal)
            .where(KpiGoal.pick_id.in_(list(pick_ids)), KpiGoal.deleted_at.is_(None))
            .order_by(KpiGoal.period_start)
        )
        return [PickGoal(row.pick_id, row.period_start, row.period_end, row.value, row.changed_by) for row in rows]


def lock_baseline(engine: Engine, baseline: Baseline) -> None:
    """Lock the weeks from which a pick's limits are learned from then on; earlier baselines stay for the weeks before.

    Raises
    ------
    StoreError
        It has no reason, ends before it begins, does not begin after the one before it, or the pick is not there.
    """
    if not baseline.reason.strip():
        raise StoreError("The limits cannot be reset", "Say why: limits that move without a reason tell nothing.")
    if baseline.last_week < baseline.first_week:
        raise StoreError("The limits cannot be reset", "The last week lies before the first.")
    with writing(engine, baseline.set_by, "The baseline") as session:
        hold(session, KpiBaseline)
        _standing_pick(session, baseline.pick_id)
        newest = session.scalars(
            select(KpiBaseline)
            .where(KpiBaseline.pick_id == baseline.pick_id, KpiBaseline.deleted_at.is_(None))
            .order_by(KpiBaseline.first_week.desc())
        ).first()
        if newest is not None and baseline.first_week <= newest.first_week:
            raise StoreError(
                "The limits cannot be reset",
                f"The baseline in force begins on {newest.first_week}; a new one begins later.",
            )
        session.add(
            KpiBaseline(
                pick_id=baseline.pick_id,
                first_week=baseline.first_week,
                last_week=baseline.last_week,
                reason=baseline.reason.strip(),
            )
        )


def baselines(engine: Engine, pick_ids: Iterable[str]) -> Sequence[Baseline]:
    """Return the locked baselines of picks, the earliest first."""
    with reading(engine, "The baselines") as session:
        rows = session.scalars(
            select(KpiBaseline)
            .where(KpiBaseline.pick_id.in_(list(pick_ids)), KpiBaseline.deleted_at.is_(None))
            .order_by(KpiBaseline.first_week)
        )
        return [Baseline(row.pick_id, row.first_week, row.last_week, row.reason, row.changed_by) for row in rows]


def _rows(session: Session, team: str) -> Sequence[KpiPick]:
    return session.scalars(
        select(KpiPick).where(KpiPick.team == team, KpiPick.deleted_at.is_(None)).order_by(KpiPick.position, KpiPick.id)
    ).all()


def _let_go(session: Session, team: str, metric: str) -> KpiPick | None:
    """Return the pick of a metric that the team let go last, standing again: its goals and limits are those of then."""
    row = session.scalars(
        select(KpiPick)
        .where(KpiPick.team == team, KpiPick.metric == metric, KpiPick.deleted_at.is_not(None))
        .order_by(KpiPick.deleted_at.desc())
    ).first()
    if row is not None:
        row.deleted_at, row.deleted_by = None, None
    return row


def _standing_pick(session: Session, pick_id: str) -> None:
    row = session.get(KpiPick, pick_id)
    if row is None or row.deleted_at is not None:
        raise StoreError("That is no longer watched", "The team has let this KPI go; pick it again first.")


def _pick(row: KpiPick) -> Pick:
    return Pick(row.metric, row.why, row.owner, row.band_low, row.band_high, row.id, row.version)


def _check(team: str, chosen: Sequence[Pick]) -> None:
    if team not in TEAMS:
        raise StoreError("That is no team", f"'{team}' should be one of {', '.join(TEAMS)}.")
    if not LEAST <= len(chosen) <= MOST:
        raise StoreError(
            "Pick three to five",
            f"{len(chosen)} {'was' if len(chosen) == 1 else 'were'} picked. A team that watches too few misses what "
            "matters, and one that watches more than five shares none of them with the other team in a short meeting.",
        )
    metrics = [pick.metric for pick in chosen]
    for pick in chosen:
        wrong = None
        if metrics.count(pick.metric) > 1:
            wrong = "is picked twice."
        elif not pick.why.strip():
            wrong = "needs a why: what would the team do if it moved?"
        elif not pick.owner.strip():
            wrong = "needs somebody who looks after it."
        elif pick.band_low is not None and pick.band_high is not None and pick.band_low >= pick.band_high:
            wrong = "has a band whose lower edge is not below its upper one."
        if wrong:
            raise StoreError("These cannot be picked", f"{pick.metric} {wrong}")
