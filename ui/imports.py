"""What an import left, as the Import page offers it: versions to go back to, and rejected rows to mend."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from base.errors import SamePageError
from base.settings import load_settings
from charts.numbers import NumberFormat
from ingest import Version, reject_csv, reject_files, rollback, step_back, versions
from ui.messages import plain, show_error


def exported_at(day: date | None) -> datetime | None:
    """Return the last second of the company's day on which an export was made, in UTC; None where nobody said."""
    if day is None:
        return None
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(load_settings().time_zone))
    return (midnight.astimezone(UTC) - timedelta(seconds=1)).replace(tzinfo=None)


def show_versions(numbers: NumberFormat) -> None:
    """Show the versions that are kept, and offer to make the one before the current one current again."""
    kept = versions()
    zone = _zone()
    st.subheader("Versions", anchor=False)
    st.caption("Every import makes a new one; the last ten are kept, and nothing is removed by going back.")
    rows = [
        {
            "version": version.number,
            "current": version.is_current,
            f"made at ({zone.key})": _local(version.made_at, zone),
            "by": version.made_by,
            "files of that import": ", ".join(version.files) or None,
            "files in all": version.file_count,
            "rows in all": version.row_count,
            "MB": round(version.size / 1e6, 1),
        }
        for version in reversed(kept)
    ]
    st.dataframe(pl.DataFrame(rows, infer_schema_length=None), hide_index=True, key="versions", alt="Versions kept")
    before = step_back()
    if before is None:
        st.caption("There is no earlier version to go back to.")
        return
    st.markdown(plain(f"Going back makes {_named(before, numbers, zone)} current again, for everyone."))
    if st.button(f"Go back to version {before.number}", icon=":material/undo:"):
        try:
            rollback(before.number)
        except SamePageError as error:
            show_error(error)
        else:
            st.session_state.pop("import_report", None)
            st.rerun()


def _zone() -> ZoneInfo:
    """Return the company's time zone; UTC where the settings cannot be read, which the frame has said."""
    try:
        return ZoneInfo(load_settings().time_zone)
    except SamePageError:
        return ZoneInfo("UTC")


def _local(moment: str, zone: ZoneInfo) -> datetime:
    """Return a moment that is kept in UTC as the company's clocks showed it."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _named(version: Version, numbers: NumberFormat, zone: ZoneInfo) -> str:
    made_at = _local(version.made_at, zone)
    made = f"version {version.number}, made on {made_at:%Y-%m-%d} at {made_at:%H:%M} ({zone.key})"
    if version.row_count is None or version.file_count is None:
        return made
    held = f"{numbers.number(version.row_count)} rows of {numbers.number(version.file_count)} files"
    return f"{made}, with {held} and data up to {version.newest_date or 'no date'},"


def offer_rejects() -> None:
    """Offer the rows of a file that wait to be mended, as a file that can be imported again."""
    files = {file.batch_id: file for file in reject_files()}
    if not files:
        st.caption("None of these rows waits to be mended: each was brought again.")
        return
    chosen = st.selectbox(
        "Rows to mend",
        list(files),
        format_func=lambda batch: f"{files[batch].file} ({files[batch].row_count:,})",
        key="rejects_to_mend",
        help="A file of these rows with their own columns, and what is wrong with each. Mend it in a spreadsheet, leave "
        "the last four columns as they are, and import it: its rows take the places of these.",
    )
    st.download_button(
        "Rows to mend",
        data=lambda: reject_csv(chosen),
        file_name=files[chosen].file_name,
        mime="text/csv",
        key="mend",
        icon=":material/build:",
        on_click="ignore",
    )
