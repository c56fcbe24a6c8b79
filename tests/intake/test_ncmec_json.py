"""The JSON that police download becomes the same record: null anywhere, lists wrapped twice, unknown keys kept."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.intake.formats import json_tree, ncmec_json
from abhaya.intake.formats.record import Instant, decode, encode

REPORT = {
    "reportId": 123456789,
    "dateReceived": "2026-02-04T00:00:00Z",
    "reportedInformation": {
        "reportingEsp": {"espName": "Chat Example", "lastName": None, "emails": {"emails": [{"value": "law@chat.example", "verified": None}]}},
        "incidentSummary": {
            "incidentType": "Online Enticement of Children for Sexual Acts",
            "incidentDateTime": "2026-02-03T04:05:06Z",
            "incidentDateTimeDescription": "time of the upload",
        },
        "additionalInformations": [{"value": "closing note"}],
        "incidentDetails": {
            "webpageIncident": [
                {
                    "sourceInformation": {"sourceCaptures": [{"captureType": "URL", "value": "https://page.example/a"}]},
                    "additionalInformations": [{"value": "page note"}],
                }
            ],
            "emailIncident": [{"contents": [{"value": "asks for a picture"}]}],
            "chatImIncident": None,
        },
        "reportedPeople": {
            "reportedPersons": [
                {
                    "firstName": "Ravi", "middleName": None, "lastName": "Example", "preferredName": "R", "gender": "male",
                    "dateOfBirth": "2001-12-21", "approximateAge": 24, "physicalDescription": "tall", "vehicleDescription": "white van",
                    "vehicleTagNumber": "MH12XX0000", "occupation": "driver", "espService": "Chat Example", "espUserId": "user-21",
                    "ipAddress": "203.0.113.20", "languages": ["Hindi", "Marathi"], "convictedSexOffender": False,
                    "screenName": {"value": "screen_21"},
                    "emails": {"emails": [{"value": "ravi@mail.example", "verified": True}, {"value": "r2@mail.example", "verified": None}]},
                    "phones": {"phones": [{"value": "+91 90000 00021", "verified": False}]},
                    "addresses": {"addresses": [{"street1": "21 Invented Road", "street2": None, "city": "Pune", "state": "Maharashtra", "postalCode": "411021", "country": "IN"}]},
                    "sourceInformation": {
                        "sourceCaptures": [
                            {"captureType": "IP Address", "value": "203.0.113.21", "dateTime": "2026-02-03T04:05:01Z", "port": 52100, "eventName": "UPLOAD"},
                            {"captureType": "Profile URL", "value": "https://chat.example/u/21", "dateTime": None},
                        ]
                    },
                    "additionalInformations": [{"value": "Also $cashtag21"}],
                }
            ]
        },
        "intendedRecipients": {"intendedRecipients": [{"approximateAge": 12}]},
        "uploadedFiles": {
            "uploadedFiles": [
                {
                    "filename": "stored.bin", "originalFilename": "IMG_0001.jpg", "submittalId": "77",
                    "verificationHash": "00000000000000000000000000000001", "viewedByEsp": None, "industryClassification": "B2",
                    "ncmecTags": {"groups": [{"tags": [{"value": "Viral"}, {"value": "Potential Meme"}]}]},
                    "sourceInformation": {"sourceCaptures": [{"captureType": "IP Address", "value": "203.0.113.99", "dateTime": None}]},
                    "espMetadata": {"metadatas": [{"name": "Make", "value": "Camera Maker"}]},
                    "additionalInformations": None,
                },
                {"filename": "b", "viewedByEsp": False},
                {"filename": "c", "viewedByEsp": True},
            ]
        },
    },
}  # fmt: skip


def read(value):
    return ncmec_json.read(json.dumps(value).encode())


(FULL,) = read(REPORT)


def facts(record, kind, role):
    return [fact for fact in record.facts if (fact.kind, fact.role) == (kind, role)]


def test_the_whole_report_leaves_nothing_behind():
    assert FULL.losses == ()
    assert lost_leaves(REPORT, FULL) == []


def test_who_sent_it_and_when_ncmec_had_it():
    assert (FULL.external_ref, FULL.sender_name) == ("123456789", "Chat Example")
    assert FULL.received_elsewhere == Instant("2026-02-04T00:00:00Z", datetime(2026, 2, 4, tzinfo=UTC))
    assert FULL.incident_means == "time of the upload"
    assert FULL.incident_kinds == ("webPageIncident", "emailIncident")


def test_a_person_keeps_every_identifier_with_its_place():
    (upload, bare) = sorted(facts(FULL, "ip", "reported"), key=lambda fact: fact.event, reverse=True)
    assert (upload.raw, upload.event, upload.port) == ("203.0.113.21", "Upload", 52100)
    assert (
        upload.locator == "$.reportedInformation.reportedPeople.reportedPersons[0].sourceInformation.sourceCaptures[0]"
    )
    assert bare.raw == "203.0.113.20"
    assert [fact.verified for fact in facts(FULL, "email", "reported")] == [True, None]
    assert facts(FULL, "account", "reported")[0].platform == "Chat Example"
    person = next(person for person in FULL.persons if person.role == "reported")
    assert (person.name, person.age, person.date_of_birth) == ("Ravi Example", 24, "2001-12-21")
    assert ("languages", "Hindi, Marathi") in person.said
    assert ("vehicle", "white van") in [(text.label, text.text) for text in FULL.texts]
    assert FULL.places[0].text == "21 Invented Road, Pune, Maharashtra, 411021, IN"


def test_whether_the_sender_viewed_a_file_has_three_answers():
    assert [file.viewed_by_sender for file in FULL.files] == [None, False, True]
    file = FULL.files[0]
    assert (file.name, file.original_name, file.file_ref, file.classification) == (
        "stored.bin",
        "IMG_0001.jpg",
        "77",
        "B2",
    )
    assert file.hashes == (("MD5", "00000000000000000000000000000001"),)
    assert file.annotations == ("viral", "potentialMeme")
    assert facts(FULL, "ip", "file")[0].person == 1


@pytest.mark.parametrize("said", ["No Information Provided", "", None, "unknown"])
def test_no_information_provided_is_not_no(said):
    (record,) = read(
        {"reportId": 1, "reportedInformation": {"uploadedFiles": {"uploadedFiles": [{"viewedByEsp": said}]}}}
    )
    assert record.files[0].viewed_by_sender is None
    assert record.losses == ()


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_taken(mark):
    assert len(ncmec_json.read(mark + json.dumps(REPORT).encode())) == 1
    assert ncmec_json.read(json.dumps(REPORT).encode("utf-16"))[0] == FULL


def nulled(value, path=()):
    """The report with one value after the other made null."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from nulled(inner, (*path, key))


@pytest.mark.parametrize("path", list(nulled(REPORT))[2:], ids=lambda path: ".".join(map(str, path)))
def test_null_may_stand_anywhere(path):
    value = json.loads(json.dumps(REPORT))
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = None
    (record,) = read(value)
    assert record.losses == ()


def test_lists_may_be_wrapped_once_twice_or_not_at_all():
    for people in (
        {"reportedPersons": [{"espUserId": "u"}]},
        [{"espUserId": "u"}],
        {"espUserId": "u"},
        {"a": {"b": 1}, "reportedPersons": None},
    ):
        (record,) = read({"reportId": 1, "reportedInformation": {"reportedPeople": people}})
        assert len(record.persons) == 1 or record.losses


def test_an_unknown_key_is_kept_with_its_place():
    (record,) = read(
        {"reportId": 1, "later": {"a": [1, "two"]}, "reportedInformation": {"incidentSummary": {"mood": "calm"}}}
    )
    assert {(loss.locator, loss.what, loss.text) for loss in record.losses} == {
        ("$.later", "later", '{"a": [1, "two"]}'),
        ("$.reportedInformation.incidentSummary.mood", "mood", "calm"),
    }


def test_a_value_of_another_kind_is_kept():
    (record,) = read(
        {
            "reportId": 1,
            "reportedInformation": {
                "incidentSummary": "words",
                "uploadedFiles": [7],
                "reportedPeople": [{"approximateAge": "teen"}],
            },
        }
    )
    assert {loss.text for loss in record.losses} == {"words", "7", "teen"}


def test_an_unknown_kind_of_capture_is_kept():
    (record,) = read(
        {
            "reportId": 1,
            "reportedInformation": {
                "reportedPeople": [
                    {"sourceInformation": {"sourceCaptures": [{"captureType": "Smoke Signal", "value": "two puffs"}]}}
                ]
            },
        }
    )
    assert record.losses[0].what == "Smoke Signal"
    assert "two puffs" in record.losses[0].text


def test_a_list_of_reports_is_read_and_what_is_none_in_it_is_kept():
    one, two = read([{"reportId": 1}, "stray", {"reportId": 2}])
    assert (one.external_ref, two.external_ref) == ("1", "2")
    assert [loss.text for loss in one.losses] == ["stray"]
    assert [record.external_ref for record in read({"reports": [{"reportId": 3}]})] == ["3"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"[]", "a list without a report"),
        (b"{}", "neither reportId nor reportedInformation"),
        (b"7", "neither reportId nor reportedInformation"),
        (b'{"a": "\xff"}', "not Unicode text"),
        (b"\xff\xfe\x00\xd8", "not Unicode text"),
        (b'{"reportId": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_told_why(data, why):
    with pytest.raises(SenderError, match=why):
        ncmec_json.read(data)


def test_a_document_above_the_limit_names_it():
    with pytest.raises(SenderError, match=str(json_tree.JSON_BYTES_MAX)):
        ncmec_json.read(b" " * (json_tree.JSON_BYTES_MAX + 1))


def test_the_character_number_0_is_marked_because_no_column_holds_it():
    (record,) = read(
        {"reportId": 1, "x\0": "a\0b", "reportedInformation": {"incidentSummary": {"incidentType": "c\0d"}}}
    )
    assert record.incident_type == "c\ufffdd"
    assert "\0" not in encode(record).decode()
    assert b"\\u0000" not in encode(record)


def lost_leaves(value, record):
    leaves = []

    def collect(inner):
        if isinstance(inner, dict):
            list(map(collect, inner.values()))
        elif isinstance(inner, list):
            list(map(collect, inner))
        elif isinstance(inner, str) and inner.strip():
            leaves.append(inner.strip())
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            leaves.append(json.dumps(inner))

    collect(value)
    whole = encode(record).decode()
    unescaped = whole.replace("\\\\", "\\").replace('\\"', '"')
    return [leaf for leaf in leaves if leaf not in whole and leaf not in unescaped and not is_event(leaf, whole)]


def is_event(leaf, whole):
    """LOGIN is kept as Login, and what kind of capture it was as the kind of the fact."""
    return f'"{leaf.title()}"' in whole or leaf in {"IP Address", "URL"}


KEYS = [
    "reportedInformation", "reportingEsp", "espName", "incidentSummary", "incidentType", "incidentDateTime", "incidentDetails", "webpageIncident",
    "chatImIncident", "contents", "reportedPeople", "reportedPersons", "intendedRecipients", "victims", "emails", "phones", "addresses", "street1",
    "value", "verified", "screenName", "espUserId", "espService", "approximateAge", "sourceInformation", "sourceCaptures", "captureType", "dateTime",
    "port", "eventName", "uploadedFiles", "filename", "viewedByEsp", "ncmecTags", "groups", "tags", "name", "espMetadata", "metadatas",
    "additionalInformations", "later", "reportAnnotations", "verificationHash",
]  # fmt: skip
words = st.integers(0, 10**6).map(lambda number: f"word{number}")
leaves = st.one_of(
    st.none(), words, st.integers(1000, 60000), st.just("IP Address"), st.just("2026-02-03T04:05:06Z"), st.booleans()
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)),
    max_leaves=25,
)


@example({}, {"uploadedFiles": {"ncmecTags": {"later": "word1"}}})
@example({}, {"uploadedFiles": {"ncmecTags": {"groups": {"name": "word1"}}}})
@example({"reportingEsp": {"espName": "word1"}}, {"reportingEsp": {"espName": "word2"}})
@example({"incidentSummary": {"incidentType": "word1"}}, {"incidentSummary": {"incidentType": "word2"}})
@settings(max_examples=400, deadline=None)  # a busy machine is no fault of the reader
@given(
    st.dictionaries(st.sampled_from(KEYS), trees, max_size=4), st.dictionaries(st.sampled_from(KEYS), trees, max_size=6)
)
def test_nothing_is_lost_whatever_shape_it_has(top, inner):
    value = {**top, "reportId": 5, "reportedInformation": inner}
    (record,) = read(value)
    assert lost_leaves(value, record) == []
    assert decode(encode(record)) == record


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused(data):
    try:
        ncmec_json.read(data)
    except SenderError as error:
        refused = error.sentence
    else:
        refused = "."
    assert refused.endswith(".")
