"""Huddle: short regular meetings of sales and marketing, with a set agenda, a leader, and what came of them."""

from collections.abc import Callable

from pages.meet.huddles import agendas, meetings, said, season, story
from store import StoreError
from ui.choose import section
from ui.messages import show_error
from ui.page import Page, begin

SECTIONS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "meet": ("Meet", meetings.draw),
    "said": ("Customers said", said.draw),
    "story": ("Our story", story.draw),
    "season": ("Season", season.draw),
    "agendas": ("Agendas and rhythm", agendas.draw),
}

page = begin("Huddle", "Short, regular, with a set agenda: what do we do next, and what became of what we decided?")
chosen = section({name: words for name, (words, _) in SECTIONS.items()}, "huddle")
try:
    SECTIONS[chosen][1](page)
except StoreError as error:
    show_error(error)
