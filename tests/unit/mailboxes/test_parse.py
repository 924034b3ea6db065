"""Mails as strangers write them: read to plain text, whatever they try."""

import uuid
from email.message import EmailMessage
from time import perf_counter

import pytest

from privacy.mailboxes.markup import text_of_markup, without_quotation
from privacy.mailboxes.parse import LARGEST, parse
from privacy.mailboxes.shapes import Automatic

OURS = uuid.UUID("0198c0de-0000-7000-8000-0000000000c1")


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {"From": "Robin <Robin@Example.org>", "To": "inbox+abc@example.com"} | headers
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content("Yes, at ten.\n\nOn Monday you wrote:\n> Shall we call?\n>\n> Desk\n")
    return made


def test_a_reply_is_read_without_what_it_quotes() -> None:
    read = parse(mail(In_Reply_To=f"<{OURS}@silta.example.com>", Subject="Re: Ünïcode").as_bytes())
    assert (read.text, read.sender) == ("Yes, at ten.", "robin@example.org")
    assert (read.subject, read.answers, read.automatic) == ("Re: Ünïcode", (OURS,), None)
    assert read.addresses == ("inbox+abc@example.com",)


def test_the_same_mail_is_recognised_whatever_servers_add() -> None:
    plain = mail(Message_ID="<1@example.org>", Date="Mon, 16 Nov 2026 10:00:00 +0200").as_bytes()
    plain = plain.replace(b"\n", b"\r\n")
    assert parse(plain).fingerprint == parse(b"Received: by x\r\n" + plain).fingerprint
    assert parse(plain).fingerprint != parse(plain.replace(b"at ten", b"at two")).fingerprint


def test_markup_becomes_text_and_attachments_are_left_out() -> None:
    made = EmailMessage()
    made["From"] = "robin@example.org"
    made.set_content(
        "<html><head><title>t</title><style>p{}</style></head><body><p>Hello&nbsp;you</p>"
        "<script>alert(1)</script><img src='https://tracker.example.net/x'>"
        "<div>Bye</div></body></html>",
        subtype="html",
    )
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="id.pdf")
    made.add_attachment("secret", filename="notes.txt")
    read = parse(made.as_bytes())
    assert (read.text.split(), read.attachments) == (["Hello", "you", "Bye"], 2)


def test_plain_text_comes_before_markup() -> None:
    made = mail()
    made.add_alternative("<p>Marked up</p>", subtype="html")
    assert parse(made.as_bytes()).text == "Yes, at ten."


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto_Submitted": "auto-replied"}, Automatic.REPLY),
        ({"Auto_Submitted": "auto-generated; x=y"}, Automatic.REPLY),
        ({"Auto_Submitted": "no"}, None),
        ({"Precedence": "auto_reply"}, Automatic.REPLY),
        ({"X_Autoreply": "yes"}, Automatic.REPLY),
        ({"Return_Path": "<>"}, Automatic.BOUNCE),
        ({"List_Id": "<l.example.org>"}, Automatic.BULK),
        ({"Precedence": "bulk"}, Automatic.BULK),
    ],
)
def test_machines_are_recognised(headers: dict[str, str], kind: Automatic | None) -> None:
    assert parse(mail(**headers).as_bytes()).automatic is kind


BOUNCE = f"""From: MAILER-DAEMON@mx.example.net
To: silta@example.com
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; robin@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: {{kind}}

Message-ID: <{OURS}@silta.example.com>
To: robin@example.org

--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_report_names_our_mail_and_its_status(kind: str) -> None:
    read = parse(BOUNCE.format(kind=kind).encode())
    assert (read.automatic, read.status, read.answers) == (Automatic.BOUNCE, "5.1.1", (OURS,))


@pytest.mark.parametrize(
    "sender",
    ["a@example.org, b@example.org", "", "robin", "a@b@example.org", "=?utf-8?q?x?="],
)
def test_an_unclear_sender_is_nobody(sender: str) -> None:
    assert parse(f"From: {sender}\r\n\r\nHello".encode()).sender == ""


def test_two_senders_are_nobody() -> None:
    assert parse(b"From: a@example.org\r\nFrom: b@example.org\r\n\r\nHello").sender == ""


def _nested(times: int) -> bytes:
    heads = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(times)
    )
    return b"From: a@example.org\r\n" + heads.encode() + b"\r\nx\r\n" * 100_000


HOSTILE = {
    "nested": _nested(2000),
    "nested as far as the parser goes": _nested(450),
    "empty lines": _nested(39)[:3_000] + b"\n" * 990_000,
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 30_000,
    "charset": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-9" * 200_000,
    "no such charset": b"Content-Type: text/plain; charset=x\0y\r\n\r\n\xff\xfe",
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n!!!!" * 1000,
    "comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<" * 900_000,
    "addresses": b"From: "
    + b"(" * 100_000
    + b"\r\nTo: "
    + b"a@example.org," * 50_000
    + b"\r\n\r\n",
    "words": b"Subject: " + b"=?utf-8?q?=41?= " * 50_000 + b"\r\n\r\n",
    "no head": b"\r\n" * 400_000,
    "nothing": b"",
    "noise": bytes(range(256)) * 4000,
    "parameters": b"Content-Type: text/plain" + b";" * 900_000 + b"\r\n\r\nx",
    "quoted parameters": b'Content-Type: multipart/mixed; "' + b";" * 900_000 + b"\r\n\r\nx",
    "disposition": b'Content-Disposition: inline; "' + b";" * 900_000 + b"\r\n\r\nx",
    "NUL in a charset": b"Content-Type: ; charset*0*=utf-\xe2\x00''x\r\n\r\nx",
    "two charsets": b"Content-Type: x*=utf-8'en'y; charset*0*=utf-8''x\r\n\r\nx",
    "date": b"Date: 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
}


@pytest.mark.attack(47)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_harmless(name: str) -> None:
    began = perf_counter()
    read = parse(HOSTILE[name])
    assert perf_counter() - began < 5
    assert len(read.text) <= 100_000
    assert "\0" not in read.text


def test_a_large_mail_is_cut() -> None:
    read = parse(b"From: a@example.org\r\n\r\n" + b"word " * LARGEST)
    assert read.cut
    assert len(read.text) <= 100_000


def test_what_answers_a_quotation_stays() -> None:
    text = "> Shall we?\nYes.\n> When?\nAt ten."
    assert without_quotation(text) == text
    assert without_quotation("> only quoted") == "> only quoted"


def test_lines_of_markup_stay_lines() -> None:
    assert text_of_markup("<p>One</p><p>Two<br>Three</p>").split("\n\n") == ["One", "Two\nThree"]
