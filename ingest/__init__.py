"""CRM exports to raw rows to canonical tables to a new warehouse file.

What stands in `__all__` is all that the rest of the product may call; `SUFFIXES` says which files can be read.
"""

from ingest.errors import IngestError, TryAgainError
from ingest.files import SUFFIXES
from ingest.rejects import RejectFile, reject_csv, reject_files
from ingest.report import FileReport, ImportReport
from ingest.run import Options, import_exports, is_stale, rebuild
from ingest.version import Version
from ingest.warehouse import rollback, step_back, versions

__all__ = [
    "SUFFIXES",
    "FileReport",
    "ImportReport",
    "IngestError",
    "Options",
    "RejectFile",
    "TryAgainError",
    "Version",
    "import_exports",
    "is_stale",
    "rebuild",
    "reject_csv",
    "reject_files",
    "rollback",
    "step_back",
    "versions",
]
