"""Remarks on pages: about which account, where they stand after a split, and never a child's name."""

from uuid import UUID

import pytest
from tests.desk.test_subject import Scene, text
from tests.factory import Person, browser_of, make_sender, name
from tests.linking.people import account, report, walk, who

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def written(scene: Scene, said: str, *about: str, came: str = "", **more: object):
    address = f"/subjects/{account(came or about[0])}/remark"
    given = {"text": said, "kind": "note", "about": [str(account(one)) for one in about], **more}
    return browser_of(scene.alice).post(address, given)


def number_of(said: str) -> UUID:
    with on_the_road("test"):
        return value("select first_id from linking_remark where text = %s order by id desc limit 1", [said])


def test_the_page_asks_about_which_account_and_means_the_one_the_officer_came_from(scene):
    shown = text(browser_of(scene.alice).get(f"/subjects/{account(scene.other)}/remark"))
    ticked = [field for field in shown.split("<input")[1:] if " checked" in field.split(">")[0]]
    assert [str(account(scene.other)) in field or 'value="note"' in field for field in ticked] == [True, True]
    assert scene.one in shown
    assert scene.child not in shown


def test_a_remark_stands_with_who_and_where_and_returns_to_its_owner(scene):
    said, whole = f"answers at night only {name('x')}", f"two of them {name('x')}"
    assert written(scene, said, scene.one).status_code == 302
    assert written(scene, whole, scene.other, is_whole="on").status_code == 302
    shown = text(scene.page(scene.bob, scene.other))
    assert said in shown
    assert whole in shown
    assert "said of the whole person, then 3 accounts" in shown
    assert "does not stand here" not in shown
    assert scene.say(scene.alice, scene.one, scene.other, "different").status_code == 302
    apart, rest = text(scene.page(scene.bob, scene.one)), text(scene.page(scene.bob, scene.other))
    assert said in apart
    assert whole not in apart
    assert said not in rest
    assert "1 of them does not stand here" in rest
    assert scene.one not in rest
    assert "1 of them does not stand here" in text(browser_of(scene.bob).get(f"/remarks/{number_of(whole)}"))
    with on_the_road("test"):
        judged = value("select id from linking_judgement where %s in (a, b)", [account(scene.one)])
    assert browser_of(scene.bob).post(f"/judgements/{judged}", {"reason": "It was one man."}).status_code == 302
    assert said in text(scene.page(scene.bob, scene.other))


def test_a_working_name_heads_the_page_until_it_is_taken_back(scene):
    called = f"Two tablets {name('x')}"
    assert written(scene, "x" * 61, scene.one, kind="name").status_code == 422
    assert written(scene, called, scene.one, kind="name").status_code == 302
    shown = text(scene.page(scene.bob, scene.other))
    assert f"“{called}”" in shown.split("<section")[0]
    remark = number_of(called)
    taken = browser_of(scene.bob).post(f"/remarks/{remark}", {"act": "withdraw", "reason": "He has only one tablet."})
    assert taken.status_code == 302
    shown = text(scene.page(scene.alice, scene.other))
    assert called not in shown.split("<section")[0]
    assert "taken back" in shown
    assert "He has only one tablet." in text(browser_of(scene.alice).get(f"/remarks/{remark}"))


def test_a_correction_keeps_what_was_said_before_and_does_not_overwrite_a_colleagues(scene):
    before, after = f"before {name('x')}", f"after {name('x')}"
    assert written(scene, before, scene.one).status_code == 302
    remark = number_of(before)
    given = {"act": "correct", "version": "1", "text": after, "kind": "note", "about": [str(account(scene.one))]}
    assert browser_of(scene.bob).post(f"/remarks/{remark}", given).status_code == 302
    refused = browser_of(scene.alice).post(f"/remarks/{remark}", given)
    assert refused.status_code == 409
    assert "Somebody corrected this meanwhile" in text(refused)
    shown = text(scene.page(scene.alice, scene.one))
    assert after in shown
    assert "corrected by Bob" in shown
    assert before not in shown
    assert before in text(browser_of(scene.alice).get(f"/remarks/{remark}"))


def test_what_the_reports_state_of_a_child_is_taken_out_of_every_remark(scene):
    assert written(scene, f"wrote to {scene.child} at {scene.box}, kept {name('x')}", scene.child).status_code == 302
    for shown in (scene.page(scene.bob, scene.child), scene.page(scene.bob, scene.one)):
        assert scene.child not in text(shown)
    [remark] = [one for one in text(scene.page(scene.bob, scene.child)).split('"') if one.startswith("/remarks/")]
    opened = text(browser_of(scene.bob).get(remark))
    assert "▒▒▒" in opened
    assert scene.child not in opened
    assert scene.box not in opened


def test_what_the_reports_state_of_a_child_is_taken_out_of_the_reasons_of_judgements_too(scene):
    reason = f"Both wrote to {scene.child} at {scene.box} that day."
    assert scene.say(scene.alice, scene.one, scene.child, "unsure", why=reason).status_code == 302
    assert scene.say(scene.alice, scene.one, scene.third, "same", why=reason).status_code == 302
    with on_the_road("test"):
        judged = value("select id from linking_judgement where why = %s and answer = 'same'", [reason])
    pair = f"a={account(scene.one)}&b={account(scene.third)}"
    pages = [f"/subjects/{account(scene.child)}", f"/subjects/{account(scene.one)}", f"/judgements/{judged}"]
    pages += [f"/subjects/why?{pair}", f"/subjects/judge?{pair}"]

    def read() -> None:
        for page in pages:
            shown = text(browser_of(scene.bob).get(page))
            assert "Both wrote to ▒▒▒ at ▒▒▒ that day." in shown, page
            assert reason not in shown, page
            assert f"to {scene.child}" not in shown, page

    read()
    given = {"reason": f"It was {scene.child} who wrote, not he."}
    assert browser_of(scene.bob).post(f"/judgements/{judged}", given).status_code == 302
    pages = pages[:3]  # taken back, it holds nobody together and does not stand
    read()
    assert "It was ▒▒▒ who wrote, not he." in text(browser_of(scene.alice).get(pages[2]))


def test_nobody_else_learns_that_something_was_written(scene):
    said = f"for us {name('x')}"
    assert written(scene, said, scene.one).status_code == 302
    remark = number_of(said)
    for answer in (
        browser_of(scene.charlie).get(f"/remarks/{remark}"),
        browser_of(scene.charlie).post(f"/remarks/{remark}", {"act": "withdraw", "reason": "It is wrong, I think."}),
        browser_of(scene.charlie).get(f"/subjects/{account(scene.one)}/remark"),
    ):
        assert answer.status_code == 404
        assert said not in text(answer)
    assert said in text(scene.page(scene.alice, scene.one))


def test_only_accounts_of_the_page_can_be_meant(scene):
    assert written(scene, "of somebody else", scene.alone, came=scene.one).status_code == 422
    assert written(scene, "of nobody", came=scene.one).status_code == 422


# --- a person above a size is joined by two officers, on the page ---


def test_a_merge_of_many_accounts_asks_a_colleague_on_the_page(scene):
    sender = make_sender(scene.unit)
    sides = [[name(side) for _ in range(5)] for side in ("l", "r")]
    child = name("child")
    for side in sides:
        shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
        walk(*(report(sender, who(one, **shared), who(child, "victim")) for one in side))
    (one, *_), (other, *_) = sides
    refused = scene.say(scene.alice, one, other, "same")
    assert refused.status_code == 403
    assert "Ask a second person" in text(refused)
    reason = f"Both asked {child} for a picture."
    assert scene.say(scene.alice, one, other, "same", why=reason, act="ask").status_code == 302
    judge = f"/subjects/judge?a={account(one)}&b={account(other)}&answer=same"
    assert "waits for a second person" in text(browser_of(scene.alice).get(judge))
    assert scene.say(scene.alice, one, other, "same").status_code == 403, "asking is not being granted"
    granted(scene.alice, scene.bob)
    assert "to be used once" in text(browser_of(scene.alice).get(judge))
    assert scene.say(scene.alice, one, other, "same").status_code == 302
    shown = text(scene.page(scene.bob, other))
    assert "10 accounts, held to be one person’s" in shown
    assert "with a second person" in shown


def granted(asker: Person, by: Person) -> None:
    """The colleague reads what is asked, and grants it, on the page of second persons."""
    with on_the_road("test"):
        asked = value("select id from access_approval where asked_by = %s order by id desc limit 1", [asker.id])
    browser = browser_of(by)
    shown = text(browser.get("/second-person"))
    assert "10 accounts" in shown
    assert "Both asked ▒▒▒ for a picture." in shown
    answer = browser.post(f"/second-person/{asked}", {"answer": "granted", "reason": "I read both, and agree with it."})
    assert answer.status_code == 302, text(answer)
