"""Credit recounted in plain Python from the raw exports of the sample, without any of the product's code."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Ask

RATES = {"USD": Decimal(1), "EUR": Decimal("1.08"), "GBP": Decimal("1.27")}
NOBODY = "0" * 15
MODELS = ("first", "last", "linear", "u")


def table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Read an export, without what the CRM deleted."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("IsDeleted", "0") not in ("1", "true"):
                yield row


def local_day(moment: str) -> date:
    """Return the day in New York of a moment as the export writes it."""
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(ZoneInfo("America/New_York")).date()


class People:
    """Who is who: records that a conversion, an id kept by the other CRM or an e-mail joins are one human."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def who(self, record: str) -> str:
        """Return the one record that stands for all of the human's."""
        self.parent.setdefault(record, record)
        while self.parent[record] != record:
            self.parent[record] = self.parent[self.parent[record]]
            record = self.parent[record]
        return record

    def join(self, one: str, other: str) -> None:
        """Make two records one human."""
        self.parent[self.who(one)] = self.who(other)


def sees(folder: Path) -> People:
    """Find out who is who."""
    people, salesforce = People(), folder / "salesforce"
    emails: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, name in (("lead", "Lead"), ("contact", "Contact")):
        for row in table(salesforce, name):
            record = row["Id"][:15]
            people.who(record)
            if row["Email"].strip():
                emails[row["Email"].strip().lower(), kind].append(record)
            contact = row.get("ConvertedContactId", NOBODY)[:15]
            if kind == "lead" and contact not in ("", NOBODY):
                people.join(record, contact)
    for row in table(folder / "hubspot", "hubspot-contacts"):
        record = f"hubspot {row['Record ID']}"
        people.who(record)
        if row["Email"].strip():
            emails[row["Email"].strip().lower(), "hubspot"].append(record)
        for column in ("Salesforce Lead ID", "Salesforce Contact ID"):
            if row.get(column):
                people.join(record, row[column][:15])
    shared = {email for (email, _), records in emails.items() if len(records) > 5}  # nobody's own
    by_email: dict[str, list[str]] = defaultdict(list)
    for (email, _), records in emails.items():
        by_email[email] += records
    for email, records in by_email.items():
        if email not in shared:
            for record in records[1:]:
                people.join(records[0], record)
    return people


def shares(model: str, touches: list[tuple[date, str, str, str]], lead: tuple[str, date] | None) -> list[Fraction]:
    """Return each touch's part of a deal; a touch is (day, moment, id, person), the lead (person, day of creation)."""
    size = len(touches)
    if model == "linear":
        return [Fraction(1, size)] * size
    if model in ("first", "last"):
        place = 0 if model == "first" else size - 1
        return [Fraction(int(n == place)) for n in range(size)]
    milestones = [0]
    if lead is not None:
        person, created = lead
        before = [n for n, touch in enumerate(touches) if touch[3] == person and touch[0] <= created]
        after = [n for n, touch in enumerate(touches) if touch[3] == person and touch[0] == created + timedelta(days=1)]
        milestones += before[-1:] or after[:1]
    weight = [Fraction(40 * milestones.count(n)) for n in range(size)]
    middle = [n for n in range(size) if n not in milestones]
    for n in middle:
        weight[n] = Fraction(20, len(middle))
    return [part / sum(weight) for part in weight]


def to_the_cent(cents: int, parts: list[Fraction]) -> list[Decimal]:
    """Split an amount by largest remainder, the earlier of equals first."""
    exact = [cents * part for part in parts]
    whole = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda n: (-(exact[n] - whole[n]), n))
    for n in order[: cents - sum(whole)]:
        whole[n] += 1
    return [Decimal(part) / 100 for part in whole]


Touch = tuple[date, str, str, str]


def stand_behind(salesforce: Path, people: People) -> tuple[dict[str, set[str]], dict[str, tuple[str, date]]]:
    """Return who stands behind each deal by a lead or a role, and the person and day of its first lead."""
    behind: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[str, str, str]] = {}
    for row in table(salesforce, "Lead"):
        deal = row["ConvertedOpportunityId"][:15]
        if deal not in ("", NOBODY):
            behind[deal].add(people.who(row["Id"][:15]))
            entry = (row["CreatedDate"], row["Id"][:15], people.who(row["Id"][:15]))
            first[deal] = min(first.get(deal, entry), entry)
    for row in table(salesforce, "OpportunityContactRole"):
        behind[row["OpportunityId"][:15]].add(people.who(row["ContactId"][:15]))
    return behind, {deal: (person, local_day(created)) for deal, (created, _, person) in first.items()}


def answers(salesforce: Path, people: People) -> tuple[dict[str, list[Touch]], dict[str, str]]:
    """Return what each person answered (day, moment, id, person), and the campaign of each touch."""
    answered: dict[str, list[Touch]] = defaultdict(list)
    campaign_of = {}
    for row in table(salesforce, "CampaignMember"):
        known = [row[column][:15] for column in ("LeadId", "ContactId") if row[column][:15] in people.parent]
        if row["HasResponded"] == "1" and known:
            day = date.fromisoformat(row["FirstRespondedDate"] or local_day(row["CreatedDate"]).isoformat())
            person = people.who(known[0])
            answered[person].append((day, row["CreatedDate"], row["Id"][:15], person))
            campaign_of[row["Id"][:15]] = row["CampaignId"][:15]
    return answered, campaign_of


def recounted(folder: Path) -> dict[str, dict[str, Decimal]]:
    """Return by model what each campaign (by id; "" for none) is credited with."""
    salesforce, people = folder / "salesforce", sees(folder)
    behind, first_lead = stand_behind(salesforce, people)
    answered, campaign_of = answers(salesforce, people)
    won_on: dict[tuple[str, str], date] = {}
    for row in table(salesforce, "OpportunityHistory"):
        if row["StageName"] == "Closed Won":
            key = row["OpportunityId"][:15], row["CloseDate"]
            won_on[key] = min(won_on.get(key, date.max), local_day(row["CreatedDate"]))
    found: dict[str, dict[str, Decimal]] = {model: defaultdict(Decimal) for model in MODELS}
    for row in table(salesforce, "Opportunity"):
        rate = RATES.get(row["CurrencyIsoCode"])
        if row["IsWon"] != "1" or rate is None or not row["Amount"]:
            continue
        deal, contact, own = row["Id"][:15], row["ContactId"][:15], row["CampaignId"][:15]
        amount = (Decimal(row["Amount"]) * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
        persons = behind[deal] | ({people.who(contact)} if contact in people.parent else set())
        until = min(date.fromisoformat(row["CloseDate"]), won_on.get((deal, row["CloseDate"]), date.max))
        touches = sorted(touch for person in persons for touch in answered[person] if touch[0] <= until)
        for model in MODELS:
            if touches:
                parts = to_the_cent(int(amount * 100), shares(model, touches, first_lead.get(deal)))
                for touch, part in zip(touches, parts, strict=True):
                    found[model][campaign_of[touch[2]]] += part
            else:
                found[model]["" if own == NOBODY else own] += amount
    return found


@pytest.fixture
def by_hand(sample_exports: Path) -> dict[str, dict[str, Decimal]]:
    """Return the recount of the sample's exports."""
    return recounted(sample_exports)


def test_every_campaign_is_credited_as_the_raw_exports_say(
    sample: Ask, sample_exports: Path, by_hand: dict[str, dict[str, Decimal]]
) -> None:
    names = {row["Id"][:15]: row["Name"] for row in table(sample_exports / "salesforce", "Campaign")}
    names[""] = "No touch recorded"
    side_by_side = {row["dimension_value"]: row for row in sample("campaign_models").iter_rows(named=True)}
    for model in MODELS:
        expected = {names[campaign]: amount for campaign, amount in by_hand[model].items() if amount}
        found = {name: row[f"{model}_amount"] for name, row in side_by_side.items() if row[f"{model}_amount"]}
        assert found == expected, model
