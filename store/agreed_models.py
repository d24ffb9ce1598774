"""Tables of what both teams agree on: the two-way agreement and the definitions in force, in versions that both sign."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Written


class AgreedVersion(Written):
    """One version of what is agreed on a subject, the first being 1: its terms, from which day on it holds, and why."""

    __tablename__ = "agreed_version"

    subject: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    begins: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)


class AgreedSignature(Written):
    """A team's word on a version: it is in force once marketing and sales have both given theirs."""

    __tablename__ = "agreed_signature"

    agreed_id: Mapped[str] = mapped_column(ForeignKey("agreed_version.id"))
    team: Mapped[str] = mapped_column(String(40))
