"""What happens in the browser's address alone: copying a link that pins everything, and going to another address.

An address that is opened here is opened as the Back button opens one: without a reload, every bound choice with it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypedDict

import streamlit as st


class Place(TypedDict):
    """An address of this dashboard by its page and its query string, and the words that name it."""

    name: str
    about: str
    page: str
    query: str


_STYLE = """
:host, .row { font-family: var(--st-font); color: var(--st-text-color); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
ul { list-style: none; margin: 0; padding: 0; font-family: var(--st-font); }
li { margin: 0 0 0.4rem 0; }
a { color: var(--st-link-color); font-size: 1rem; }
small { display: block; color: var(--st-text-color); font-size: 0.8rem; }
button {
  font: inherit; font-size: 0.9rem; padding: 0.35rem 0.75rem; min-height: 2.5rem; cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem);
}
button:hover { border-color: var(--st-primary-color); }
button:disabled { cursor: default; opacity: 0.6; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
input {
  width: 100%; box-sizing: border-box; font: inherit; font-size: 0.8rem; padding: 0.35rem 0.5rem;
  color: var(--st-text-color); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem);
}
"""

_GO = """
const go = (address) => {
  window.history.pushState({}, "", address)
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }))
}
"""

_LINK_HTML = """
<div class="row">
  <input type="text" readonly aria-label="Link to what is shown">
  <button type="button" class="copy">Copy link</button>
  <span role="status" aria-live="polite"></span>
</div>
"""

_LINK_JS = """
const met = new WeakSet()
export default function (component) {
  const { data, parentElement } = component
  const box = parentElement.querySelector("input")
  const said = parentElement.querySelector("span")
  const address = window.location.origin + window.location.pathname + "?" + data.query
  if (box.value !== address) { box.value = address; said.textContent = "" }
  box.onfocus = () => box.select()
  parentElement.querySelector(".copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(address)
      said.textContent = "Copied"
    } catch (error) {
      box.focus()
      box.select()
      said.textContent = document.execCommand("copy") ? "Copied" : "The browser does not let it: copy the text here"
    }
  }
  // What opens stands at the end of the document: without this, a keyboard would have to go through all of the page.
  if (!met.has(parentElement)) {
    met.add(parentElement)
    parentElement.querySelector(".copy").focus({ preventScroll: true })
  }
}
"""

_CLEAR_HTML = """
<div class="row">
  <button type="button" class="clear">Clear filters</button>
</div>
"""

_CLEAR_JS = f"""
{_GO}
export default function (component) {{
  const {{ data, parentElement }} = component
  const button = parentElement.querySelector(".clear")
  button.disabled = !data.is_needed
  button.onclick = () => go(window.location.pathname + (data.query ? "?" + data.query : ""))
}}
"""

_PLACES_HTML = """
<ul>
</ul>
"""

_PLACES_JS = f"""
{_GO}
export default function (component) {{
  const {{ data, parentElement }} = component
  const list = parentElement.querySelector("ul")
  const base = window.location.pathname.replace(/[^/]*$/, "")
  list.replaceChildren(...data.places.map((place) => {{
    const item = document.createElement("li")
    const link = document.createElement("a")
    const about = document.createElement("small")
    link.textContent = place.name
    link.href = base + encodeURIComponent(place.page) + "?" + place.query
    link.onclick = (event) => {{
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
      event.preventDefault()
      go(link.href)
    }}
    about.textContent = place.about
    item.append(link, about)
    return item
  }}))
}}
"""


@cache
def _component(name: str) -> Any:
    html, script = {
        "link": (_LINK_HTML, _LINK_JS),
        "clear": (_CLEAR_HTML, _CLEAR_JS),
        "places": (_PLACES_HTML, _PLACES_JS),
    }[name]
    return st.components.v2.component(f"same_page_{name}", html=html, css=_STYLE, js=script)


def copy_link(query: str) -> None:
    """Offer the address of this page with this query string, to be copied with one button."""
    _component("link")(data={"query": query}, key="copy_link")


def clear_filters(query: str, *, is_needed: bool) -> None:
    """Offer to go to this page with this query string alone: what is left when the filters are taken away."""
    _component("clear")(data={"query": query, "is_needed": is_needed}, key="clear_filters", width="content")


def open_places(places: Sequence[Place], key: str) -> None:
    """List addresses of this dashboard as links."""
    _component("places")(data={"places": list(places)}, key=key)
