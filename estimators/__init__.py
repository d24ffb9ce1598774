"""What SQL cannot say: survival curves and goal trees now; decomposition, simulation and control limits as they come.

Pure functions of frames, seeded where chance is in them, each with a header like a query's.
"""

from estimators.at_risk import HEADER as AT_RISK
from estimators.at_risk import at_risk, watched_until
from estimators.errors import EstimatorError
from estimators.goal_tree import HEADER as GOAL_TREE
from estimators.goal_tree import goal_gap, goal_tree
from estimators.header import EstimatorHeader
from estimators.kaplan_meier import HEADER as KAPLAN_MEIER
from estimators.kaplan_meier import kaplan_meier

HEADERS: dict[str, EstimatorHeader] = {header.name: header for header in (AT_RISK, GOAL_TREE, KAPLAN_MEIER)}

__all__ = [
    "HEADERS",
    "EstimatorError",
    "EstimatorHeader",
    "at_risk",
    "goal_gap",
    "goal_tree",
    "kaplan_meier",
    "watched_until",
]
