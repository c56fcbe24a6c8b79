from tests.browser import DESK, TELEPHONE, is_as_wide_as_its_window, is_accessible, signed_in
from tests.desk.world import Desk, a_threat
from tests.factory import make_officer
from tests.desk.test_deletion import HELD, ASKED
from abhaya.shared.sql import execute
from abhaya.shared.identity import acting
import os
def test_shots(live, chromium, bench):
    os.makedirs('/tmp/clkshots', exist_ok=True)
    desk = Desk()
    report = desk.report(**{**a_threat(), "held": [b"one", b"two"*9999]}) if False else desk.report(held=[b"one", b"two"*9999])
    other = desk.report(held=[b"x"])
    c = desk.browser(desk.sita)
    c.post(f"/reports/{other}/hold", HELD)
    with bench.connect("abhaya_owner") as o:
        o.execute("insert into custody_due (compartment, unit_id, kind, rule, act, started_at, due_at) select compartment, %s, 'report', 'report/XX v1', 'review', now() - interval '800 days', now() - interval '70 days' from intake_report where unit_id = %s", [desk.unit, desk.unit])
    done = desk.report(held=[b"y"])
    c.post(f"/reports/{done}/deletion", ASKED)
    for language in ("en", "hi"):
        with bench.connect("abhaya_owner") as o:
            o.execute("update access_officer set language = %s where id = %s", [language, desk.sita.id])
        for size, n in ((DESK, "d"), (TELEPHONE, "t")):
            with signed_in(chromium, live.url, desk.sita, size=size) as page:
                for name, path in (("deletions","/deletions"),("preview",f"/reports/{report}/deletion"),("asked",f"/reports/{done}/deletion"),("held",f"/reports/{other}/deletion"),("retention","/retention"),("hold",f"/reports/{report}/hold"),("identifier","/holds/identifier"),("report",f"/reports/{other}?along=1")):
                    page.goto(live.url + path)
                    page.screenshot(path=f"/tmp/clkshots/{name}-{language}-{n}.png", full_page=True)
                    is_as_wide_as_its_window(page)
                    if language == "en": is_accessible(page)
