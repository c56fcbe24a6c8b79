"""Units as a CSV file, as spreadsheets and people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.access.formats.table_csv import CELL_LETTERS_MAX, FILE_BYTES_MAX, ROWS_MAX, NotATable
from abhaya.access.formats.units_csv import COLUMNS, read

PLAIN = "code,name,kind,parent_code\nHUB,Hub,hub,\nMH,Maharashtra Cyber,state,HUB\n"


def why(content: bytes) -> str:
    with pytest.raises(NotATable) as refusal:
        read(content)
    return refusal.value.code


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").replace("\n", "\r\n").encode(),
        PLAIN.replace("parent_code", " Parent Code ").replace("code,", "CODE,", 1).encode(),
    ],
)
def test_what_spreadsheets_write_is_read(content):
    table = read(content)
    assert [dict(row.values) for row in table.rows] == [
        {"code": "HUB", "name": "Hub", "kind": "hub", "parent_code": ""},
        {"code": "MH", "name": "Maharashtra Cyber", "kind": "state", "parent_code": "HUB"},
    ]
    assert table.unknown_columns == ()


def test_hindi_quotes_blank_lines_and_unknown_columns():
    text = 'code,name,name_hi,kind,colour\n\n"JAL","Jalgaon, Cyber",जलगाँव साइबर,district,red\n,,,,\n'
    table = read(text.encode())
    assert table.rows[0].values["name"] == "Jalgaon, Cyber"
    assert table.rows[0].values["name_hi"] == "जलगाँव साइबर"
    assert table.rows[0].line == 3
    assert len(table.rows) == 1
    assert table.unknown_columns == ("colour",)


def test_a_short_row_lacks_values_and_a_long_one_is_marked():
    table = read(b"code,name,kind\nA,B\nC,D,hub,extra\nE,F,hub,,\n")
    assert dict(table.rows[0].values) == {"code": "A", "name": "B"}
    assert [row.is_too_long for row in table.rows] == [False, True, False]


def test_files_that_are_no_such_table_say_why():
    assert why(b"") == "csv-empty"
    assert why(b"code,name\nA,B\n") == "csv-columns"
    assert why(b"code,name,kind,code\n") == "csv-column-twice"
    assert why(b"\xff\xfe\x00") == "csv-encoding"
    assert why(b"code,name,kind\n\xe0\xa4,b,hub\n") == "csv-encoding"
    assert why(b"code,name,kind\nA\x00,b,hub\n") == "csv-encoding"
    assert why(b'code,name,kind\n"A,b,hub\n') == "csv-quotes"
    assert why(b"code,name,kind\nA," + b"x" * (CELL_LETTERS_MAX + 1) + b",hub\n") == "csv-cell"
    assert why(b"code,name,kind\n" + b"A,b,hub\n" * (ROWS_MAX + 1)) == "csv-rows"
    assert why(b"x" * (FILE_BYTES_MAX + 1)) == "csv-large"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_no_file_does_anything_but_be_read_or_refused(content):
    try:
        table = read(b"code,name,kind\n" + content)
    except NotATable:
        return
    for row in table.rows:
        assert set(row.values) <= set(COLUMNS.known)
        assert all(len(value) <= CELL_LETTERS_MAX for value in row.values.values())
