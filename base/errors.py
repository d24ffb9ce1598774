"""Errors that people read: a title, a message, and what to do next.

    SamePageError
    ├── SettingsError     base/settings.py, base/words.py: settings.toml or words.toml cannot be used
    ├── WarehouseError    base/pointer.py: the warehouse's pointer is broken
    ├── IngestError       ingest/errors.py: an export cannot be read
    ├── QueryError        queries/errors.py: a query, its header or its parameters are wrong
    ├── EstimatorError    estimators/errors.py: an estimator was handed what it cannot use
    ├── StoreError        store/errors.py: what people wrote cannot be kept or read
    └── SampleError       data/world/files.py: the sample cannot be made

One class an area, one printer here for terminals; `ui.messages` shows the same two fields on a page.
"""

import sys
from typing import TextIO


class SamePageError(Exception):
    """Something went wrong that a person can mend.

    Parameters
    ----------
    title
        What happened, in a few words.
    message
        Where it happened (file, line, column) and what to do next.
    """

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(f"{title}: {message}" if message else title)
        self.title = title
        self.message = message


class SettingsError(SamePageError):
    """The company's settings cannot be used as they are."""


class WarehouseError(SamePageError):
    """The warehouse or its pointer is not as an import left it."""


def print_error(error: SamePageError, stream: TextIO | None = None) -> None:
    """Print an error as a person should read it, to standard error unless told otherwise."""
    out = stream or sys.stderr
    print(f"✗ {error.title}", file=out)
    if error.message:
        print(f"  {error.message}", file=out)
