"""What an import did, file by file, as people read it and as programs do."""

from dataclasses import asdict, dataclass, field
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
    mapping: str | None = None


@dataclass
class ImportReport:
    """One import: its files, the warehouse that it made, and how current the data is."""

    files: list[FileReport]
    is_changed: bool
    warehouse: str | None = None
    newest_date: str | None = None
    snapshots: dict[str, str] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)

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
            lines.append(f"✓ {file.file}: {file.crm}, {file.object} ({file.encoding}, {file.delimiter}-separated)")
            if file.mapping is not None:
                lines.append(f"    read by the mapping '{file.mapping}'")
            lines.append(
                f"    {file.rows_read:,} rows read = {file.loaded:,} loaded + {file.rejected:,} rejected "
                f"+ {skipped:,} skipped"
            )
            lines += [f"    skipped {rows:,}: {reason}" for reason, rows in file.skipped.items()]
            for reject in file.rejects:
                what = "rejected" if reject.is_whole_row else "left empty"
                where = f"line {reject.first_line}" if reject.rows == 1 else f"first on line {reject.first_line}"
                lines.append(f"    {what} {reject.rows:,}: {reject.reason} ({where})")
            if file.unused_columns:
                shown = ", ".join(file.unused_columns[:6]) + (" …" if len(file.unused_columns) > 6 else "")
                lines.append(f"    {len(file.unused_columns)} columns kept but not used: {shown}")
        for finding in self.findings:
            lines.append(f"! {finding['title']} ({finding['crm']}): {finding['record_count']:,}; {finding['effect']}")
        if self.is_changed:
            lines.append(f"The warehouse is {self.warehouse}; the data is current to {self.newest_date}.")
        else:
            lines.append("Nothing changed.")
        return lines
