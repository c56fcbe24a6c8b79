"""What the rules promise, whatever the numbers in their table are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from abhaya.intake.formats.record import Fact, FilePart, Instant, Person, Record, Text
from abhaya.shared.reason import Reason, sentence
from abhaya.triage import rules, wording
from abhaya.triage.reasons import LANE_NAMES, RAISED_BY, SENTENCES, TITLES, WEIGHED
from abhaya.triage.signals import COUNTS, Held, Signals, read, told
from abhaya.triage.titles import title

NOW = datetime(2026, 11, 21, 22, 31, 7, tzinfo=UTC)
CODES = [rule.signal for rule in rules.TABLE]
DANGER = [rule.signal for rule in rules.TABLE if rule.weight > 0 and rule.group in {"", "threat", "age", "type"}]
GROUP_OF = {rule.signal: rule.group or rule.signal for rule in rules.TABLE}


def values_of(code: str) -> dict[str, str | int | float]:
    names = re.findall(r"{(\w+)}", SENTENCES[code][0])
    return {name: 13 if name in {"age", "hours", "days", "files", "new", "reports"} else "chat" for name in names}


def signals_from(codes: list[str]) -> Signals:
    """One signal of each group, as reading a report would give."""
    chosen: dict[str, str] = {}
    for code in codes:
        chosen.setdefault(GROUP_OF[code], code)
    return {code: values_of(code) for code in chosen.values()}


any_signals = st.lists(st.sampled_from(CODES), max_size=12).map(signals_from)


def threatened(**changes: object) -> Record:
    given: dict = {
        "format": "ncmec_xml",
        "format_version": 1,
        "platform": "Example Chat",
        "incident_type": "Online Enticement of Children for Sexual Acts",
        "incident": Instant("2026-11-21T21:40:00Z", NOW - timedelta(minutes=51)),
        "persons": (Person("reported", 1, "/report/personOrUserReported[1]"),),
        "facts": (
            Fact(
                "ip", "203.0.113.77", "/report/personOrUserReported[1]/ipCaptureEvent[1]", role="reported", person=1,
                event="Upload", port=41822, instant=Instant("2026-11-21T21:40:00Z", NOW - timedelta(minutes=51)),
            ),
            Fact("phone", "+91 90000 00077", "/report/…/phone[1]", role="reported", person=1, verified=True),
        ),
        "texts": (Text("chat content", "1: asks age; 2: says 13; 3: threatens to post within 24 hours", "/report/…"),),
    }  # fmt: skip
    return Record(**(given | changes))


class TestTheScore:
    @given(any_signals)
    def test_stays_between_nothing_and_the_whole(self, signals):
        assert 0 <= rules.assess(signals).score <= rules.SCORE_MAX

    @given(any_signals, st.sampled_from(DANGER))
    def test_never_falls_when_one_more_danger_is_known(self, signals, danger):
        if GROUP_OF[danger] in {GROUP_OF[code] for code in signals}:
            return
        more = {**signals, danger: values_of(danger)}
        assert rules.assess(more).score >= rules.assess(signals).score

    @given(any_signals, st.sampled_from(DANGER))
    def test_imminent_stays_imminent_whatever_else_becomes_known(self, signals, danger):
        if rules.assess(signals).lane == rules.IMMINENT:
            assert rules.assess({**signals, danger: values_of(danger)}).lane == rules.IMMINENT

    @given(any_signals)
    def test_is_the_sum_of_the_reasons_it_names(self, signals):
        assessment = rules.assess(signals)
        assert assessment.score == max(0, min(100, sum(reason.weight for reason in assessment.reasons)))

    @given(any_signals)
    def test_of_one_group_only_one_reason_counts(self, signals):
        groups = [GROUP_OF[reason.code] for reason in rules.assess(signals).reasons]
        assert len(groups) == len(set(groups))

    @given(any_signals)
    def test_the_missing_fact_would_really_raise_it_by_that_much(self, signals):
        fact = rules.assess(signals).raise_by
        if fact is None:
            return
        code = "ask_upload_address" if fact.code == "ask_port_and_second" else fact.code
        signal, values = next(asked[1] for asked in rules._ASKABLE if asked[0] == code)
        raised = rules.total(rules.weigh({**signals, signal: values})) - rules.total(rules.weigh(signals))
        assert raised == fact.weight > 0


class TestTheSentences:
    def test_every_rule_every_lane_and_every_title_can_be_read_out_in_both_languages(self):
        assert set(CODES) == set(WEIGHED)
        assert {code for code, _ in rules.IMMINENT_WHEN} <= set(SENTENCES)
        assert {asked[0] for asked in rules._ASKABLE} | {"ask_port_and_second"} == set(RAISED_BY)
        assert set(LANE_NAMES) == set(rules.LANES)
        for english, hindi in SENTENCES.values():
            assert english
            assert re.search("[ऀ-ॿ]", hindi)
            assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", hindi))

    def test_no_title_states_what_is_not_proven(self):
        for english, _ in TITLES.values():
            assert not re.search(
                r"\b(offender|victim|suspect|accused|abus|crimin|guilty|child is)\b", english, re.IGNORECASE
            )

    @given(any_signals)
    def test_every_reason_has_all_its_values(self, signals):
        assessment = rules.assess(signals)
        for reason in (*assessment.reasons, assessment.lane_reason):
            for language in ("en", "hi"):
                said = sentence(reason, SENTENCES, language)
                assert said
                assert "–" not in said


class TestTheLanes:
    def test_a_threatened_child_with_a_deadline_is_in_imminent_danger(self):
        assessment = rules.assess(read(threatened(), NOW, Held()))
        assert assessment.lane == rules.IMMINENT
        assert assessment.lane_reason.code == "lane_threat_deadline"
        assert assessment.score >= 80
        assert assessment.raise_by is None

    def test_a_text_alone_counts_as_much_as_a_file(self):
        text_only = rules.assess(read(threatened(), NOW, Held()))
        file_only = rules.assess(
            read(threatened(texts=(), incident_type="", files=(FilePart("/fileDetails[1]"),)), NOW, Held(files=1))
        )
        assert text_only.score > file_only.score

    def test_the_sender_who_is_a_child_has_a_lane_of_its_own(self):
        persons = (Person("reporter", 1, "/", age=14), Person("reported", 1, "/"))
        record = Record("officer_form", 1, persons=persons, texts=(Text("statement", "asks for a picture", "/"),))
        assessment = rules.assess(read(record, NOW, Held()))
        assert assessment.lane == rules.CHILD_SENDER

    def test_two_fifteen_year_olds_are_both_children(self):
        persons = (Person("reported", 1, "/", age=15), Person("recipient", 1, "/", date_of_birth="2011-03-01"))
        assessment = rules.assess(read(Record("ncmec_xml", 1, persons=persons), NOW, Held()))
        assert assessment.lane == rules.BOTH_CHILDREN
        assert "reported_is_child" in {reason.code for reason in assessment.reasons}

    def test_the_flood_is_viral_by_our_own_count(self):
        record = Record(
            "ncmec_xml",
            1,
            platform="Example",
            files=(FilePart("/"),),
            facts=(Fact("email", "a@example.com", "/", role="reported"),),
        )
        flood = Held(files=1, known_files=1, most_reports_of_a_file=40_000)
        assert rules.assess(read(record, NOW, flood)).lane == rules.VIRAL

    def test_files_of_which_a_list_says_that_everybody_passes_them_on_go_down_and_new_ones_never(self):
        record = Record(
            "ncmec_xml",
            1,
            platform="Example",
            files=(FilePart("/"), FilePart("/")),
            facts=(Fact("email", "a@example.com", "/", role="reported"),),
        )
        plain = rules.assess(read(record, NOW, Held(files=2, held_files=2)))
        listed = rules.assess(read(record, NOW, Held(files=2, held_files=2, viral_files=2)))
        assert (listed.lane, plain.lane) == (rules.VIRAL, rules.NORMAL)
        assert listed.score < plain.score
        assert "files_viral_list" in {reason.code for reason in listed.reasons}
        for not_all in (
            Held(files=2, held_files=2, viral_files=1),
            Held(files=3, held_files=2, viral_files=2),
            Held(files=2, held_files=2, viral_files=1, sought_files=1),
        ):
            assert rules.assess(read(record, NOW, not_all)).score >= plain.score
            assert rules.assess(read(record, NOW, not_all)).lane == rules.NORMAL

    def test_a_file_known_as_sought_is_a_reason_and_one_found_later_a_heavier_one(self):
        record = Record("ncmec_xml", 1, files=(FilePart("/"),))
        weights = [
            {
                reason.code: reason.weight
                for reason in rules.weigh(read(record, NOW, Held(files=1, held_files=1, **more)))
            }
            for more in ({"sought_files": 1}, {"sought_files": 1, "sought_later": 1})
        ]
        assert 0 < weights[0]["file_sought"] < weights[1]["file_sought_later"]
        assert "file_sought" not in weights[1]

    def test_who_passes_on_the_clip_and_has_more_stands_out(self):
        record = Record(
            "ncmec_xml",
            1,
            files=(FilePart("/"), FilePart("/")),
            facts=(Fact("email", "a@example.com", "/", role="reported"),),
        )
        more = Held(files=2, known_files=1, most_reports_of_a_file=40_000)
        assert rules.assess(read(record, NOW, more)).lane == rules.NORMAL

    def test_a_report_that_says_neither_who_nor_where_is_thin_and_says_what_would_help(self):
        record = Record("ncmec_xml", 1, files=(FilePart("/"),), facts=(Fact("account", "123", "/", role="reported"),))
        assessment = rules.assess(read(record, NOW, Held(files=1)))
        assert assessment.lane == rules.THIN
        assert assessment.raise_by is not None

    def test_an_address_without_a_port_asks_for_port_and_second(self):
        login = Fact("ip", "198.51.100.7", "/", role="reported", event="Upload")
        assessment = rules.assess(
            read(Record("ncmec_xml", 1, facts=(login,), files=(FilePart("/"),)), NOW, Held(files=1))
        )
        assert assessment.raise_by is not None
        signals = read(Record("ncmec_xml", 1, facts=(login,)), NOW, Held())
        assert "upload_part" in signals
        assert rules.missing_fact({**signals, "acted_3h": {}, "identifier_verified": {}}).code == "ask_port_and_second"

    def test_a_time_in_the_future_is_not_believed(self):
        record = Record("ncmec_xml", 1, incident=Instant("2031-01-01T00:00:00Z", datetime(2031, 1, 1, tzinfo=UTC)))
        assert not {"acted_3h", "acted_24h"} & read(record, NOW, Held()).keys()


class TestTheSamePerson:
    PERSON = ("subject_danger", "subject_meet", "subject_sought")

    def test_what_an_unseen_report_shows_can_be_read_neither_from_the_sentence_nor_from_the_weight(self):
        assert len({SENTENCES[code] for code in self.PERSON}) == 1
        assert len({rule.weight for rule in rules.TABLE if rule.signal in self.PERSON}) == 1
        assert all(f"{code}_open" in SENTENCES for code in (*self.PERSON, "subject_many", "subject_some"))

    @given(any_signals, st.sampled_from(PERSON))
    def test_another_report_raises_the_score_and_never_makes_the_danger_this_ones(self, signals, code):
        before, after = rules.assess(signals), rules.assess({**signals, code: {}})
        assert after.score >= before.score
        assert (after.lane == rules.IMMINENT) == (before.lane == rules.IMMINENT)

    def test_what_is_said_of_a_person_is_not_handed_on(self):
        said = {code: {} for code in (*self.PERSON, "subject_many")}
        assert told(said, is_imminent=False, is_covert=False) == COUNTS
        assert told({"text_meet": {}, "file_sought": {}}, is_imminent=True, is_covert=True) == 0


class TestTheTitle:
    def test_says_what_was_said(self):
        record = threatened()
        signals = read(record, NOW, Held())
        made = title(record, signals, rules.IMMINENT)
        assert sentence(made, SENTENCES, "en") == "A person who says 13 is threatened on Example Chat"
        assert "13" in sentence(made, SENTENCES, "hi")

    @given(any_signals)
    def test_is_always_there(self, signals):
        lane = rules.lane_of(signals)[0]
        made = title(Record("ncmec_xml", 1), signals, lane)
        assert sentence(made, TITLES, "en") != made.code


class TestTheWords:
    def found(self, text: str) -> dict[str, str]:
        return {found.code: found.value for found in wording.read([wording.Words("chat", text)])}

    def test_english_hindi_and_hindi_in_latin_letters_say_the_same(self):
        assert "text_asks_age" in self.found("how old are you")
        assert "text_asks_age" in self.found("umar kya hai")
        assert "text_asks_age" in self.found("उम्र क्या है")
        assert "text_money" in self.found("asks for money") and "text_money" in self.found("पैसे भेज")

    def test_a_deadline_needs_a_demand_beside_it(self):
        assert "text_deadline" not in self.found("the account was disabled within 24 hours")
        assert self.found("threatens to post within 24 hours")["text_deadline"] == "24"
        assert self.found("threatens to post in 2 days")["text_deadline"] == "48"
        assert self.found("asks for money by tonight")["text_deadline"] == "24"

    def test_the_youngest_age_said_counts_and_other_numbers_do_not(self):
        assert self.found("says 15, later says 13")["text_age"] == "13"
        assert self.found("मैं 12 साल")["text_age"] == "12"
        assert "text_age" not in self.found("i am 10 minutes away, says 12:30, im 34")

    @given(st.text(max_size=3000))
    def test_any_text_is_read_without_complaint(self, text):
        for found in wording.read([wording.Words("chat", text)]):
            assert found.code

    def test_a_very_long_text_takes_no_longer_than_its_limit(self):
        assert wording.read([wording.Words("chat", "i am " * 400_000)]) == []


def test_reading_twice_gives_the_same():
    assert read(threatened(), NOW, Held(2, 1)) == read(threatened(), NOW, Held(2, 1))


def test_a_reason_survives_being_stored():
    reason = Reason("text_age_13_15", {"age": 13, "where": "chat"}, 18)
    assert sentence(reason, SENTENCES, "en") == "in a text somebody says they are 13 (chat)"
