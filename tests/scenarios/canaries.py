"""A day in the life of an installation in which every personal word is unmistakable."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from connector.providers.twilio.signatures import sign
from tests.scenarios.consoles import Console, Someone, found_tenant
from tests.scenarios.mailboxes import REFUSED, Mailbox
from tests.scenarios.stacks import Stack, eventually

CALLER, CALLED, SEARCHED = "+12025550147", "+442079460958", "+46313900637"


@dataclass
class Words:
    """What was said, by what it is; none of it may be found anywhere afterwards."""

    said: dict[str, str | bytes] = field(default_factory=dict)
    systems: list[str] = field(default_factory=list)

    def new(self, what: str) -> str:
        """A word that nobody has ever said."""
        return self.add(what, f"zw{secrets.token_hex(6)}")

    def system(self) -> str:
        """What a tenant calls a system ("Head office"): not personal, and kept as it is."""
        self.systems.append(f"zw{secrets.token_hex(6)}")
        return self.systems[-1]

    def add(self, what: str, word: str) -> str:
        """A word that somebody else chose."""
        assert what not in self.said, what
        self.said[what] = word
        return word

    def person(self, who: str, *, prefix: str = "") -> Someone:
        """Somebody with an address, a name and a password."""
        email = f"{prefix}{self.new(f'{who} e-mail')}@example.com"
        password = f"vivid kettle {self.new(f'{who} password')}"
        return Someone(email, password, f"Zoë {self.new(f'{who} name')}")


@dataclass
class Canary:
    """One run. `call_id` and `company` are of a call that was stored."""

    stack: Stack
    mailbox: Mailbox
    words: Words = field(default_factory=Words)
    owner: Someone = field(init=False)
    key: str = ""
    call_id: str = ""
    company: str = ""

    def sing(self) -> None:
        """All of it, and wait until the jobs are through."""
        for what, number in (("caller", CALLER), ("called", CALLED), ("searched", SEARCHED)):
            self.words.add(f"{what} number", number.lstrip("+"))
        self.owner = self.words.person("owner")
        console = found_tenant(
            self.stack, self.mailbox, self.owner, name=f"Oy {self.words.new('tenant name')}"
        )
        self._keep_secrets_of(self.owner, console)
        self._sign_in_wrongly()
        self.key = self.words.add("API key", console.create_key(self.words.new("key name")))
        console.connect("api", self.words.system())
        self._send_calls()
        self._send_wrongly()
        self._exchanges(console)
        self._look(console)
        self._people(console)
        self.await_jobs()

    def await_jobs(self) -> None:
        """Until every job is done or dead, and every event is in the chain."""
        open_jobs = (
            "SELECT count(*) FROM outbox_jobs "
            "WHERE state NOT IN ('done', 'dead') AND run_at < now()"
        )
        eventually(lambda: not self.stack.count(open_jobs), seconds=90)
        eventually(lambda: not self.stack.count("SELECT count(*) FROM ledger_pending"))

    def api(self, path: str, **given: Any) -> httpx.Response:
        """Ask the API with the key."""
        headers = {"Authorization": f"Bearer {self.key}"} | given.pop("headers", {})
        return httpx.request(
            given.pop("method", "POST"),
            f"{self.stack.site}/api/v1{path}",
            headers=headers,
            timeout=30,
            **given,
        )

    def call(self, what: str, *, ago: timedelta = timedelta(hours=1)) -> dict[str, Any]:
        """A record with a word in each text."""
        began = datetime.now(UTC) - ago
        return {
            "source_id": self.words.new(f"{what} source id"),
            "direction": "inbound",
            "caller": CALLER,
            "called": CALLED,
            "user_id": self.words.new(f"{what} user"),
            "contact_person": f"Åsa {self.words.new(f'{what} contact')}",
            "company": self.words.new(f"{what} company"),
            "started_at": began.isoformat(),
            "ended_at": (began + timedelta(minutes=3)).isoformat(),
        }

    def _keep_secrets_of(self, person: Someone, console: Console) -> None:
        words = self.words
        words.add("TOTP secret", person.secret)
        words.said["TOTP secret, raw"] = base64.b32decode(
            person.secret + "=" * (-len(person.secret) % 8)
        )
        words.add("recovery code", person.recovery_codes[0])
        words.add("recovery code, bare", person.recovery_codes[1].replace("-", "").lower())
        words.add("session cookie", console.client.cookies["silta_session"])
        link = self.mailbox.link(person.email, "/invitation/")
        words.add("invitation", link.rpartition("/")[2])

    def _sign_in_wrongly(self) -> None:
        stranger = Console(self.stack.site, agent=f"Agent/{self.words.new('user agent')}")
        wrong = self.words.new("wrong password")
        stranger.post("/sign-in", email=self.owner.email, password=wrong)
        unknown = f"{self.words.new('unknown e-mail')}@example.org"
        stranger.post("/sign-in", email=unknown, password=wrong)
        stranger.post("/forgotten-password", email=f"{self.words.new('forgetful')}@example.org")
        stranger.post("/sign-in", email=self.owner.email, password=self.owner.password)
        stranger.post("/sign-in/code", code=self.words.new("wrong code"))
        stranger.post("/sign-in/recovery", code=self.owner.recovery_codes[2])
        self.words.add("used recovery code", self.owner.recovery_codes[2])
        stranger.get(f"/reset-password/{self.words.new('reset token')}")
        stranger.get(f"/invitation/{self.words.new('invitation token')}")
        stranger.get(f"/calls/day/{self.words.new('page')}?after={self.words.new('query')}")
        stranger.post("/forgotten-password", email=self.owner.email)
        link = self.mailbox.link(self.owner.email, "/reset-password/")
        self.words.add("reset link", link.rpartition("/")[2])

    def _send_calls(self) -> None:
        taken = self.api("/calls", json=[self.call("first"), self.call("second")])
        assert taken.json()["accepted"] == 2, taken.text
        old = self.call("older", ago=timedelta(days=12))
        assert self.api("/calls", json=[old]).json()["accepted"] == 1
        once = {"Idempotency-Key": self.words.new("idempotency key")}
        for _ in range(2):
            assert self.api("/calls", json=[self.call_once()], headers=once).status_code == 200
        found = self.api("/calls/search", json={"number": CALLER}).json()["calls"]
        assert len(found) == 4
        self.call_id, self.company = found[0]["id"], found[0]["company"]
        assert self.api(f"/calls/{self.call_id}", method="GET").json()["caller"] == CALLER

    def call_once(self) -> dict[str, Any]:
        """The same record each time."""
        if "once" not in self.__dict__:
            self.__dict__["once"] = self.call("once")
        made: dict[str, Any] = self.__dict__["once"]
        return made

    def _send_wrongly(self) -> None:
        new = self.words.new
        whole = self.call("refused")
        wrong = [
            [whole | {new("unknown field"): new("unknown value")}],
            [whole | {"started_at": new("no time")}],
            [whole | {"direction": new("no direction")}],
            [whole | {"account": new("no account")}],
            [whole | {"version": new("no version")}],
            [whole | {"caller": new("too long") * 30}],
            {new("no array"): 1},
        ]
        for document in wrong:
            assert self.api("/calls", json=document).status_code in {200, 400, 422}
        self.api("/calls", content=f'[{{"caller": "{new("broken document")}'.encode())
        self.api("/calls", content=new("no JSON").encode(), headers={"Content-Encoding": "gzip"})
        self.api("/calls/search", json={"number": CALLER, "cursor": new("cursor")})
        self.api("/calls/search", json={"number": new("no number"), "region": "FI"})
        self.api("/calls/search", json={"user_id": new("searched user"), "since": new("since")})
        self.api(f"/calls/{new('path')}?number={new('parameter')}", method="GET")
        other = f"silta_{new('wrong key')}"
        self.api("/calls", json=[whole], headers={"Authorization": f"Bearer {other}"})
        self.api("/calls", json=[whole], headers={"Idempotency-Key": new("bad key") * 40})

    def _exchanges(self, console: Console) -> None:
        new, site = self.words.new, self.stack.site
        _, switch = console.connect("freeswitch", self.words.system())
        self.words.add("switch's secret", switch.rpartition("/")[2])
        answer = httpx.post(site + switch, json=self._document(), timeout=30)
        assert answer.json()["accepted"] == 1, answer.text
        httpx.post(site + switch, content=f'{{"variables": {{"{new("broken switch")}'.encode())
        httpx.post(f"{site}/in/{new('wrong path')}xxxxxxxxxxxx", json=self._document())
        httpx.post(f"{site}/in/basic", auth=(new("user"), new("basic password")), content=b"{}")
        token = self.words.new("Twilio's token")
        _, twilio = console.connect("twilio", self.words.system(), credential=token)
        self.words.add("Twilio's secret", twilio.rpartition("/")[2])
        assert self._ring(twilio, token) == 204
        assert self._ring(twilio, new("wrong token")) >= 400

        _, file = console.connect("asterisk", self.words.system())
        self.words.add("Asterisk's secret", file.rpartition("/")[2])
        rows = [self._row("a name"), f'"{new("broken row")}","', self._row("another name")]
        answer = httpx.put(site + file + "/Master.csv", content="\n".join(rows), timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] >= 1, answer.text

    def _row(self, what: str) -> str:
        name, began = self.words.new(f"Asterisk {what}"), datetime.now(UTC) - timedelta(minutes=9)
        times = [f"{began + timedelta(seconds=late):%Y-%m-%d %H:%M:%S}" for late in (0, 4, 40)]
        fields = ["", CALLER, CALLED, "default", f'""{name}"" <{CALLER}>', "SIP/trunk-1", "SIP/7-2"]
        fields += ["Dial", f"SIP/{self.words.new(f'Asterisk data {what}')}", *times, "40", "36"]
        fields += ["ANSWERED", "DOCUMENTATION", secrets.token_hex(8), ""]
        return ",".join(f'"{field}"' for field in fields)

    def _document(self) -> dict[str, Any]:
        new, began = self.words.new, int(datetime.now(UTC).timestamp()) - 600
        turn = sum("undeclared field" in name for name in self.words.said)
        return {
            "core-uuid": "core",
            "variables": {
                "uuid": f"0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d{turn:02}",
                "start_epoch": str(began),
                "end_epoch": str(began + 60),
                "sip_h_X-Secret": new(f"undeclared field {turn}"),
            },
            "callflow": [
                {
                    "caller_profile": {
                        "caller_id_name": new(f"caller's name {turn}"),
                        "caller_id_number": CALLER,
                        "destination_number": CALLED,
                    }
                }
            ],
        }

    def _ring(self, address: str, token: str) -> int:
        fields = {
            "CallSid": f"CA{secrets.token_hex(16)}",
            "AccountSid": f"AC{secrets.token_hex(16)}",
            "From": CALLER,
            "To": CALLED,
            "CallStatus": "completed",
            "Direction": "inbound",
            "CallDuration": "33",
            "CallerName": self.words.new(f"Twilio caller {token}"),
        }
        url = f"{self.stack.site}{address}"
        signature = sign(url, list(fields.items()), token).decode()
        form = "application/x-www-form-urlencoded"
        sent = {"X-Twilio-Signature": signature, "Content-Type": form}
        return httpx.post(url, content=urlencode(fields), headers=sent, timeout=30).status_code

    def _look(self, console: Console) -> None:
        console.post("/calls", number=CALLER, since="", until="")
        assert CALLER in console.text.replace(" ", "")
        console.post("/calls", number=SEARCHED, since="", until="")
        console.post("/calls", number=self.words.new("typed number"), since="x", until="y")
        console.get(f"/calls/{self.call_id}")
        assert self.company in console.text
        for page in ("/calls", "/overview", "/ledger", "/people", "/api-keys", "/systems", "/me"):
            assert console.get(page).status_code == 200

    def _people(self, console: Console) -> None:
        new = self.words.new
        guest = self.words.person("guest")
        console.post("/people/invite", email=guest.email, role="agent")
        console.post("/people/invite", email=new("no address"), role="agent")
        refused = self.words.person("refused", prefix=REFUSED)
        console.post("/people/invite", email=refused.email, role="agent")
        console.post("/me/name", name=new("new name"))
        console.post("/settings", name=new("new tenant name"), retention_days="99")
        console.post("/is-it-you", password=new("not my password"), onward=f"/{new('onward')}")
        visitor = Console(self.stack.site)
        visitor.accept(self.mailbox.link(guest.email, "/invitation/"), guest)
        visitor.sign_in(guest)
        visitor.post("/sign-out")
