"""User, UserRole, Product2 and ForecastingQuota: small tables, written once."""

import numpy as np
import polars as pl

from data.world.export.columns import days, flags, ids, moments
from data.world.goals import Quota
from data.world.market import Company
from data.world.staff import COMPANY, ROLES, Staff
from data.world.timeline import DAY, HOUR, Timeline
from data.world.words import PRODUCTS


def user_table(staff: Staff, timeline: Timeline) -> pl.DataFrame:
    """Give everybody with a login."""
    frame = staff.frame
    return frame.select(
        Id=ids("User", np.arange(len(frame))),
        Username=pl.col("Email") + ".crm",
        LastName="LastName",
        FirstName="FirstName",
        Name="Name",
        CompanyName=pl.lit(COMPANY),
        Division="Division",
        Department="Department",
        Title="Title",
        Email="Email",
        UserRoleId=ids("UserRole", frame["role"].to_numpy()),
        IsActive=flags(frame["is_active"].to_numpy()),
        ManagerId=ids("User", frame["manager"].to_numpy()),
        CreatedDate=moments(timeline, frame["created"].to_numpy()),
    )


def role_table() -> pl.DataFrame:
    """Give the roles, by which Salesforce knows who reports to whom."""
    return pl.DataFrame(
        {
            "Id": ids("UserRole", np.arange(len(ROLES))),
            "Name": [name for name, _ in ROLES],
            "ParentRoleId": ids("UserRole", np.array([parent for _, parent in ROLES])),
            "DeveloperName": [name.replace(" ", "_").replace("-", "_") for name, _ in ROLES],
        }
    )


def product_table(timeline: Timeline) -> pl.DataFrame:
    """Give what is sold."""
    size = len(PRODUCTS)
    created = moments(timeline, np.full(size, (timeline.first - 800) * DAY + 10 * HOUR))
    return pl.DataFrame(
        {
            "Id": ids("Product2", np.arange(size)),
            "Name": [name for name, _, _, _ in PRODUCTS],
            "ProductCode": [code for _, code, _, _ in PRODUCTS],
            "Family": [family for _, _, family, _ in PRODUCTS],
            "IsActive": flags(np.ones(size, np.bool_)),
            "IsDeleted": flags(np.zeros(size, np.bool_)),
            "CreatedDate": created,
            "SystemModstamp": created,
        }
    )


def quota_table(company: Company, quotas: list[Quota]) -> pl.DataFrame:
    """Give the sellers' quarterly quotas of won amount."""
    size = len(quotas)
    number = np.arange(size)
    set_on = moments(company.timeline, np.array([quota.set_on * DAY + 9 * HOUR for quota in quotas]))
    return pl.DataFrame(
        {
            "Id": ids("ForecastingQuota", number),
            "QuotaOwnerId": ids("User", np.array([quota.user for quota in quotas])),
            "PeriodId": ids("Period", np.array([quota.quarter for quota in quotas])),
            "StartDate": days(np.array([company.timeline.quarters[quota.quarter].first for quota in quotas])),
            "QuotaAmount": [f"{quota.amount}.00" for quota in quotas],
            "QuotaQuantity": pl.Series([None] * size, dtype=pl.String),
            "CurrencyIsoCode": ["USD"] * size,
            "ForecastingTypeId": ids("ForecastingType", np.zeros(size, np.int64)),
            "IsAmount": flags(np.ones(size, np.bool_)),
            "IsQuantity": flags(np.zeros(size, np.bool_)),
            "CreatedDate": set_on,
            "SystemModstamp": set_on,
        }
    )
