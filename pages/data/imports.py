"""Import: exports in, with everything that was wrong with them."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import streamlit as st

from base.errors import SamePageError
from base.pointer import read_pointer
from base.settings import load_settings
from charts.numbers import NumberFormat
from ingest import SUFFIXES, ImportReport, Options, import_exports, is_stale, rebuild, versions
from reports.findings import imports_finding
from ui.ask import ask
from ui.define import define
from ui.file_kinds import kinds_said
from ui.filters import company
from ui.imports import exported_at, offer_rejects, show_versions
from ui.mapping_editor import map_files, show_saved
from ui.messages import plain, show_empty, show_error, show_finding
from ui.records import download, table
from ui.turns import give_up_turn, long_work

SCOPES = {
    None: "some records (a missing deal says nothing)",
    "full": "every record there is (a missing deal was deleted)",
}
ENCODINGS = {
    None: "as detected",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "mac-roman": "Mac Roman",
}
DELIMITERS = {None: "as detected", **{name: name for name in ("comma", "semicolon", "tab", "bar", "caret", "tilde")}}
ORDERS = {None: "as the file tells", "dmy": "day/month/year", "mdy": "month/day/year"}


def run_import(uploads: list, mapping: bytes | None, options: Options, *, is_dry_run: bool) -> None:
    """Import or check the uploaded files, showing how far it is, and keep the report for the next run."""
    failure = None
    give_up_turn()
    with st.status("Reading your exports …", expanded=True) as status, TemporaryDirectory() as folder:
        bar = st.progress(0.0)

        def progress(what: str, done: int, total: int) -> None:
            bar.progress(done / total, plain(what))

        paths, mapping_path = keep_uploads(Path(folder), uploads, mapping)
        try:
            st.session_state["import_report"] = import_exports(
                paths, replace(options, mapping=mapping_path), progress, is_dry_run=is_dry_run
            )
            status.update(label="Done", state="complete")
        except SamePageError as error:
            failure = error
            status.update(label="Nothing was changed", state="error", expanded=False)
    if failure is None:
        st.rerun()
    show_error(failure)


def keep_uploads(root: Path, uploads: list, mapping: bytes | None) -> tuple[list[Path], Path | None]:
    """Write the uploads where the ingest can read them; only the last part of a person's file name is used."""
    paths = []
    for number, upload in enumerate(uploads):
        target = root / f"{number:03d}"
        target.mkdir()
        path = target / Path(upload.name).name
        path.write_bytes(upload.getbuffer())
        paths.append(path)
    if mapping is None:
        return paths, None
    mapping_path = root / "mapping.toml"
    mapping_path.write_bytes(mapping)
    return paths, mapping_path


def show_report(report: ImportReport) -> None:
    """Show what the import of this session did, file by file."""
    st.subheader("What an import would do" if report.is_dry_run else "What this import did", anchor=False)
    if report.is_dry_run:
        told = (
            f"be current to {report.newest_date}" if report.is_changed else "not change: all of it is imported already"
        )
        st.info(f"This was a check, and nothing was written. The data would {told}.", icon=":material/fact_check:")
    elif report.is_changed:
        st.success(
            f"A new version was made; the data is current to {report.newest_date}.",
            icon=":material/check_circle:",
        )
    else:
        st.info("The same content was imported before: nothing changed.", icon=":material/equal:")
    rows = [
        {
            "file": file.file,
            "outcome": file.outcome,
            "taken for": " · ".join(part for part in (file.crm, file.object) if part) or None,
            "by your mapping": file.mapping,
            "written": file.written if file.encoding else None,
            "rows read": file.rows_read,
            "loaded": file.loaded,
            "rejected": file.rejected,
            "skipped": sum(file.skipped.values()),
            "cells left empty": file.unreadable_cells,
            "why": file.reason or "; ".join(f"{reason}: {count}" for reason, count in file.skipped.items()) or None,
        }
        for file in report.files
    ]
    st.dataframe(pl.DataFrame(rows), hide_index=True, key="report_table", alt="What became of each file")
    for file in report.files:
        for reject in file.rejects:
            what = "rejected" if reject.is_whole_row else "left empty"
            st.markdown(
                plain(f"{file.file}: {reject.rows:,} {what}: {reject.reason}, first on line {reject.first_line}.")
            )
        for note in file.notes:
            st.markdown(plain(f"{file.file}: {note}."))
    unused = sum(len(file.unused_columns) for file in report.files)
    if unused and not report.is_dry_run:
        st.page_link(
            "pages/data/health.py",
            label=f"{unused:,} {'column is' if unused == 1 else 'columns are'} used by no field: keep those that matter on "
            "Import health",
            icon=":material/view_column:",
        )


st.title("Import", anchor=False)
st.caption("Exports in, with everything that was wrong with them. Nothing leaves this machine.")
has_data, about = False, None
try:
    has_data = read_pointer() is not None
    about = company() if has_data else None
except SamePageError:  # the frame has said what is wrong; the way out of it leads through this page
    has_data = False
numbers = about.numbers if about else NumberFormat()
files = ask("import_files") if has_data else pl.DataFrame()
findings = ask("import_findings") if has_data else pl.DataFrame()
show_finding(imports_finding(files, findings, numbers))

with st.container(border=True):
    uploads = st.file_uploader(
        "Your CRM's exports",
        type=[suffix.lstrip(".") for suffix in SUFFIXES],
        accept_multiple_files=True,
        key="uploads",
        help="Salesforce (API names, weekly export), HubSpot, a sheet of goals, or anything else with a mapping",
    )
    with st.expander("More about these files"):
        mapping = st.file_uploader("A mapping (TOML), for files of any other kind", type=["toml"], key="mapping")
        scope = st.radio("These files hold", list(SCOPES), format_func=SCOPES.get, key="scope")
        exported_on = st.date_input(
            "Exported on",
            value=None,
            key="exported_on",
            help="By the end of that day; without it, the newest change in the files says how current they are",
        )
        order = st.radio("Dates are written", list(ORDERS), format_func=ORDERS.get, key="date_order", horizontal=True)
        left, right = st.columns(2)
        encoding = left.selectbox("Encoding", list(ENCODINGS), format_func=ENCODINGS.get, key="encoding")
        delimiter = right.selectbox("Delimiter", list(DELIMITERS), format_func=DELIMITERS.get, key="delimiter")
        header_line = left.number_input(
            "Line of the header", min_value=1, value=None, step=1, key="header_line", placeholder="as detected"
        )
        sheet = right.text_input("Sheet", key="sheet", placeholder="every visible one")
    options = Options(
        snapshot_at=exported_at(exported_on),
        scope=scope,
        date_order=order,
        encoding=encoding,
        delimiter=delimiter,
        header_line=header_line,
        sheet=sheet.strip() or None,
        kinds=kinds_said(),
    )
    is_mapped_now = mapping is None and map_files(uploads, options)
    with st.container(horizontal=True):
        is_asked = st.button("Import", type="primary", disabled=not uploads, icon=":material/upload:")
        is_dry_run = st.button("Check only", disabled=not uploads, icon=":material/fact_check:")
    if is_asked or is_dry_run or is_mapped_now:
        run_import(uploads, mapping.getvalue() if mapping else None, options, is_dry_run=is_dry_run)
    st.caption(
        "From the command line: python -m ingest PATH... takes files, workbooks, folders and ZIPs of any size. "
        "E-mails and phone numbers are replaced by keyed hashes before anything is stored, unless settings.toml says otherwise."
    )
    show_saved()

if report := st.session_state.get("import_report"):
    show_report(report)

if has_data and is_stale():
    with st.container(border=True):
        st.markdown("The settings changed since the warehouse was built.")
        if st.button("Rebuild from the rows at hand", icon=":material/sync:"):
            with long_work("Rebuilding …"):
                rebuild()
            st.rerun()

if not has_data:
    if versions():
        show_versions(numbers)
    else:
        show_empty("The first import makes the warehouse; then the pages under Measure come to life.")
    st.stop()

if findings.height:
    things = "thing in the data is" if findings.height == 1 else "things in the data are"
    st.page_link(
        "pages/data/health.py",
        label=f"{numbers.number(findings.height)} {things} odd: which, and what that does to the numbers, is on Import health",
        icon=":material/health_metrics:",
    )

st.subheader("Imported files", anchor=False)
st.caption(plain(f"Rows read = loaded + rejected + skipped, file by file; times in {load_settings().time_zone}."))
table(files, "import_files", "files_table", "Imported files", numbers)
rejects, skips = ask("import_rejects"), ask("import_skips")
left, right = st.columns(2)
with left:
    st.markdown(f"**Rejected rows and unreadable cells: {numbers.number(rejects.height)}**")
    if rejects.height:
        table(rejects, "import_rejects", "rejects_table", "Rejected rows and unreadable cells", numbers)
        download(rejects, "rejects", "import_rejects")
        offer_rejects()
with right:
    skipped = int(skips["skipped"].sum()) if skips.height else 0
    st.markdown(f"**Skipped rows: {numbers.number(skipped)}**")
    if skips.height:
        table(skips, "import_skips", "skips_table", "Skipped rows by reason", numbers)
        download(skips, "skips", "import_skips")
define("import_files", "import_rejects", "import_skips")

show_versions(numbers)
