"""What goes wrong while exports are read."""

from base.errors import SamePageError


class IngestError(SamePageError):
    """An export, a mapping or an import as a whole cannot be used; nothing was changed."""
