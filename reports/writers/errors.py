"""What a writer says when it cannot write."""

from base.errors import SamePageError


class DocumentError(SamePageError):
    """A document cannot be written in the form that was asked for."""
