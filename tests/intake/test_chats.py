"""Exported chats and lists of members: who was in a group and what each did, every act with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.intake.formats import chat_json, chat_lines, chat_text, chat_words, group_roll, member_list
from abhaya.intake.formats.sniff import Kind, sniff
from abhaya.training import group_files

ANDROID = """\
12/03/2026, 15:44 - Messages and calls are end-to-end encrypted. Learn more.
12/03/2026, 15:44 - +92 100 1234567 created group "Group: 17"
12/03/2026, 15:45 - +92 100 1234567 added +1 416-555-0142, Beta and +94 100 765432
12/03/2026, 15:46 - +92 100 1234567: offers files
second line
third line with https://files.example.com/a1
12/03/2026, 15:47 - Beta left
12/03/2026, 15:48 - +1 416-555-0142: <Media omitted>
12/03/2026, 15:49 - +234 100 1112223 joined using this group's invite link
12/03/2026, 15:50 - +92 100 1234567 changed the subject to "Group: 18"
12/03/2026, 15:51 - You're now an admin
12/03/2026, 15:52 - +92 100 1234567 removed +94 100 765432
12/03/2026, 15:53 - Gamma: +92 100 1234567 left
12/03/2026, 15:54 - Gamma: says paid
12/03/2026, 15:55 - somebody did a thing no version knows
"""


def did(record):
    """(label, act, place) of every act."""
    label = {member.number: member.label for member in record.members}
    return [(label[act.member], act.act, act.locator) for act in record.acts]


def test_a_telephones_export_says_what_each_member_did_and_where():
    record = chat_text.read(ANDROID.encode(), "WhatsApp Chat with Group 17.txt")
    (group,) = record.groups
    assert (group.name, group.former_names, group.kind) == ("Group 17", ("Group: 18",), "group")
    assert group.identifier == "Group: 17, created by +921001234567"
    acts = did(record)
    assert ("+92 100 1234567", "created", "line 2") in acts
    assert ("Beta", "added_by_another", "line 3") in acts
    assert ("+92 100 1234567", "offered", "line 4") in acts
    assert ("Beta", "left", "line 7") in acts
    assert ("+1 416-555-0142", "posted", "line 8") in acts
    assert ("+234 100 1112223", "joined", "line 9") in acts
    assert ("You", "administered", "line 11") in acts
    assert ("+94 100 765432", "removed", "line 12") in acts
    assert ("Gamma", "paid", "line 14") in acts
    assert [(loss.locator, loss.what) for loss in record.losses] == [("line 15", "notice")]


SENTENCES = [  # created, added, joined, left, removed, renamed, changed number, encrypted
    ("de", "{a} hat die Gruppe „G 17“ erstellt.", "{a} hat {b} und {c} hinzugefügt.",
     "{b} ist dieser Gruppe über einen Einladungslink beigetreten.", "{b} hat die Gruppe verlassen.", "{a} hat {c} entfernt.",
     "{a} hat den Betreff von „G 17“ zu „G 18“ geändert.", "{a} hat zu {n} gewechselt.",
     "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Niemand außerhalb dieses Chats liest mit."),
    ("es", '{a} creó el grupo "G 17".', "{a} añadió a {b} y {c}.", "{b} se unió usando el enlace de invitación de este grupo.",
     "{b} salió del grupo.", "{a} eliminó a {c}.", '{a} cambió el asunto de "G 17" a "G 18".', "{a} cambió a {n}.",
     "Los mensajes y las llamadas están cifrados de extremo a extremo."),
    ("pt", '{a} criou o grupo "G 17".', "{a} adicionou {b} e {c}.", "{b} entrou usando o link de convite deste grupo.",
     "{b} saiu.", "{a} removeu {c}.", "{a} mudou o assunto de “G 17” para “G 18”.", "{a} mudou para {n}.",
     "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta."),
    ("fr", "{a} a créé le groupe « G 17 ».", "{a} a ajouté {b} et {c}.", "{b} a rejoint le groupe via le lien d'invitation.",
     "{b} a quitté le groupe.", "{a} a retiré {c}.", "{a} a changé le sujet de « G 17 » en « G 18 ».", "{a} a changé pour {n}.",
     "Les messages et les appels sont chiffrés de bout en bout."),
    ("hi", '{a} ने ग्रुप "G 17" बनाया', "{a} ने {b} और {c} को जोड़ा", "{b} इस ग्रुप के इनवाइट लिंक का इस्तेमाल करके शामिल हुए",
     "{b} ने ग्रुप छोड़ दिया", "{a} ने {c} को निकाल दिया", '{a} ने विषय को "G 17" से बदलकर "G 18" कर दिया',
     "{a} ने अपना नंबर बदलकर {n} कर लिया", "मैसेज और कॉल एंड-टू-एंड एन्क्रिप्टेड हैं।"),
]  # fmt: skip
NAMES = {"a": "+92 100 1234567", "b": "Beta", "c": "+94 100 765432", "n": "+92 100 7654321"}


@pytest.mark.parametrize("told", SENTENCES, ids=lambda told: told[0])
def test_a_telephone_of_another_language_tells_the_same(told):
    lines = [f"13/03/2026, 15:4{place} - {sentence.format(**NAMES)}" for place, sentence in enumerate(told[1:])]
    record = chat_text.read("\n".join([*lines, "14/03/2026, 15:44 - Beta: says hello"]).encode(), "_chat.txt")
    assert record.losses == ()
    (group,) = record.groups
    assert (group.name, group.former_names, group.identifier) == ("G 17", ("G 18",), "G 17, created by +921001234567")
    a, b, c = NAMES["a"], NAMES["b"], NAMES["c"]
    assert set(did(record)) == {
        (a, "created", "line 1"), (a, "administered", "line 2"), (b, "added_by_another", "line 2"),
        (c, "added_by_another", "line 2"), (b, "joined", "line 3"), (b, "left", "line 4"), (a, "administered", "line 5"),
        (c, "removed", "line 5"), (a, "administered", "line 6"), (b, "said", "line 9"),
    }  # fmt: skip
    assert {member.label: member.phones for member in record.members}[a] == (NAMES["a"], NAMES["n"])


@pytest.mark.parametrize(
    "line", ["Du hast Beta hinzugefügt.", "आपने Beta को जोड़ा", "Vous avez ajouté Beta.", "You added Beta"]
)
def test_whose_telephone_it_was_is_one_person_in_every_language(line):
    record = chat_text.read(f"13/03/2026, 15:44 - {line}".encode(), "_chat.txt")
    assert [(member.label, member.is_holder) for member in record.members] == [("You", True), ("Beta", False)]


def test_a_notice_in_a_language_nobody_taught_is_a_loss_and_no_act():
    record = chat_text.read(b"13/03/2026, 15:44 - Beta heeft de groep verlaten", "_chat.txt")
    assert [(loss.locator, loss.what) for loss in record.losses] == [("line 1", "notice")]
    assert (record.members, record.acts) == ((), ())


def test_nobody_says_by_a_message_what_another_did():
    record = chat_text.read(ANDROID.encode(), "WhatsApp Chat with Group 17.txt")
    assert ("+92 100 1234567", "left", "line 13") not in did(record)
    pasted = "[12.03.26, 15:44:05] Gamma: \u200eBeta left\n[12.03.26, 15:44:06] Beta: \u200eBeta left\n"
    record = chat_text.read(pasted.encode(), "_chat.txt")
    assert did(record) == [("Gamma", "said", "line 1"), ("Beta", "left", "line 2")]


def test_a_line_that_goes_on_belongs_to_its_message_and_its_link_to_its_writer():
    record = chat_text.read(ANDROID.encode(), "WhatsApp Chat with Group 17.txt")
    (text,) = [text for text in record.texts if "files.example.com" in text.text]
    assert (text.locator, text.role) == ("line 4", "actor")
    assert "third line" in text.text


def test_who_only_came_is_a_member_and_who_acted_is_an_actor():
    record = chat_text.read(ANDROID.encode(), "WhatsApp Chat with Group 17.txt")
    roles = {fact.raw: fact.role for fact in record.facts if fact.kind in {"phone", "screen_name"}}
    assert roles["+92 100 1234567"] == "actor"
    assert roles["+94 100 765432"] == roles["Beta"] == "member"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("13/03/2026, 15:44 - A: x", "2026-03-13T15:44"),
        ("3/13/26, 3:44\u202fPM - A: x", "2026-03-13T15:44"),
        ("[13.03.26, 15:44:05] A: x", "2026-03-13T15:44:05"),
        ("\u200e[13/03/26, 3:44:05 p.\u00a0m.] A: x", "2026-03-13T15:44:05"),
        ("2026-03-13, 15:44 - A: x", "2026-03-13T15:44"),
        ("13/03/2026 à 15:44 - A: x", "2026-03-13T15:44"),
        ("13/03/2026 15:44 - A: x", "2026-03-13T15:44"),
        ("१३/०३/२६, ३:४४ pm - A: x", "2026-03-13T15:44"),
    ],
)
def test_dates_of_many_locales_are_read_and_no_zone_is_known(line, at):
    record = chat_text.read(line.encode(), "WhatsApp Chat with A.txt")
    instant = record.acts[0].at
    assert instant.at.isoformat().startswith(at)
    assert not instant.zone_known


def test_times_whose_day_and_month_could_be_exchanged_are_not_read():
    record = chat_text.read(b"3/4/26, 3:44 PM - A: x\n3/5/26, 3:44 PM - A: x\n", "WhatsApp Chat with A.txt")
    assert all(act.at.at is None and act.at.why_not for act in record.acts)
    record = chat_text.read(b"3/4/26, 3:44 PM - A: x\n3/25/26, 3:44 PM - A: x\n", "WhatsApp Chat with A.txt")
    assert record.acts[0].at.at.month == 3


def test_two_people_who_talk_are_no_group():
    record = chat_text.read(b"13/03/2026, 15:44 - A: x\n13/03/2026, 15:45 - B: y\n", "WhatsApp Chat with A.txt")
    assert record.groups[0].kind == "private"
    assert not any(fact.kind == "group" for fact in record.facts)


CHAT = {
    "name": "Group 17", "type": "private_supergroup", "id": 1700000017,
    "messages": [
        {"id": 1, "type": "service", "date": "2026-03-12T21:14:00", "date_unixtime": "1773330240", "actor": "Alpha",
         "actor_id": "user71", "action": "create_group", "title": "Group 17", "members": ["Alpha", "Beta"], "text": ""},
        {"id": 2, "type": "message", "date": "2026-03-12T21:15:00", "date_unixtime": "1773330300", "from": "Beta",
         "from_id": "user72", "text": ["offers files ", {"type": "link", "text": "https://files.example.com/a"}]},
        {"id": 3, "type": "message", "date": "2026-03-12T21:16:00", "date_unixtime": "1773330360", "from": "Beta",
         "from_id": "user72", "forwarded_from": "Other", "forwarded_from_id": "channel99", "text": "x", "news": 1},
        {"id": 4, "type": "message", "date": "2026-03-12T21:17:00", "from": "Gamma", "from_id": "user73",
         "photo": "(File not included. Change data exporting settings to download.)", "text": ""},
        {"id": 5, "type": "service", "date": "2026-03-12T21:18:00", "date_unixtime": "1773330480", "actor": "Gamma",
         "actor_id": "user73", "action": "remove_members", "members": ["Gamma"], "text": ""},
    ],
}  # fmt: skip


def test_telegrams_export_says_what_each_member_did_by_id_and_instant():
    record = chat_json.read(json.dumps(CHAT).encode())
    assert record.groups[0].identifier == "1700000017"
    accounts = {member.label: member.account for member in record.members}
    assert accounts == {"Alpha": "71", "Beta": "72", "Gamma": "73"}  # Beta was first seen as a name alone
    assert did(record) == [
        ("Alpha", "created", "$.messages[0]"), ("Alpha", "administered", "$.messages[0]"),
        ("Beta", "added_by_another", "$.messages[0]"), ("Beta", "offered", "$.messages[1]"),
        ("Beta", "forwarded", "$.messages[2]"), ("Gamma", "posted", "$.messages[3]"), ("Gamma", "left", "$.messages[4]"),
    ]  # fmt: skip
    assert record.acts[0].at.at.isoformat() == "2026-03-12T15:44:00+00:00"
    assert record.acts[0].at.zone_known
    assert not record.acts[5].at.zone_known
    assert [(loss.locator, loss.what) for loss in record.losses] == [("$.messages[2].news", "news")]
    assert ("group", "99") in {(fact.kind, fact.raw) for fact in record.facts}


def test_each_chat_of_a_whole_account_is_a_record_of_its_own():
    whole = {"about": "Here is the data you requested from Telegram", "chats": {"list": [CHAT, CHAT | {"id": 2}]}}
    found = chat_json.chats_of(json.dumps(whole).encode())
    assert [path for _, path in found] == ["$.chats.list[0]", "$.chats.list[1]"]
    assert chat_json.read(found[1][0], found[1][1]).acts[0].locator == "$.chats.list[1].messages[0]"


MEMBERS = """\
group_id,group_name,platform,member_id,number,display_name,role,joined,left,added_by,line_type,ported,colour
g1,Group 1,ChatLine,71,+92 100 1234567,Alpha,admin,2026-03-12T15:44:00Z,,,prepaid,yes,
g1,Group 1,ChatLine,72,+94 100 765432,Beta,member,2026-03-12T15:45:00Z,2026-03-12T15:46:00Z,71,postpaid,no,blue
g2,Group 2,ChatLine,71,+92 100 1234567,Alpha,member,,,,,,
g2,Group 2,ChatLine,,,,member,,,,,,
"""


def test_a_providers_list_says_who_came_by_whom_and_when():
    record = member_list.read(MEMBERS.encode(), "members-g1.csv")
    assert [group.identifier for group in record.groups] == ["g1", "g2"]
    assert did(record) == [
        ("Alpha", "joined", "row 2"), ("Alpha", "administered", "row 2"), ("Beta", "left", "row 3"),
        ("Beta", "added_by_another", "row 3"), ("Alpha", "administered", "row 3"),
    ]  # fmt: skip
    assert [(member.line, member.ported) for member in record.members] == [("prepaid", True), ("postpaid", False), ("", None)]  # fmt: skip
    assert [loss.locator for loss in record.losses] == ["row 3, column 13", "row 5"]


def test_each_form_is_known_by_its_beginning():
    assert sniff(ANDROID.encode(), "WhatsApp Chat with Group 17.txt") is Kind.CHAT
    assert sniff(b"12.03.2026 15:44 something else happened\n", "log.txt") is Kind.OTHER
    assert sniff(json.dumps(CHAT, indent=1).encode(), "result.json") is Kind.CHAT_JSON
    assert sniff(MEMBERS.encode(), "members.csv") is Kind.MEMBERS
    assert sniff(b"report number,name\n1,2\n", "x.csv") is Kind.CSV


@pytest.mark.parametrize(
    "data", [b"", b"hello\n", b"\xff\xfe", b"\x89PNG\r\n", "13/03/2026, 15:44 - A: ü".encode("latin-1")]
)
def test_what_is_no_chat_is_refused_in_words(data):
    with pytest.raises(SenderError):
        chat_text.read(data, "x.txt")


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"messages": 1}', b'{"chats": {"list": 3}}', b"[" * 100_000])
def test_json_that_is_no_chat_is_refused_in_words(data):
    with pytest.raises(SenderError):
        chat_json.chats_of(data)


def test_what_is_over_a_limit_is_counted_and_said(monkeypatch):
    monkeypatch.setattr(group_roll, "ACTS_MAX", 2)
    monkeypatch.setattr(group_roll, "MEMBERS_MAX", 3)
    record = chat_text.read(ANDROID.encode(), "WhatsApp Chat with Group 17.txt")
    assert (len(record.acts), len(record.members)) == (2, 3)
    assert {loss.what.split(" ", 1)[1] for loss in record.losses if loss.locator == "whole file"} == {"acts", "members"}


def test_what_a_line_does_is_told_by_whole_words():
    assert chat_words.act_of("says paid") == ("paid", "paid")
    assert chat_words.act_of("unpaid leave, offersomething") == ("said", "")
    assert chat_words.act_of("मुझे चाहिए") == ("asked", "चाहिए")
    assert chat_words.act_of("threatens to post")[0] == "said"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    try:
        record = chat_text.read(f"13/03/2026, 15:44 - {text}".encode("utf-8", "surrogatepass"), "x.txt")
    except SenderError:
        return
    assert all(0 < act.member <= len(record.members) for act in record.acts)


_VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=5)  # fmt: skip
_KEYS = ("type", "action", "actor", "actor_id", "from", "from_id", "members", "text", "date", "date_unixtime", "forwarded_from_id", "photo")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(_KEYS), _VALUES | st.sampled_from(["service", "message", "invite_members"])) | _VALUES, max_size=5))  # fmt: skip
def test_no_json_breaks_the_reader(messages):
    record = chat_json.read(json.dumps({"type": "private_group", "id": 1, "messages": messages}).encode())
    assert all(0 < act.member <= len(record.members) for act in record.acts)


@given(st.text(max_size=80))
def test_no_line_breaks_the_stamp(line):
    chat_lines.read_line(line)
    chat_lines.read_notice(line)


def test_one_history_is_found_again_in_each_form(tmp_path):
    chat, export, listed = group_files.write_samples(tmp_path)
    found = [
        chat_text.read(chat.read_bytes(), chat.name),
        chat_json.read(export.read_bytes()),
        member_list.read(listed.read_bytes(), listed.name),
    ]
    assert [sniff(path.read_bytes(), path.name) for path in (chat, export, listed)] == [
        Kind.CHAT, Kind.CHAT_JSON, Kind.MEMBERS,
    ]  # fmt: skip
    for record in found:
        assert len(record.groups) == 1
        assert len(record.members) == 4
        assert not record.losses
    for record in found[:2]:
        acts = [(act.member, act.act) for act in record.acts]
        assert acts.count((1, "created")) == 1
        assert {(1, "offered"), (2, "posted"), (2, "added_by_another"), (4, "joined"), (4, "left")} <= set(acts)
    assert {act.act for act in found[2].acts} >= {"added_by_another", "joined", "left", "administered"}
