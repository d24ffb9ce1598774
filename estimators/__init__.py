"""What SQL cannot say: survival curves, goal trees, decomposition, simulation, attribution games and control limits.

Pure functions of frames, seeded where chance is in them, each with a header like a query's.
"""

from estimators.at_risk import HEADER as AT_RISK
from estimators.at_risk import at_risk, watched_until
from estimators.attribution import (
    AGREEMENT_HEADER,
    MARKOV_HEADER,
    SHAPLEY_HEADER,
    markov_attribution,
    model_agreement,
    shapley_attribution,
)
from estimators.backtest import (
    CALIBRATION_HEADER,
    SCORE_HEADER,
    brier,
    calibration,
    crps,
    forecast_score,
    plain_chances,
)
from estimators.by_week import HEADER as BY_WEEK
from estimators.by_week import by_week, last_week_end
from estimators.chance_of_goal import (
    DISTRIBUTION_HEADER,
    MATTER_HEADER,
    chance_of_goal,
    deals_that_matter,
    goal_distribution,
)
from estimators.chance_of_goal import HEADER as CHANCE_OF_GOAL
from estimators.cumulative_incidence import HEADER as CUMULATIVE_INCIDENCE
from estimators.cumulative_incidence import cumulative_incidence
from estimators.cure_fraction import COMING_HEADER, cure_fraction, wins_to_come
from estimators.cure_fraction import HEADER as CURE_FRACTION
from estimators.deal_chances import HEADER as DEAL_CHANCES
from estimators.deal_chances import PAST_HEADER, deal_chances, past_surprises
from estimators.errors import EstimatorError
from estimators.goal_tree import HEADER as GOAL_TREE
from estimators.goal_tree import goal_gap, goal_tree
from estimators.header import EstimatorHeader
from estimators.kaplan_meier import HEADER as KAPLAN_MEIER
from estimators.kaplan_meier import kaplan_meier
from estimators.lead_indicators import HEADER as LEAD_INDICATORS
from estimators.lead_indicators import REPEAT_HEADER, lead_indicators, repeated_picks
from estimators.leads_or_selling import BY_SOURCE_HEADER, against_the_rest, leads_or_selling, leads_or_selling_by_source
from estimators.leads_or_selling import HEADER as LEADS_OR_SELLING
from estimators.promises_kept import HEADER as PROMISES_KEPT
from estimators.promises_kept import promises_kept
from estimators.required_coverage import HEADER as REQUIRED_COVERAGE
from estimators.required_coverage import required_coverage
from estimators.response_association import HEADER as RESPONSE_ASSOCIATION
from estimators.response_association import response_association
from estimators.six_twelve import HEADER as SIX_TWELVE
from estimators.six_twelve import TO_DATE_HEADER, six_twelve, to_date
from estimators.stands_out import CHANGED_HEADER, changed_more, stands_out
from estimators.stands_out import HEADER as STANDS_OUT
from estimators.xmr import HEADER as XMR
from estimators.xmr import xmr

HEADERS: dict[str, EstimatorHeader] = {
    header.name: header
    for header in (
        KAPLAN_MEIER,
        AT_RISK,
        GOAL_TREE,
        CUMULATIVE_INCIDENCE,
        CURE_FRACTION,
        COMING_HEADER,
        STANDS_OUT,
        CHANGED_HEADER,
        LEADS_OR_SELLING,
        BY_SOURCE_HEADER,
        RESPONSE_ASSOCIATION,
        PROMISES_KEPT,
        REQUIRED_COVERAGE,
        DEAL_CHANCES,
        PAST_HEADER,
        CHANCE_OF_GOAL,
        DISTRIBUTION_HEADER,
        MATTER_HEADER,
        CALIBRATION_HEADER,
        SCORE_HEADER,
        MARKOV_HEADER,
        SHAPLEY_HEADER,
        AGREEMENT_HEADER,
        BY_WEEK,
        XMR,
        SIX_TWELVE,
        TO_DATE_HEADER,
        LEAD_INDICATORS,
        REPEAT_HEADER,
    )
}

__all__ = [
    "HEADERS",
    "EstimatorError",
    "EstimatorHeader",
    "against_the_rest",
    "at_risk",
    "brier",
    "by_week",
    "calibration",
    "chance_of_goal",
    "changed_more",
    "crps",
    "cumulative_incidence",
    "cure_fraction",
    "deal_chances",
    "deals_that_matter",
    "forecast_score",
    "goal_distribution",
    "goal_gap",
    "goal_tree",
    "kaplan_meier",
    "last_week_end",
    "lead_indicators",
    "leads_or_selling",
    "leads_or_selling_by_source",
    "markov_attribution",
    "model_agreement",
    "past_surprises",
    "plain_chances",
    "promises_kept",
    "repeated_picks",
    "required_coverage",
    "response_association",
    "shapley_attribution",
    "six_twelve",
    "stands_out",
    "to_date",
    "watched_until",
    "wins_to_come",
    "xmr",
]
