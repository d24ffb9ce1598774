"""What goes wrong in an estimator."""

from base.errors import SamePageError


class EstimatorError(SamePageError):
    """An estimator was handed what it cannot use."""
