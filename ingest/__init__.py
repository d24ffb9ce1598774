"""CRM exports to raw rows to canonical tables to a new warehouse file.

What stands in `__all__` is all that the rest of the product may call. `SUFFIXES` says which files can be read.
"""

from ingest.draft import (
    Draft,
    field_label,
    guess_meanings,
    meaning_kind,
    meanings_of,
    table_row,
    table_title,
)
from ingest.errors import IngestError
from ingest.examine import Examined, Outcome, Trial, as_template, can_be_in_template, examine
from ingest.files import SUFFIXES
from ingest.guess import ColumnGuess, Guess
from ingest.intake import intake_tables
from ingest.mappings import SavedMapping, delete_mapping, mapping_text, save_mapping, saved_mappings, system_titles
from ingest.report import FileReport, ImportReport
from ingest.run import Options, import_exports, is_stale, rebuild

__all__ = [
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
    "SavedMapping",
    "Trial",
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
    "rebuild",
    "save_mapping",
    "saved_mappings",
    "system_titles",
    "table_row",
    "table_title",
]
