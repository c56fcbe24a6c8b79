"""No secret in any log, ledger entry, job or other row: everything that has one is done once, with the log at its loudest."""

from __future__ import annotations

import base64
import html
import http.client
import re
from pathlib import Path
from urllib.parse import urlencode

import pyotp
import pytest
from tests.access.authenticator import HOST, Key

pytestmark = pytest.mark.slow

MINE, OWN, GUESS = "four words of mine", "words of my very own", "a wrong guess that is close"
DOOR = "the sender's invented password"
SETUP = {
    "unit_name": "Jalgaon Cyber", "unit_kind": "district", "unit_code": "JAL", "name": "Asha Udaharan", "username": "asha",
    "password": MINE, "again": MINE,
}  # fmt: skip


class Browser:
    """A browser at the host name, as behind a proxy that speaks TLS for the server."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.every = port, dict[str, str](), set[str]()

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> str:
        body = None
        if form is not None and "Authorization" not in headers:
            form = form | {"csrfmiddlewaretoken": self.token(path)}
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET" if body is None else "POST", path, body, {"Host": HOST, "Cookie": cookies, **headers})
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0].strip('"')
                self.every.add(self.cookies[key])
        text = answer.read().decode(errors="replace")
        connection.close()
        assert answer.status < 500, (path, text[-800:])
        return text

    def token(self, path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask(path))
        assert found, path
        self.every.add(found[1])
        return found[1]


def options_on(page: str) -> str:
    return html.unescape(re.search(r'data-options="([^"]+)"', page)[1])


def secret_on(page: str) -> str:
    return re.search(r'class="mono secret">([^<]+)<', page)[1]


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li>([A-Z2-7-]{19})</li>", page)


@pytest.fixture
def served(fresh_database):
    fresh_database.environment |= {
        "ABHAYA_LOG": "DEBUG", "ABHAYA_HOSTS": f"{HOST},127.0.0.1", "ABHAYA_TLS": "1",
    }  # fmt: skip
    fresh_database.serve()
    fresh_database.start("worker")
    return fresh_database


def everything_written(served) -> dict[str, str]:
    """Every log, and every row of every table as text; bytes also as what they say."""
    found = {path.name: path.read_text(errors="replace") for path in Path(served.data).glob("*.log")}
    with served.connect("abhaya_owner") as owner:
        tables = owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition"
        ).fetchall()
        for (table,) in tables:
            rows = owner.execute(f'select t::text from "{table}" t').fetchall()
            text = "\n".join(row[0] for row in rows)
            raw = (bytes.fromhex(one).decode(errors="replace") for one in re.findall(r"\\x([0-9a-f]{8,})", text))
            found[f"table {table}"] = text + "\n".join(raw)
    return found


def sign_in_twice_more(port: int, key: Key, recovery_code: str) -> tuple[Browser, Browser]:
    """Wrong and right, with the passkey; then with a recovery code."""
    again = Browser(port)
    again.ask("/sign-in", {"username": "asha", "password": GUESS})
    again.ask("/sign-in", {"username": GUESS, "password": OWN})  # a password in the field of the name
    again.ask("/sign-in", {"username": "asha", "password": OWN})
    again.ask("/sign-in/code", {"code": "ABCD-EFGH-IJKL-MNOP"})
    signed = key.sign(options_on(again.ask("/sign-in/code")))
    again.ask("/sign-in/code", {"credential": signed})
    third = Browser(port)
    third.ask("/sign-in", {"username": "asha", "password": OWN})
    third.ask("/sign-in/code", {"code": recovery_code})
    assert "asha" in third.ask("/account")
    return again, third


def test_no_secret_is_written_down_anywhere(served, tmp_path):
    port = int(served.url.rsplit(":", 1)[1])
    browser, printed = Browser(port), []

    def run(*words: str, **more: str) -> None:
        done = served.run(*words, check=False, **more)
        assert done.returncode in {0, 1}, done.stderr
        printed.append(done.stdout + done.stderr)

    # The first administrator, with the app; wrong and right sign-ins; a recovery code; a passkey.
    browser.ask("/setup")
    code = (served.data / "secrets/setup-code").read_text().strip()
    browser.ask("/setup", {"code": code})
    browser.ask("/setup", SETUP)
    totp = secret_on(browser.ask("/sign-in/telephone")).replace(" ", "")
    codes = codes_on(browser.ask("/sign-in/telephone", {"code": pyotp.TOTP(totp).now()}))
    key = Key()
    made = key.make(options_on(browser.ask("/account/passkeys/add")))
    browser.ask("/account/passkeys/add", {"credential": made, "called": "blue key"})
    browser.ask("/account/password", {"old": MINE, "password": OWN, "again": OWN})
    again, third = sign_in_twice_more(port, key, codes[0])
    # Officers by page, file and reset; a sender at the door; files; the checks.
    officers, sheet, password = tmp_path / "officers.csv", tmp_path / "sheet.csv", tmp_path / "password"
    officers.write_text("username,name,unit,roles\na.kale,Insp. A. Kale,JAL,officer\n")
    run("officer", "import", str(officers), "--sheet", str(sheet))
    lent = sheet.read_text().strip().rsplit(",", 1)[1]
    officer = next(iter(re.findall(r"/officers/([0-9a-f-]{36})", third.ask("/officers?q=a.kale"))))
    third.ask(f"/officers/{officer}")
    for action, form in (("reset", {"reason": "came to the desk"}), ("reset/give", {})):
        token = third.token(f"/officers/{officer}")
        page = _post(third, f"/officers/{officer}/{action}", form | {"csrfmiddlewaretoken": token})
    reset = secret_on(page)
    password.write_text(DOOR)
    run("sender", "add", "Lumichat", "--username", "lumichat", "--password-file", str(password))
    for tried in (DOOR, GUESS):
        basic = "Basic " + base64.b64encode(f"lumichat:{tried}".encode()).decode()
        Browser(port).ask("/ispws/status", Authorization=basic)
    (tmp_path / "report.json").write_text('{"reportId": 7}')
    run("load", str(tmp_path / "report.json"))
    run("check")

    secrets = {
        "passwords": [MINE, OWN, GUESS, DOOR, lent, reset], "set-up code": [code], "app": [totp],
        "recovery codes": [*codes, *(code.replace("-", "") for code in codes)],
        "passkey": [key.private.private_numbers().private_value.to_bytes(32, "big").hex()],
        "sessions and forms": sorted(value for one in (browser, again, third) for value in one.every if len(value) > 20),
        "keys": [path.read_text().strip() for path in (served.data / "secrets").iterdir() if path.is_file()],
        "basic": [base64.b64encode(f"lumichat:{DOOR}".encode()).decode()],
    }  # fmt: skip
    assert all(len(some) > 0 and all(len(one) > 8 for one in some) for some in secrets.values())
    written = everything_written(served) | {"printed": "\n".join(printed)}
    assert "DEBUG" in written["serve.log"], "the log was not loud"
    assert "access:officer:signed-in" in written["table ledger_entry"]
    found = [
        (kind, where) for kind, some in secrets.items() for one in some for where in written if one in written[where]
    ]
    assert found == []


def _post(browser: Browser, path: str, form: dict[str, str]) -> str:
    """A form whose page stands at another address; its mark is already in it."""
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=60)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Host": HOST, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(form), headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    assert answer.status < 400, (path, text[-800:])
    return text
