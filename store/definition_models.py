"""Tables of the definitions that both teams lock: how a number is counted, in versions that both sign."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Written


class DefinitionVersion(Written):
    """One version of how a number is counted, the first being 1: the way, from which day on it holds, and why."""

    __tablename__ = "definition_version"

    subject: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    way: Mapped[str] = mapped_column(String(40))
    begins: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)


class DefinitionSignature(Written):
    """A team's word on a version: it is in force once marketing and sales have both given theirs."""

    __tablename__ = "definition_signature"

    definition_id: Mapped[str] = mapped_column(ForeignKey("definition_version.id"))
    team: Mapped[str] = mapped_column(String(40))
