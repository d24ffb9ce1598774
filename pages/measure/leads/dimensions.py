"""By what leads and deals are told apart on Lead to close: the usual dimensions, and the kept custom fields."""

from ui.ask import ask

_LEADS = {
    "source": "Source",
    "channel": "Channel",
    "owner": "Owner",
    "team": "Team",
    "segment": "Segment",
    "region": "Region",
}
_DEALS = {
    "owner": "Owner",
    "team": "Team",
    "segment": "Segment",
    "region": "Region",
    "source": "Source",
    "product": "Product",
    "business_type": "Business type",
}
_CUSTOM = "custom: "


def lead_dimensions() -> dict[str, str]:
    """Return the dimensions of leads, and the words that name them."""
    return {**_LEADS, **_custom()}


def deal_dimensions() -> dict[str, str]:
    """Return the dimensions of deals, and the words that name them."""
    return {**_DEALS, **_custom()}


def _custom() -> dict[str, str]:
    filters = ask("filter_values")["filter"].unique(maintain_order=True).to_list()
    return {name: name.removeprefix(_CUSTOM) for name in filters if name.startswith(_CUSTOM)}
