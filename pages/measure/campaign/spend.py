"""Campaigns, section Spend over time: does spending bring more, when, and what does a customer cost?"""

import polars as pl
import streamlit as st

from charts.campaigns_models import MODELS
from charts.campaigns_spend import OUTCOMES, correlation_by_lag, cost_and_outcome_by_month
from pages.measure.campaign.asked import Asked
from reports.findings_campaigns import lag_finding
from ui.ask import ask
from ui.choose import choose, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, show_figure, show_records, table

LAGS = {str(months): str(months) for months in range(7)}
GRAINS = {"quarter": "Quarter", "month": "Month", "total": "In all"}


def draw(page: Page, asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    _over_time(page, asked)
    _cac(page)


def _over_time(page: Page, asked: Asked) -> None:
    filters, numbers = page.filters, page.numbers
    wanted = {"as_of": filters.as_of, "model": asked.model}
    with st.container(border=True):
        heading(
            "What campaigns cost, and what they brought later",
            f"By month; amounts in {numbers.currency}, won amounts by {MODELS[asked.model].lower()}",
        )
        with st.container(horizontal=True):
            outcome = choose("Brought", OUTCOMES, "spend_for", "won_amount")
            lag = int(choose("Months later", LAGS, "lag", "2"))
        frame = ask("campaign_spend_by_month", **wanted)
        lags = ask("campaign_spend_lag", **wanted)
        st.markdown(f"**{plain(lag_finding(lags, outcome, lag, numbers))}**")
        if filters.is_narrowed:
            st.caption("Costs are the whole company's: filters on people and deals do not narrow this.")
        if frame.is_empty() or frame["cost"].null_count() == frame.height:
            show_empty("No cost of any campaign is in the exports: there is nothing to set against what they brought.")
        else:
            spread = frame["spread_cost"].sum()
            if spread:
                st.caption(
                    f"{numbers.money(spread)} of {numbers.money(frame['cost'].sum())} is known as a campaign's total only, "
                    "and is spread evenly over its days. A sheet of spending by date makes this exact."
                )
            show_figure(
                cost_and_outcome_by_month(frame, numbers, outcome, lag),
                "spend",
                f"Cost of campaigns by month, and {OUTCOMES[outcome].lower()} {lag} months later",
            )
            show_figure(
                correlation_by_lag(lags, numbers, outcome),
                "lags",
                f"Correlation of {OUTCOMES[outcome].lower()} with the spending of earlier months, by lag",
            )
        months = {month: month for month in frame.filter(pl.col("won") > 0)["month"].drop_nulls().reverse().to_list()}
        opened = pick("Open what was won in", months, "won_in", "Choose a month") if months else None
        if opened:
            show_records(
                "campaign_credit_records",
                {**wanted, "month": opened, "credited_to": "campaigns"},
                "won_in",
                f"Won in {opened}, credited to campaigns",
                numbers,
                "amount",
            )
        if frame.height:
            table(frame.reverse(), "campaign_spend_by_month", "spend_table", "Cost and outcomes by month", numbers)
        with st.container(horizontal=True):
            download(frame, "spend", "campaign_spend_by_month")
            define("campaign_spend_by_month", "campaign_spend_lag", "campaign_credit_records")


def _cac(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        heading(
            "What a new customer costs (CAC)",
            f"Spending of sales and marketing over new customers, in {numbers.currency}; the whole company's",
        )
        grain = choose("By", GRAINS, "cac_by", "quarter")
        frame = ask("campaign_cac", as_of=filters.as_of, grain=grain)
        if frame.is_empty() or frame["cac"].null_count() == frame.height:
            st.caption(
                "CAC is a dash: no spending of the departments that win customers is imported (a sheet with the columns "
                "month, department, amount; settings.toml says which departments these are)."
            )
        if frame.is_empty():
            return
        first = ["bucket", "cac", "cost", "new_customers"]
        table(
            frame.reverse().select(*first, pl.exclude(*first)),
            "campaign_cac",
            "cac_table",
            "Customer acquisition cost",
            numbers,
            {"bucket": "When", "cac": "CAC"},
        )
        if st.toggle("Open the new customers", key="new_customers", bind="query-params"):
            show_records(
                "campaign_new_customer_records",
                {"as_of": filters.as_of},
                "new_customers",
                "New customers, each by the deal that won it",
                numbers,
                "amount",
            )
        with st.container(horizontal=True):
            download(frame, "cac", f"cac_by_{grain}")
            define("campaign_cac", "campaign_new_customer_records")
