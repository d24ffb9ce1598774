"""The weekly review from the command line: as a file, and sent under each recipient's own filters over a real server."""

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from base.errors import SettingsError
from base.settings import load_settings
from reports.__main__ import main
from tests.conftest import PROJECT, Little
from tests.little import deal, won

MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
starttls = false
sender = "same-page@example.com"
base_address = "https://same-page.example.com/"
[[mail.recipients]]
address = "ann@example.com"
name = "Ann Lee"
[[mail.recipients]]
address = "web@example.com"
format = "xlsx"
filters = {{ source = "Web" }}
"""


class Postbox:
    """Takes mail, but none for those whom it does not know."""

    def __init__(self) -> None:
        self.mails: dict[str, EmailMessage] = {}
        self.refused: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails[envelope.rcpt_tos[0]] = mail
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def company(little: Little, port: int) -> None:
    settings = (PROJECT / "settings.toml").read_text(encoding="utf-8") + MAIL.format(port=port)
    little(
        settings,
        opportunities=[won(1, 1000, close="2026-04-28", LeadSource="Web"), won(2, 70, close="2026-04-29"), deal(3)],
    )


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.usefixtures("home")
def test_each_is_sent_what_their_filters_leave_and_once(
    little: Little, postbox: tuple[Postbox, int], capsys: pytest.CaptureFixture[str]
) -> None:
    box, port = postbox
    company(little, port)
    assert main(["weekly", "--send"]) == 0
    assert set(box.mails) == {"ann@example.com", "web@example.com"}
    ann, web = box.mails["ann@example.com"], box.mails["web@example.com"]
    assert "2 deals won, $1.07k" in text_of(ann)
    assert "1 deal won, $1.00k" in text_of(web)
    html = ann.get_body(("html",))
    assert html is not None
    assert "https://same-page.example.com/weekly_review?as_of=2026-05-02" in html.get_content()
    assert [part.get_filename() for part in web.iter_attachments()] == ["weekly-review-2026-05-02.xlsx"]
    box.mails.clear()
    assert main(["weekly", "--send"]) == 0
    assert not box.mails
    assert "had it already" in capsys.readouterr().out
    assert main(["weekly", "--send", "--again"]) == 0
    assert len(box.mails) == 2


def test_one_who_is_refused_does_not_keep_the_others_back(
    little: Little, postbox: tuple[Postbox, int], capsys: pytest.CaptureFixture[str]
) -> None:
    box, port = postbox
    box.refused.add("ann@example.com")
    company(little, port)
    assert main(["weekly", "--send"]) == 1
    assert set(box.mails) == {"web@example.com"}
    assert "nobody of that name" in capsys.readouterr().err


def test_addresses_that_look_alike_are_two_people(little: Little, postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    settings = (PROJECT / "settings.toml").read_text(encoding="utf-8") + MAIL.format(port=port)
    little(settings.replace("ann@", "a.b@").replace("web@", "a_b@"), opportunities=[won(1, LeadSource="Web"), deal(3)])
    box.refused.add("a_b@example.com")
    assert main(["weekly", "--send"]) == 1
    box.refused.clear()
    assert main(["weekly", "--send"]) == 0
    assert set(box.mails) == {"a.b@example.com", "a_b@example.com"}


def test_a_filter_that_fits_nothing_is_its_recipients_alone(
    little: Little, postbox: tuple[Postbox, int], capsys: pytest.CaptureFixture[str]
) -> None:
    box, port = postbox
    settings = (PROJECT / "settings.toml").read_text(encoding="utf-8") + MAIL.format(port=port)
    little(settings, opportunities=[won(1), deal(3)])
    assert main(["weekly", "--send"]) == 1
    assert set(box.mails) == {"ann@example.com"}
    assert "Not sent to web@example.com: That filter has no such value" in capsys.readouterr().err


def test_a_mail_that_fails_does_not_undo_the_others(
    little: Little, postbox: tuple[Postbox, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    box, port = postbox
    company(little, port)
    plain = smtplib.SMTP.send_message

    def failing(server: smtplib.SMTP, mail: EmailMessage) -> Any:
        if "web@" in mail["To"]:
            raise smtplib.SMTPDataError(552, b"too large")
        return plain(server, mail)

    monkeypatch.setattr(smtplib.SMTP, "send_message", failing)
    assert main(["weekly", "--send"]) == 1
    assert set(box.mails) == {"ann@example.com"}
    assert "too large" in capsys.readouterr().err


def test_a_server_that_is_down_is_one_sentence(little: Little, capsys: pytest.CaptureFixture[str]) -> None:
    company(little, 9)
    assert main(["weekly", "--send"]) == 1
    said = capsys.readouterr().err
    assert "The mail server cannot be used" in said
    assert "Traceback" not in said


def test_a_file_is_written(little: Little, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    company(little, 9)
    out = tmp_path / "review.md"
    assert main(["weekly", "--format", "md", "--out", str(out), "--filter", "source=Web", "--as-of", "2026-05-01"]) == 0
    assert "as of the end of 1 May 2026, source Web" in out.read_text(encoding="utf-8")
    assert main(["weekly", "--filter", "source=Nobody", "--out", str(out)]) == 1
    assert "No record has the source 'Nobody'" in capsys.readouterr().err
    assert main(["weekly", "--send", "--filter", "source=Web"]) == 1
    assert main(["weekly", "--filter", "West", "--out", str(out)]) == 1
    assert "'West' should be of the form name=value" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ('host = ""\nsender = "a@b.c"', "mail.host"),
        ('host = "x"\nsender = "nobody"', "mail.sender"),
        ('host = "x"\nsender = "a@b.c"\npassword = "secret"', "mail.password"),
        ('host = "x"\nsender = "a@b.c"\nport = 0', "mail.port"),
        (
            'host = "x"\nsender = "a@b.c"\n[[mail.recipients]]\naddress = "a@b.c\\nBcc: x@y.z"',
            "mail.recipients, entry 1",
        ),
        ('host = "x"\nsender = "a@b.c"\n[[mail.recipients]]\naddress = "a@b.c"\nfilters = { colour = "x" }', "entry 1"),
        ('host = "x"\nsender = "a@b.c"\n[[mail.recipients]]\naddress = "a@b.c"\nname = "A\\nB"', "entry 1"),
    ],
)
def test_settings_that_cannot_be_used_name_the_key(home: Path, wrong: str, key: str) -> None:
    path = home / "settings.toml"
    path.write_text((PROJECT / "settings.toml").read_text(encoding="utf-8") + f"\n[mail]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=key):
        load_settings(path)


def test_mail_is_no_number_that_a_warehouse_stands_on(home: Path) -> None:
    plain = load_settings(PROJECT / "settings.toml")
    path = home / "settings.toml"
    path.write_text((PROJECT / "settings.toml").read_text(encoding="utf-8") + MAIL.format(port=25), encoding="utf-8")
    assert load_settings(path).fingerprint() == plain.fingerprint()
