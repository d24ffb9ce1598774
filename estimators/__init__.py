"""What SQL cannot say: survival curves, decomposition, simulation, attribution games and control limits.

Pure functions of frames, seeded where chance is in them, each with a header like a query's.
"""

from estimators.errors import EstimatorError
from estimators.header import EstimatorHeader
from estimators.kaplan_meier import HEADER as KAPLAN_MEIER
from estimators.kaplan_meier import kaplan_meier
from estimators.leads_or_selling import BY_SOURCE_HEADER as LEADS_OR_SELLING_BY_SOURCE
from estimators.leads_or_selling import HEADER as LEADS_OR_SELLING
from estimators.leads_or_selling import against_the_rest, leads_or_selling, leads_or_selling_by_source
from estimators.required_coverage import HEADER as REQUIRED_COVERAGE
from estimators.required_coverage import required_coverage
from estimators.response_association import HEADER as RESPONSE_ASSOCIATION
from estimators.response_association import response_association

HEADERS: dict[str, EstimatorHeader] = {
    header.name: header
    for header in (KAPLAN_MEIER, LEADS_OR_SELLING, LEADS_OR_SELLING_BY_SOURCE, REQUIRED_COVERAGE, RESPONSE_ASSOCIATION)
}

__all__ = [
    "HEADERS",
    "EstimatorError",
    "EstimatorHeader",
    "against_the_rest",
    "kaplan_meier",
    "leads_or_selling",
    "leads_or_selling_by_source",
    "required_coverage",
    "response_association",
]
