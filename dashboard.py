"""The frame: page set-up, menu, shared filters, freshness line; runs the chosen page.

`streamlit run dashboard.py` imports this once for the app and then runs it for every visitor.
"""

import sys

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.starlette import App

from base.errors import SamePageError, print_error
from base.pointer import read_pointer
from charts.numbers import day
from ingest import is_stale
from ui.choose import forget_choices
from ui.filters import Company, Filters, company, draw_filters
from ui.messages import plain
from ui.moment import one_moment
from ui.page import Page, hand_over
from ui.room_routes import ROUTES
from ui.server import ICON, MIDDLEWARE, lifespan, on_script_error, tell
from ui.share import FilterKeys, draw_share
from ui.signin import check_host, draw_sign_out, signed_in
from ui.turns import turn

LANDING = "pages/meet/weekly_review.py"
LANDING_PATH = "weekly_review"
# What these show does not stand on the filters, and they are where a broken warehouse is mended.
WITHOUT_FILTERS = ("imports", "definitions")


def menu() -> dict[str, list[st.Page]]:
    """Return the pages by section; the first, unnamed and hidden, is what the bare address shows."""
    return {
        # The default page has no address of its own, and a link to one must not fail: so it is listed twice.
        "": [st.Page(LANDING, title="Weekly review", url_path="home", default=True, visibility="hidden")],
        "Meet": [
            st.Page(
                LANDING,
                title="Weekly review",
                icon=":material/today:",
                url_path=LANDING_PATH,
                help="Are we on track, what changed, and what now?",
            ),
            st.Page(
                "pages/meet/huddle.py",
                title="Huddle",
                icon=":material/groups:",
                help="A short meeting with a set agenda, and what became of what it decided.",
            ),
            st.Page(
                "pages/meet/agreement.py",
                title="Agreement",
                icon=":material/handshake:",
                help="What marketing and sales promised each other, kept or broken by week.",
            ),
        ],
        "Measure": [
            st.Page(
                "pages/measure/funnel_coverage.py",
                title="Funnel coverage",
                icon=":material/filter_alt:",
                help="Is there enough pipeline for the goal?",
            ),
            st.Page(
                "pages/measure/lead_to_close.py",
                title="Lead to close",
                icon=":material/conversion_path:",
                help="Do leads become customers, and where not?",
            ),
            st.Page(
                "pages/measure/shared_goals.py",
                title="Shared goals",
                icon=":material/flag:",
                help="What does each team owe the one goal?",
            ),
            st.Page(
                "pages/measure/campaigns.py",
                title="Campaigns",
                icon=":material/campaign:",
                help="What brings closed deals?",
            ),
            st.Page(
                "pages/measure/kpis.py",
                title="KPIs",
                icon=":material/monitoring:",
                help="The three to five numbers that a team watches.",
            ),
        ],
        "Data": [
            st.Page(
                "pages/data/imports.py",
                title="Import",
                icon=":material/upload_file:",
                help="CRM exports in, with everything that was wrong with them.",
            ),
            st.Page(
                "pages/data/health.py",
                title="Import health",
                icon=":material/health_metrics:",
                url_path="health",
                help="What is odd in the exports, and what it does to the numbers.",
            ),
            st.Page(
                "pages/data/definitions.py",
                title="Definitions",
                icon=":material/menu_book:",
                help="What each word and number means here.",
            ),
        ],
    }


def freshness_line(about: Company, filters: Filters) -> str:
    """Say what is shown, how fresh it is, and from when history is real."""
    parts = [filters.sentence(), f"The data is current to {day(about.newest_date)}."]
    if about.history_from is None:
        parts.append("No deal was ever seen open.")
    elif about.history_from > filters.as_of:
        parts.append(
            f"The past of deals is recorded from {day(about.history_from)} on: before it, open deals are only assumed."
        )
    else:
        parts.append(f"The past of deals is recorded from {day(about.history_from)} on.")
    return " ".join(parts)


def draw_frame(above: DeltaGenerator, path: str) -> None:
    """Draw what stands around every page, and hand over what the page needs of it."""
    hand_over(None)
    forget_choices()
    about = company() if read_pointer() is not None else None
    if about is None:
        return
    with st.sidebar, FilterKeys():
        filters = draw_filters(about)
    hand_over(Page(about, filters, path))
    above.caption(plain(freshness_line(about, filters)), width="stretch")
    for note in filters.notes:
        st.warning(plain(note), icon=":material/link_off:")
    if is_stale():
        st.warning(
            "The settings (or this version's definitions) changed since the warehouse was built. "
            "Rebuild it on the Import page.",
            icon=":material/sync_problem:",
        )


def show() -> None:
    """Draw the frame and run the chosen page in it.

    Where the frame cannot be drawn (a broken pointer, a warehouse of another version, settings that cannot be used),
    the error stands on top, and the pages under Data are run all the same: they are the way out.
    """
    st.set_page_config(page_title="Same Page", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    if not signed_in():
        return
    page = st.navigation(menu())
    above = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    path = LANDING_PATH if page.url_path == "home" else page.url_path
    with st.sidebar:
        draw_sign_out()
    told = None
    try:
        draw_frame(above, path)
    except Exception as error:
        tell(error)
        if page.url_path not in WITHOUT_FILTERS:
            st.page_link("pages/data/imports.py", label="Go to Import", icon=":material/upload_file:")
            return
        told = str(error)
    try:
        page.run()
    except Exception as error:
        if str(error) != told:
            tell(error)
    finally:
        # Drawn last, when it is known what was chosen on the page (also where the page stopped early).
        if told is None and page.url_path not in WITHOUT_FILTERS:
            with above:
                draw_share(path)


if runtime.exists():
    with turn(), one_moment():
        show()
else:
    try:
        check_host()
    except SamePageError as error:
        print_error(error)
        sys.exit(1)
    app = App(__file__, lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE, on_script_error=on_script_error)
