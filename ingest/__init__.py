"""CRM exports to raw rows to canonical tables to a new warehouse file.

What stands in `__all__` is all that the rest of the product may call. `SUFFIXES` says which files can be read.
"""

from ingest.custom import suggested_name
from ingest.draft import (
    Draft,
    field_label,
    guess_meanings,
    meaning_kind,
    meanings_of,
    table_row,
    table_title,
)
from ingest.errors import IngestError, TryAgainError
from ingest.examine import MOST_TRIED, Examined, Outcome, Trial, as_template, can_be_in_template, examine
from ingest.files import SUFFIXES
from ingest.guess import ColumnGuess, Guess
from ingest.intake import intake_tables
from ingest.mappings import SavedMapping, delete_mapping, mapping_text, save_mapping, saved_mappings, system_titles
from ingest.rejects import RejectFile, reject_csv, reject_files
from ingest.report import FileReport, ImportReport
from ingest.run import Options, import_exports, is_stale, rebuild
from ingest.spare import SpareColumn, not_kept, spare_columns
from ingest.version import Version
from ingest.warehouse import rollback, step_back, versions

__all__ = [
    "MOST_TRIED",
    "SUFFIXES",
    "ColumnGuess",
    "Draft",
    "Examined",
    "FileReport",
    "Guess",
    "ImportReport",
    "IngestError",
    "Options",
    "Outcome",
    "RejectFile",
    "SavedMapping",
    "SpareColumn",
    "Trial",
    "TryAgainError",
    "Version",
    "as_template",
    "can_be_in_template",
    "delete_mapping",
    "examine",
    "field_label",
    "guess_meanings",
    "import_exports",
    "intake_tables",
    "is_stale",
    "mapping_text",
    "meaning_kind",
    "meanings_of",
    "not_kept",
    "rebuild",
    "reject_csv",
    "reject_files",
    "rollback",
    "save_mapping",
    "saved_mappings",
    "spare_columns",
    "step_back",
    "suggested_name",
    "system_titles",
    "table_row",
    "table_title",
    "versions",
]
