"""Tables of the agreement between marketing and sales: its versions, and who signed them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Written


class AgreementVersion(Written):
    """One version of the agreement: from which day it holds, why, and its terms as `store.agreements.Terms` reads them."""

    __tablename__ = "agreement"

    number: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(Text)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)


class AgreementSignature(Written):
    """A team's signature under one version, and why it signs; it counts for exactly the text that it was given for."""

    __tablename__ = "agreement_signature"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"))
    team: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(16))
