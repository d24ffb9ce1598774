"""Little companies of a few rows, for the cases that the hand-worked one does not have: rows as a CRM exports them."""

import csv
import io
from typing import Any

Row = dict[str, Any]


def sheet(*rows: Row) -> str:
    """Return rows as a CSV; what a row does not name is blank."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def deal(n: int, amount: object = 100, close: str = "2026-06-30", modified: str = "2026-05-02", **more: Any) -> Row:
    """Return an open deal."""
    return {
        "Id": f"006{n:012d}AAA",
        "Name": f"Deal {n}",
        "StageName": "Qualification",
        "Amount": amount,
        "CloseDate": close,
        "IsClosed": 0,
        "IsWon": 0,
        "CreatedDate": "2026-01-05T15:00:00.000Z",
        "SystemModstamp": f"{modified}T15:00:00.000Z",
        **more,
    }


def won(n: int, amount: object = 100, close: str = "2026-04-20", modified: str = "2026-05-02", **more: Any) -> Row:
    """Return a won deal."""
    return deal(n, amount, close, modified, **{"StageName": "Closed Won", "IsClosed": 1, "IsWon": 1, **more})


def lost(n: int, amount: object = 100, close: str = "2026-04-20", modified: str = "2026-05-02", **more: Any) -> Row:
    """Return a lost deal."""
    return deal(n, amount, close, modified, **{"StageName": "Closed Lost", "IsClosed": 1, **more})


def lead(n: int, source: str = "Web", created: str = "2026-01-01", deal: int | None = None, **more: Any) -> Row:
    """Return a lead; one that became a deal where one is named."""
    return {
        "Id": f"00Q{n:012d}AAA",
        "Status": "Open",
        "IsConverted": int(deal is not None),
        "LeadSource": source,
        "Email": f"l{n}@x.test",
        "CreatedDate": f"{created}T15:00:00Z" if created else "",
        "SystemModstamp": "2026-05-02T15:00:00Z",
        "ConvertedOpportunityId": f"006{deal:012d}AAA" if deal is not None else "",
        "ConvertedDate": "2026-01-20" if deal is not None else "",
        **more,
    }


def status(n: int, lead: int, day: str, old: str, new: str) -> Row:
    """Return a change of a lead's status."""
    return {
        "Id": f"017{n:012d}AAA",
        "LeadId": f"00Q{lead:012d}AAA",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "Field": "Status",
        "OldValue": old,
        "NewValue": new,
    }


def campaign(n: int, name: str, cost: object = "", start: str = "2026-01-01", **more: Any) -> Row:
    """Return a campaign; all are webinars unless told otherwise."""
    return {
        "Id": f"701{n:012d}AAA",
        "Name": name,
        "Type": "Webinar",
        "Status": "Completed",
        "StartDate": start,
        "ActualCost": cost,
        "CreatedDate": "2026-01-01T15:00:00Z",
        "SystemModstamp": "2026-05-02T15:00:00Z",
        **more,
    }


def member(n: int, campaign: int, lead: int, answered: str = "") -> Row:
    """Return a lead's membership of a campaign, answered on a day or not at all."""
    return {
        "Id": f"00v{n:012d}AAA",
        "CampaignId": f"701{campaign:012d}AAA",
        "LeadId": f"00Q{lead:012d}AAA",
        "ContactId": "",
        "HasResponded": int(bool(answered)),
        "FirstRespondedDate": answered,
        "CreatedDate": "2026-01-20T15:00:00Z",
        "SystemModstamp": "2026-05-02T15:00:00Z",
    }


def goal(measure: str, value: object, period: str = "2026-Q2", scope: str = "company", **more: Any) -> Row:
    """Return a goal of a sheet."""
    return {"measure": measure, "period": period, "scope": scope, "value": value, **more}
