"""What an import did, file by file, as people read it and as programs do."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from typing import Any

IMPORTED = "imported"
UNCHANGED = "already imported"
NOT_RECOGNISED = "not recognised"
NOT_READ = "not read"


@dataclass(frozen=True)
class RejectSample:
    """One kind of reject in a file: how many, and where the first stands."""

    reason: str
    rows: int
    first_line: int
    is_whole_row: bool


@dataclass
class FileReport:
    """One file: what it was taken for, how it is written, and what became of its rows."""

    file: str
    outcome: str
    reason: str | None = None
    crm: str | None = None
    object: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    date_order: str | None = None
    rows_read: int = 0
    loaded: int = 0
    rejected: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    unreadable_cells: int = 0
    rejects: list[RejectSample] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)
    batch_id: str | None = None
    mapping: str | None = None
    header_line: int | None = None
    is_sheet: bool = False
    notes: list[str] = field(default_factory=list)
    skipped_first_lines: dict[str, int] = field(default_factory=dict)

    @property
    def written(self) -> str:
        """How the file is written, as it was detected or said, in words."""
        where = "row" if self.is_sheet else "line"
        parts = ["a sheet" if self.is_sheet else f"{self.encoding}, {self.delimiter}-separated"]
        if (self.header_line or 1) > 1:
            parts.append(f"header on {where} {self.header_line}")
        if self.date_order:
            parts.append(f"dates as {'day/month' if self.date_order == 'dmy' else 'month/day'}")
        return ", ".join(parts)


@dataclass
class ImportReport:
    """One import: its files, the warehouse that it made, and how current the data is."""

    files: list[FileReport]
    is_changed: bool
    warehouse: str | None = None
    newest_date: str | None = None
    snapshots: dict[str, str] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    is_dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        lines = []
        for file in self.files:
            if file.outcome in (NOT_RECOGNISED, NOT_READ):
                lines.append(f"? {file.file}: {file.outcome}: {file.reason}")
                continue
            if file.outcome == UNCHANGED:
                lines.append(f"= {file.file}: the same content was imported before; nothing changed")
                continue
            skipped = sum(file.skipped.values())
            lines.append(f"✓ {file.file}: {file.crm}, {file.object} ({file.written})")
            if file.mapping is not None:
                lines.append(f"    read by the mapping '{file.mapping}'")
            lines.append(
                f"    {file.rows_read:,} rows read = {file.loaded:,} loaded + {file.rejected:,} rejected "
                f"+ {skipped:,} skipped"
            )
            for reason, rows in file.skipped.items():
                line = file.skipped_first_lines.get(reason)
                where = "" if line is None else f" (line {line})" if rows == 1 else f" (first on line {line})"
                lines.append(f"    skipped {rows:,}: {reason}{where}")
            for reject in file.rejects:
                what = "rejected" if reject.is_whole_row else "left empty"
                where = f"line {reject.first_line}" if reject.rows == 1 else f"first on line {reject.first_line}"
                lines.append(f"    {what} {reject.rows:,}: {reject.reason} ({where})")
            lines += [f"    note: {note}" for note in file.notes]
            if file.unused_columns:
                shown = ", ".join(file.unused_columns[:6]) + (" …" if len(file.unused_columns) > 6 else "")
                lines.append(f"    {len(file.unused_columns)} columns kept but not used: {shown}")
        for finding in self.findings:
            lines.append(f"! {finding['title']} ({finding['crm']}): {finding['record_count']:,}; {finding['effect']}")
        if self.is_dry_run and self.is_changed:
            lines.append(f"Nothing was written: this was a check. The data would be current to {self.newest_date}.")
        elif self.is_dry_run:
            lines.append("Nothing was written, and an import would change nothing.")
        elif self.is_changed:
            lines.append(f"The warehouse is {self.warehouse}; the data is current to {self.newest_date}.")
        else:
            lines.append("Nothing changed.")
        return lines

    def of_files(self, names: Collection[str]) -> "ImportReport":
        """Return the report with only some of its files, each known by its own name or that of the ZIP it was in."""
        chosen = [file for file in self.files if file.file in names or file.file.split("/")[0] in names]
        return replace(self, files=chosen)
