"""CRM exports to raw rows to canonical tables to a new warehouse file.

`import_exports`, `rebuild` and `is_stale` are all that the rest of the product may call; `SUFFIXES` says which files
can be read.
"""

from ingest.errors import IngestError
from ingest.files import SUFFIXES
from ingest.report import FileReport, ImportReport
from ingest.run import Options, import_exports, is_stale, rebuild

__all__ = ["SUFFIXES", "FileReport", "ImportReport", "IngestError", "Options", "import_exports", "is_stale", "rebuild"]
