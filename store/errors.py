"""What goes wrong when something is written or read."""

from base.errors import SamePageError


class StoreError(SamePageError):
    """What a person wrote cannot be kept as it is, or cannot be read."""
