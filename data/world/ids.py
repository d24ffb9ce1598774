"""Salesforce record ids: a key prefix, an instance, a number in base 62, and the checksum of its capitals.

The checksum makes an id safe where capitals are ignored: of each five characters, the capitals set bits,
and the five bits choose one of 32 characters.
"""

import numpy as np
from numpy.typing import NDArray

from data.world.arrays import NONE, Ints

Texts = NDArray[np.bytes_]

EMPTY = "000000000000000AAA"
"""What a weekly export writes for a lookup that points nowhere."""

PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Lead": "00Q",
    "LeadHistory": "017",
    "Opportunity": "006",
    "OpportunityHistory": "008",
    "OpportunityContactRole": "00K",
    "OpportunityLineItem": "00k",
    "Product2": "01t",
    "Campaign": "701",
    "CampaignMember": "00v",
    "Task": "00T",
    "Event": "00U",
    "User": "005",
    "UserRole": "00E",
    "ForecastingQuota": "0J9",
    "ForecastingType": "0Db",
    "Period": "026",
}

_DIGITS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", np.uint8)
_CHECKS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", np.uint8)
_INSTANCE = b"5e"
_NUMBER_LENGTH = 10
_FIRST_NUMBER = 62**5 * 2
"""Real ids rarely start at nought."""


def record_ids(table: str, numbers: Ints) -> Texts:
    """Give the 18-character ids of a table's records; -1 becomes the empty lookup.

    Parameters
    ----------
    table
        The Salesforce object, such as ``Lead``.
    numbers
        The number of each record within its table, from 0, or -1 for nothing.
    """
    body = np.empty((len(numbers), 18), np.uint8)
    body[:, :5] = np.frombuffer(PREFIXES[table].encode() + _INSTANCE, np.uint8)
    rest = np.maximum(numbers, 0) + _FIRST_NUMBER
    for column in range(4 + _NUMBER_LENGTH, 4, -1):
        rest, digit = np.divmod(rest, 62)
        body[:, column] = _DIGITS[digit]
    body[:, 15:] = _checksum(body[:, :15])
    body[numbers == NONE] = np.frombuffer(EMPTY.encode(), np.uint8)
    return body.view("S18").ravel()


def record_id(table: str, number: int) -> str:
    """Give one record's 18-character id."""
    return bytes(record_ids(table, np.array([number], np.int64))[0]).decode()


def checksum(first15: str) -> str:
    """Give the three characters that complete a 15-character id."""
    row = np.frombuffer(first15.encode(), np.uint8)[None, :]
    return bytes(_checksum(row)[0]).decode()


def _checksum(first15: NDArray[np.uint8]) -> NDArray[np.uint8]:
    is_capital = (first15 >= ord("A")) & (first15 <= ord("Z"))
    bits = is_capital.reshape(-1, 3, 5) * np.array([1, 2, 4, 8, 16])
    return np.asarray(_CHECKS[bits.sum(axis=2)], np.uint8)
