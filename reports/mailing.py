"""Sending a document: a mail with its pictures inside and a plain text beside it, or a short mail that carries a file."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formataddr, make_msgid

from base.errors import SamePageError
from base.mail import PASSWORD_VARIABLE, MailSettings, Recipient
from charts.numbers import day
from reports.document import Document
from reports.markdown import as_markdown
from reports.paper import FORMS, write
from reports.writers.html import as_html

_SECONDS = 30


class MailError(SamePageError):
    """Mail cannot be sent."""


@dataclass(frozen=True)
class Outcome:
    """What became of one recipient's mail: None, or why it was not sent."""

    recipient: Recipient
    failure: str | None


def message(document: Document, recipient: Recipient, settings: MailSettings) -> EmailMessage:
    """Return the mail to a recipient."""
    mail = EmailMessage()
    at = f", {day(document.as_of)}" if document.as_of else ""
    mail["Subject"] = f"{document.title}{at}"
    mail["From"] = formataddr(("Same Page", settings.sender))
    mail["To"] = formataddr((recipient.name, recipient.address))
    mail["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2])
    mail.set_content(as_markdown(document))
    if recipient.format == "html":
        pictures: list[tuple[str, bytes]] = []

        def carried(content: bytes) -> str:
            name = make_msgid(domain=settings.sender.rpartition("@")[2])
            pictures.append((name, content))
            return f"cid:{name[1:-1]}"

        mail.add_alternative(as_html(document, carried), subtype="html")
        page = mail.get_payload()[1]  # type: ignore[index]
        for name, content in pictures:
            page.add_related(content, "image", "png", cid=name)  # type: ignore[union-attr]
        return mail
    ending, kind = FORMS[recipient.format]
    main, _, sub = kind.partition("/")
    file_name = f"weekly-review-{(document.as_of or date.min).isoformat()}.{ending}"
    mail.add_attachment(write(document, recipient.format), maintype=main, subtype=sub, filename=file_name)
    return mail


def send(mails: list[tuple[Recipient, EmailMessage]], settings: MailSettings) -> list[Outcome]:
    """Send mails over one connection; one that is refused does not keep the others back.

    Raises
    ------
    MailError
        The server cannot be reached, or does not let us in.
    """
    try:
        server = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user is not None:
            server.login(settings.user, _password())
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            "The mail server cannot be used",
            f"{settings.host}:{settings.port}: {error}. Check [mail] in settings.toml, and {PASSWORD_VARIABLE}.",
        ) from error
    outcomes = [Outcome(recipient, _failure(server, mail)) for recipient, mail in mails]
    with suppress(smtplib.SMTPException):  # all that was sent is sent
        server.quit()
    return outcomes


def _failure(server: smtplib.SMTP, mail: EmailMessage) -> str | None:
    """Send one mail; return why it was not sent, or None."""
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return f"refused by the server: {code} {said.decode(errors='replace')}"
    except (OSError, smtplib.SMTPException) as error:
        return str(error)
    return None


def _password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise MailError("The mail server wants a password", f"Put it into the environment as {PASSWORD_VARIABLE}.")
    return password
