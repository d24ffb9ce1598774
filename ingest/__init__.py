"""CRM exports to raw rows to canonical tables to a new warehouse file.

`import_exports`, `rebuild` and `is_stale` are all that the rest of the product may call.
"""

from ingest.errors import IngestError
from ingest.report import FileReport, ImportReport
from ingest.run import Options, import_exports, is_stale, rebuild

__all__ = ["FileReport", "ImportReport", "IngestError", "Options", "import_exports", "is_stale", "rebuild"]
