"""What goes wrong when something is written or read."""

from typing import Any

from base.errors import SamePageError


class StoreError(SamePageError):
    """What a person wrote cannot be kept as it is, or cannot be read."""


class ConflictError(StoreError):
    """Somebody else changed what was to be changed; `now` is the row as it is now, None where it is gone."""

    def __init__(self, title: str, message: str, now: dict[str, Any] | None) -> None:
        super().__init__(title, message)
        self.now = now
