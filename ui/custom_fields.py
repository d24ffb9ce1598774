"""Custom fields on the Import health page: which columns no field uses, and keeping one under a name of one's own."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from base.custom import MOST_FILTER_VALUES
from base.words import Word, decide
from charts.numbers import NumberFormat
from ingest import SpareColumn, not_kept, spare_columns
from ui.ask import ask, current_mark
from ui.files import download
from ui.messages import plain, show_empty
from ui.records import table

Attempt = Callable[[Callable[[], None]], None]


@st.cache_resource(max_entries=10, show_spinner="Looking at the columns …")
def _spare(version: str, mark: tuple[int, int, int]) -> list[SpareColumn]:
    # Version and mark are asked for as a key alone: another warehouse has other columns.
    return spare_columns()


def show_custom_fields(numbers: NumberFormat, author: str, attempt: Attempt) -> None:
    """Show the fields that are kept and the columns that are not used, and offer to keep one.

    Parameters
    ----------
    numbers
        How the company writes numbers.
    author
        Who decides.
    attempt
        Does what a button asks for, or says why it cannot be done.
    """
    kept = ask("kept_custom_fields")
    if kept.height:
        table(kept, "kept_custom_fields", "custom_table", "Custom fields", numbers)
        download(kept, "custom", "custom_fields")
    for row in kept.iter_rows(named=True):
        if row["value_count"] == 0:
            st.caption(plain(f"{row['field']}: no deal and no lead has a value in the files at hand."))
        elif row["value_count"] > MOST_FILTER_VALUES:
            st.caption(
                plain(
                    f"{row['field']} has {numbers.number(row['value_count'])} different values: it stands in the records and is "
                    f"no filter (a filter bears {MOST_FILTER_VALUES})."
                )
            )
    columns = not_kept(_spare(*current_mark()))
    if not columns:
        show_empty("Every column of the deals', leads' and companies' files is used, or kept as a custom field.")
        return
    with st.expander(f"Columns that no field uses ({numbers.number(len(columns))})", expanded=kept.is_empty()):
        st.caption(
            "As the newest files have them. Any can be kept as a field of your own, which is then a filter and a "
            "dimension of deals and leads; no new export is needed."
        )
        st.dataframe(_listed(columns), hide_index=True, key="spare_table", alt="Columns that no field uses")
        _keep(columns, numbers, author, attempt)


def _keep(columns: list[SpareColumn], numbers: NumberFormat, author: str, attempt: Attempt) -> None:
    """Offer to keep one column under a name."""
    labels = {f"{column.crm}|{column.object}|{column.column}": column for column in columns if column.filled}
    if not labels:
        st.caption("None of them holds a value.")
        return
    chosen = st.selectbox(
        "Keep the column",
        list(labels),
        index=None,
        format_func=lambda key: f"{labels[key].column} ({labels[key].crm_title}: {labels[key].object})",
        key="custom_column",
        placeholder="Choose one",
    )
    if chosen is None or chosen not in labels:
        return
    column = labels[chosen]
    if column.is_personal:
        st.caption(
            "It holds addresses or numbers of people, so its values are kept as keyed hashes (settings.toml, privacy)."
        )
    if column.values > MOST_FILTER_VALUES:
        st.caption(
            f"It has {numbers.number(column.values)} different values: it would stand in the records and be no filter."
        )
    name = st.text_input("as", value=column.suggested_name, key=f"custom_name_{chosen}", max_chars=60)
    if st.button("Keep this column", icon=":material/save:"):
        word = Word("custom", column.column, " ".join(name.split()), column.crm, column.object)
        attempt(lambda: decide([word], author))


def _listed(columns: list[SpareColumn]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "column": column.column,
                "in": f"{column.crm_title}: {column.object}",
                "filled": f"{100 * column.filled // max(column.rows, 1)}%" if column.filled else "empty",
                "different values": column.values,
                "examples": " · ".join(text[:40] for text in column.examples) or None,
            }
            for column in columns
        ],
        infer_schema_length=None,
    )
