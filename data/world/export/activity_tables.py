"""Task and Event."""

import numpy as np
import polars as pl

from data.world.activity_log import (
    AUTO_MAIL,
    CADENCE,
    CALL,
    INBOUND_CALL,
    LIST_MAIL,
    MAIL,
    MEETING,
    OTHER,
    PLANNED,
    Log,
)
from data.world.arrays import NEVER, NONE, Bools, Ints, pick
from data.world.deals import NEW
from data.world.export.columns import Numbers, blank, choices, days, flags, ids, moments, swap
from data.world.export.keys import Keys
from data.world.market import Market
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR
from data.world.words import (
    AUTOMATED_SUBJECTS,
    CALL_RESULTS,
    CALL_SUBJECTS,
    EMAIL_SUBJECTS,
    MEETING_SUBJECTS,
    OTHER_SUBJECTS,
    PLANNED_SUBJECTS,
)

_TYPES = ("Call", "Email", "Other")
_SUBTYPES = ("Call", "Email", "ListEmail", "Cadence", "Task")
_TYPE_OF_KIND = {
    CALL: 0,
    INBOUND_CALL: 0,
    MAIL: 1,
    OTHER: 2,
    AUTO_MAIL: 1,
    LIST_MAIL: 1,
    CADENCE: 1,
    PLANNED: 2,
}
_SUBTYPE_OF_KIND = {
    CALL: 0,
    INBOUND_CALL: 0,
    MAIL: 1,
    OTHER: 4,
    AUTO_MAIL: 1,
    LIST_MAIL: 2,
    CADENCE: 3,
    PLANNED: 4,
}
_CALL_TYPES = ("Outbound", "Inbound", "Internal")


def task_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers, log: Log) -> pl.DataFrame:
    """Give the tasks: what people logged when done, what machines sent, and what is still to be done."""
    chosen = np.flatnonzero(log.kind != MEETING)
    kind, at, detail = log.kind[chosen], log.at[chosen], log.detail[chosen]
    timeline, size = market.timeline, len(chosen)
    rng = streams.rng("tasks.export")
    u = rng.random(size)
    is_planned, is_machine = kind == PLANNED, np.isin(kind, (AUTO_MAIL, LIST_MAIL, CADENCE))
    is_call = np.isin(kind, (CALL, INBOUND_CALL))
    delay = np.where(is_machine | is_planned, 0, rng.random(size) ** 2 * 900).astype(np.int64)
    created = np.minimum(at + delay, timeline.last_moment)
    due = np.where(is_planned, detail, at // DAY)
    edited = np.where(rng.random(size) < 0.06, rng.random(size) * 5 * DAY, 0).astype(np.int64)
    modified = np.minimum(created + edited, timeline.last_moment)
    type_number = _by_kind(_TYPE_OF_KIND, kind)
    is_call_back = is_planned & (u < 0.55)
    is_internal = (kind == OTHER) & (u < 0.05)
    call_type = np.where(kind == CALL, 0, np.where(kind == INBOUND_CALL, 1, np.where(is_internal, 2, NONE)))
    by = np.where(is_machine, market.staff.automation, log.owner[chosen])
    priority = np.where(rng.random(size) < 0.05, 1, np.where(rng.random(size) < 0.02, 2, 0))
    seconds, result = _calls(rng, is_call)
    is_voicemail = (kind == CALL) & (result == 1) & (rng.random(size) < 0.7)
    has_time = ~is_planned & (rng.random(size) >= 0.02)
    who = swap(keys.leads(log.lead[chosen]), log.contact[chosen] != NONE, keys.contacts(log.contact[chosen]))
    what = swap(keys.deals(log.deal[chosen]), log.deal[chosen] == NONE, keys.accounts(log.company[chosen]))
    return pl.DataFrame(
        {
            "Id": ids("Task", numbers.next("Task", size)),
            "WhoId": who,
            "WhatId": what,
            "Subject": swap(_subjects(market, kind, u, detail), is_voicemail, "Left VM"),
            "ActivityDate": days(due),
            "Status": choices(("Completed", "Not Started", "In Progress"), np.where(is_planned, 1 + (u > 0.85), 0)),
            "Priority": choices(("Normal", "High", "Low"), priority),
            "OwnerId": keys.users(log.owner[chosen]),
            "Type": blank(choices(_TYPES, np.where(is_call_back, 0, type_number)), (u > 0.96) & ~is_machine),
            "IsDeleted": flags(pick(rng, ~is_machine, 0.005, at_least=1)),
            "AccountId": keys.accounts(log.company[chosen]),
            "IsClosed": flags(~is_planned),
            "CreatedDate": moments(timeline, created),
            "CreatedById": keys.users(by),
            "LastModifiedDate": moments(timeline, modified),
            "SystemModstamp": moments(timeline, modified),
            "CallDurationInSeconds": blank(pl.Series(seconds).cast(pl.String), ~is_call),
            "CallType": choices(_CALL_TYPES, call_type),
            "CallDisposition": choices(CALL_RESULTS, result),
            "TaskSubtype": choices(_SUBTYPES, _by_kind(_SUBTYPE_OF_KIND, kind)),
            "CompletedDateTime": moments(timeline, np.where(has_time, at, NEVER)),
        }
    )[np.argsort(created, kind="stable")]


def event_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers, log: Log) -> pl.DataFrame:
    """Give the meetings that were held."""
    chosen = np.flatnonzero(log.kind == MEETING)
    at, since = log.at[chosen], log.since[chosen]
    timeline, size = market.timeline, len(chosen)
    rng = streams.rng("events.export")
    # meetings begin on the half hour
    start = np.maximum(at // 1_800 * 1_800, since)
    ahead = start - (rng.random(size) ** 2 * np.minimum(start - since, 9 * DAY)).astype(np.int64)
    ahead = timeline.from_business(timeline.to_business(ahead))
    created = np.clip(ahead, since, np.maximum(start - 600, since))
    minutes = np.array([30, 30, 45, 60, 60, 90])[rng.integers(0, 6, size)]
    ended = np.minimum(np.maximum(start, created) + HOUR, timeline.last_moment)
    is_first = (log.lead[chosen] != NONE) | (rng.random(size) < 0.1)
    deal = log.deal[chosen]
    is_customer = (deal == NONE) | (market.sales.deals.kind[deal] != NEW)
    wordings = np.where(is_customer, len(MEETING_SUBJECTS), len(MEETING_SUBJECTS) - 2)
    v = rng.random(size)
    subject = np.where(is_first, v < 0.3, 2 + (v * (wordings - 2)).astype(np.int64)).astype(np.int64)
    who = swap(keys.leads(log.lead[chosen]), log.contact[chosen] != NONE, keys.contacts(log.contact[chosen]))
    what = swap(keys.deals(log.deal[chosen]), log.deal[chosen] == NONE, keys.accounts(log.company[chosen]))
    return pl.DataFrame(
        {
            "Id": ids("Event", numbers.next("Event", size)),
            "WhoId": who,
            "WhatId": what,
            "Subject": choices(MEETING_SUBJECTS, subject),
            "IsAllDayEvent": flags(np.zeros(size, np.bool_)),
            "ActivityDateTime": moments(timeline, start),
            "ActivityDate": days(start // DAY),
            "DurationInMinutes": pl.Series(minutes).cast(pl.String),
            "AccountId": keys.accounts(log.company[chosen]),
            "OwnerId": keys.users(log.owner[chosen]),
            "Type": choices(("Meeting",), np.zeros(size, np.int64)),
            "IsDeleted": flags(pick(rng, np.ones(size, np.bool_), 0.006)),
            "CreatedDate": moments(timeline, created),
            "CreatedById": keys.users(log.owner[chosen]),
            "SystemModstamp": moments(timeline, ended),
        }
    )[np.argsort(created, kind="stable")]


def _by_kind(numbers: dict[int, int], kind: Ints) -> Ints:
    table = np.zeros(max(numbers) + 1, np.int64)
    table[list(numbers)] = list(numbers.values())
    return table[kind]


def _calls(rng: np.random.Generator, is_call: Bools) -> tuple[Ints, Ints]:
    """Draw how long calls lasted and what came of them."""
    size = len(is_call)
    result = np.searchsorted(np.array([0.36, 0.70, 0.93, 0.97]), rng.random(size))
    talk = np.exp(np.log(230) + 0.8 * rng.normal(size=size)).astype(np.int64)
    seconds = np.select([result == 0, result == 1], [talk, 15 + talk % 40], talk % 12)
    return seconds, np.where(is_call, result, NONE)


def _subjects(market: Market, kind: Ints, u: np.ndarray, detail: Ints) -> pl.Series:
    """Word the subject of each task."""
    words: list[str] = []
    first = np.zeros(PLANNED + 1, np.int64)
    count = np.ones(PLANNED + 1, np.int64)
    lists = {
        CALL: CALL_SUBJECTS,
        INBOUND_CALL: ("Inbound call", "Call back from prospect"),
        MAIL: EMAIL_SUBJECTS,
        OTHER: OTHER_SUBJECTS,
        AUTO_MAIL: AUTOMATED_SUBJECTS,
        CADENCE: (
            "Cadence step 1: intro email",
            "Cadence step 2: follow-up email",
            "Cadence step 3: break-up email",
        ),
        PLANNED: PLANNED_SUBJECTS,
    }
    for number, texts in lists.items():
        first[number], count[number] = len(words), len(texts)
        words += texts
    text = choices(words, first[kind] + (u * count[kind]).astype(np.int64))
    is_list = kind == LIST_MAIL
    names = choices(market.campaigns.names, np.where(is_list, detail, 0))
    return swap(text, is_list, "List Email: " + names)
