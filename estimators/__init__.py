"""What SQL cannot say: survival curves now; decomposition, simulation and control limits as they come.

Pure functions of frames, seeded where chance is in them, each with a header like a query's.
"""

from estimators.at_risk import HEADER as AT_RISK
from estimators.at_risk import at_risk, watched_until
from estimators.errors import EstimatorError
from estimators.header import EstimatorHeader
from estimators.kaplan_meier import HEADER as KAPLAN_MEIER
from estimators.kaplan_meier import kaplan_meier

HEADERS: dict[str, EstimatorHeader] = {KAPLAN_MEIER.name: KAPLAN_MEIER, AT_RISK.name: AT_RISK}

__all__ = ["HEADERS", "EstimatorError", "EstimatorHeader", "at_risk", "kaplan_meier", "watched_until"]
