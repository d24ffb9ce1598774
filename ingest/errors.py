"""What goes wrong while exports are read."""

from base.errors import SamePageError


class IngestError(SamePageError):
    """An export, a mapping or an import as a whole cannot be used; nothing was changed."""


class TryAgainError(IngestError):
    """The files are not to blame (no room on the disk, another import): the same import may succeed later."""
