"""Agreement: what marketing and sales promised each other, kept or broken week by week, and what a broken promise may cost."""

import streamlit as st

from pages.meet.agreements import recycled, terms, weeks
from pages.meet.agreements.numbers import gather
from reports.findings_agreement import agreement_finding, last_judged
from store import StoreError
from ui.choose import section
from ui.messages import plain, show_empty, show_error, show_finding
from ui.page import begin
from ui.writing import show_said

SECTIONS = {"weeks": "Week by week", "terms": "The agreement", "recycled": "Recycled leads"}

page = begin(
    "Agreement", "What did marketing and sales promise each other, who kept it, and what may a broken promise cost?"
)
try:
    found = gather(page)
except StoreError as error:
    show_error(error)
    st.stop()
show_said()
if found.weeks is None:
    show_finding(found.why_not)
else:
    show_finding(agreement_finding(found.weeks.rows, page.numbers, is_suggested=found.weeks.is_suggested))
    if not found.weeks.is_suggested:
        st.markdown(plain(last_judged(found.weeks.rows, page.numbers)))
st.caption(plain(found.standing))
if page.filters.is_narrowed:
    show_empty("The agreement is the whole company's: here the filters beside the day narrow nothing.")
chosen = section(SECTIONS, "agreement")
if chosen == "weeks":
    weeks.draw(page, found)
elif chosen == "terms":
    terms.draw(page, found)
else:
    recycled.draw(page)
