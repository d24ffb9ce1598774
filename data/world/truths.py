"""The planted truths in words and numbers, for truth.json."""

from data.world import plants as names
from data.world.campaigns import SOURCES, Campaigns
from data.world.ids import record_id
from data.world.market import Company
from data.world.people import DECIDES, LEAD_LEVELS
from data.world.plants import Plants
from data.world.timeline import day_of
from data.world.words import TITLES

Truth = dict[str, object]


def planted_truths(company: Company) -> list[Truth]:
    """Describe each active plant: what, on whom, from when to when, how much."""
    tellers = {
        names.CAMPAIGN_MISMATCH: _campaign_mismatch,
        names.SOURCE_DECAY: _source_decay,
        names.SLOW_REP: _slow_rep,
        names.EMAIL_PHONED: _email_phoned,
        names.THIN_QUARTER: _thin_quarter,
        names.NEGLECTED_CUSTOMERS: _neglected_customers,
        names.WRONG_TITLES: _wrong_titles,
        names.CALL_SLUMP: _call_slump,
    }
    return [tell(company) | {"plant": name} for name, tell in tellers.items() if company.plants.has(name)]


def _truth(
    unit: list[dict[str, str]], first: int, last: int, magnitude: float, what: str, **parameters: object
) -> Truth:
    return {
        "plant": "",
        "unit": unit,
        "from": day_of(first).isoformat(),
        "to": day_of(last).isoformat(),
        "magnitude": round(magnitude, 4),
        "what": what,
        "parameters": parameters,
    }


def _campaign(campaigns: Campaigns, number: int) -> dict[str, str]:
    return {"kind": "campaign", "id": record_id("Campaign", number), "name": campaigns.names[number]}


def _campaign_mismatch(company: Company) -> Truth:
    plants, campaigns, last = company.plants, company.campaigns, company.timeline.last
    loud, quiet = plants.loud_campaign, plants.quiet_campaign
    first = min(int(campaigns.first[loud]), int(campaigns.first[quiet]))
    return _truth(
        [
            _campaign(campaigns, loud) | {"role": "many leads"},
            _campaign(campaigns, quiet) | {"role": "closes"},
        ],
        first,
        min(max(int(campaigns.last[loud]), int(campaigns.last[quiet])), last),
        plants.loud_share / plants.quiet_share,
        f"“{campaigns.names[loud]}” brings many leads and not one of them is won; “{campaigns.names[quiet]}” "
        "brings few, and they close.",
        share_of_leads_loud=round(plants.loud_share, 4),
        share_of_leads_quiet=round(plants.quiet_share, 4),
        loud_win_rate=0.0,
    )


def _source_decay(company: Company) -> Truth:
    plants = company.plants
    source = SOURCES[plants.decayed_source]
    return _truth(
        [{"kind": "source", "id": source, "name": source}],
        plants.decayed_from,
        company.timeline.last,
        plants.decay_factor,
        f"Leads from {source} that came since {day_of(plants.decayed_from)} are worse: the share of passed "
        f"leads that become deals is {plants.decay_factor:.0%} of what it was, and fewer deals are won.",
        mql_to_deal_factor=round(plants.decay_factor, 4),
        win_odds_factor=round(plants.decay_factor**0.5, 4),
    )


def _slow_rep(company: Company) -> Truth:
    plants, timeline = company.plants, company.timeline
    name = company.staff.names[plants.slow_developer]
    return _truth(
        [{"kind": "rep", "id": record_id("User", plants.slow_developer), "name": name}],
        timeline.first,
        timeline.last,
        plants.slow_factor,
        f"{name} takes about {plants.slow_factor:.1f} times as long as others to answer a lead passed on.",
        response_hours_factor=round(plants.slow_factor, 4),
        usual_median_working_hours=4.6,
    )


def _email_phoned(company: Company) -> Truth:
    plants, timeline = company.plants, company.timeline
    return _truth(
        [{"kind": "source", "id": "Email", "name": "Email"}],
        timeline.first,
        timeline.last,
        plants.phoned_factor,
        "Leads who came by e-mail are mostly phoned at once, and those become deals about "
        f"{plants.phoned_factor:.0%} as often as those who were answered by e-mail, and are won less often.",
        share_phoned=round(plants.phoned_share, 4),
        mql_to_deal_factor=round(plants.phoned_factor, 4),
        win_odds_factor=round(plants.phoned_factor**0.5, 4),
    )


def _thin_quarter(company: Company) -> Truth:
    plants = company.plants
    quarter = plants.thin_quarter
    return _truth(
        [{"kind": "quarter", "id": quarter.label, "name": quarter.label}],
        quarter.first,
        quarter.last,
        plants.thin_missing,
        f"{quarter.label} began with too little pipeline for its goal, and missed it: "
        f"{plants.thin_missing:.0%} of the new deals from {day_of(plants.thin_from)} to "
        f"{day_of(plants.thin_to)} never came about.",
        share_of_deals_missing=round(plants.thin_missing, 4),
        drought_from=day_of(plants.thin_from).isoformat(),
        drought_to=day_of(plants.thin_to).isoformat(),
    )


def _neglected_customers(company: Company) -> Truth:
    plants, timeline = company.plants, company.timeline
    return _truth(
        [{"kind": "type of business", "id": "Expansion", "name": "Existing customers"}],
        timeline.first,
        timeline.last,
        plants.customer_contact_factor,
        "Existing customers buy more readily and faster than anybody else, but get about "
        f"{plants.customer_contact_factor:.0%} of the usual activities and campaign touches.",
        contact_factor=round(plants.customer_contact_factor, 4),
        win_odds_factor=round(plants.customer_win_odds, 4),
        cycle_factor=round(plants.customer_cycle_factor, 4),
    )


def _wrong_titles(company: Company) -> Truth:
    plants, campaigns, last = company.plants, company.campaigns, company.timeline.last
    numbers = plants.low_title_campaigns
    listed = " and ".join(f"“{campaigns.names[number]}”" for number in numbers)
    return _truth(
        [_campaign(campaigns, number) for number in numbers],
        min(int(campaigns.first[number]) for number in numbers),
        min(max(int(campaigns.last[number]) for number in numbers), last),
        plants.low_title_share,
        f"{listed} bring people who do not decide: about {plants.low_title_share:.0%} have a deciding "
        "title, elsewhere about a third.",
        decider_share=round(plants.low_title_share, 4),
        usual_decider_share=float(LEAD_LEVELS[DECIDES]),
        deciding_titles=sorted(set(TITLES[DECIDES])),
    )


def _call_slump(company: Company) -> Truth:
    plants: Plants = company.plants
    return _truth(
        [{"kind": "department", "id": "Sales", "name": "Sales and Sales Development"}],
        plants.slump_from,
        plants.slump_to,
        plants.slump_calls_factor,
        f"From {day_of(plants.slump_from)} to {day_of(plants.slump_to)} the sales team made about "
        f"{plants.slump_calls_factor:.0%} of its usual outbound calls; until {day_of(plants.slump_deals_to)} "
        "fewer deals were created, above all the reps' own.",
        calls_factor=round(plants.slump_calls_factor, 4),
        deals_from=day_of(plants.slump_from + 7).isoformat(),
        deals_to=day_of(plants.slump_deals_to).isoformat(),
        outbound_deals_missing=round(plants.slump_deals_missing, 4),
    )
