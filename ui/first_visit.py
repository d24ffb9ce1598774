"""The first visit, before anything was imported: what this is, and two ways to begin."""

from datetime import date

import streamlit as st

from base.errors import SamePageError
from base.home import home
from data.world.build import Order, make_sample
from data.world.plants import NAMES
from ingest import import_exports
from ui.messages import plain, show_empty, show_error
from ui.turns import give_up_turn

# As `make sample` makes it.
_SCALE, _SEED, _END = 1.0, 7, date(2026, 11, 16)
_EXPORTS = ("salesforce", "hubspot", "goals.csv")


def show_first_visit() -> None:
    """Say what an empty product is for, and offer the sample or an import in place."""
    show_empty(
        "Nothing was imported yet. Same Page reads the files that your CRM exports, and answers what sales and marketing "
        "argue about: is there enough pipeline, do leads become customers, is the goal in reach, which campaigns bring "
        "deals? Every number opens to the records behind it. Nothing leaves this machine."
    )
    yours, sample = st.columns(2)
    with yours, st.container(border=True, height="stretch"):
        st.markdown("**Begin with your own data**")
        st.markdown(
            "Exports of Salesforce, HubSpot, Pipedrive, Dynamics 365 or Zoho, or any table: the Import page reads what "
            "it finds, says what is wrong with it, and asks where it cannot tell."
        )
        st.page_link("pages/data/imports.py", label="Import your exports", icon=":material/upload_file:")
    with sample, st.container(border=True, height="stretch"):
        st.markdown("**Or look around first**")
        st.markdown(
            "Two years of a made-up company, with 20,000 leads and 5,000 deals. To replace it by your own data later, "
            "start with another folder as SAME_PAGE_HOME."
        )
        is_asked = st.button("Load the sample", icon=":material/science:", key="load_sample")
    if is_asked:
        _load_sample()


def _load_sample() -> None:
    """Make the sample's exports and import them, showing how far it is; then show what it holds."""
    failure = None
    give_up_turn()
    with st.status("Making the sample company …", expanded=True) as status:
        bar = st.progress(0.0)

        def progress(what: str, done: int, total: int) -> None:
            bar.progress(done / total if total else 0.0, plain(what))

        folder = home() / "sample"
        try:
            make_sample(Order(scale=_SCALE, seed=_SEED, end=_END, out=folder, active=frozenset(NAMES)))
            status.update(label="Importing its exports …", expanded=True)
            import_exports([folder / name for name in _EXPORTS], None, progress)
            status.update(label="Done", state="complete")
        except SamePageError as error:
            failure = error
            status.update(label="Nothing was changed", state="error", expanded=False)
    if failure is None:
        st.rerun()
    show_error(failure)
