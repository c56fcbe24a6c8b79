"""A list by key: the next page begins after the last row, and nobody can make a key of their own."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from abhaya.web.pager import BadPage, after_of, page_of

ASK = RequestFactory()


def test_the_next_page_begins_after_the_last_row_shown():
    page = page_of(list(range(51)), lambda row: [row, "x"], after=None, most=50)
    assert list(page.rows) == list(range(50))
    assert after_of(ASK.get("/", {"after": page.next_after}), 2) == [49, "x"]


def test_the_last_page_has_no_next():
    page = page_of([1, 2], lambda row: [row], after=[0], most=50)
    assert (page.next_after, page.is_first) == ("", False)


def test_an_empty_list_is_a_first_page():
    page = page_of([], lambda row: [row], after=None)
    assert (list(page.rows), page.next_after, page.is_first) == ([], "", True)


@pytest.mark.parametrize("after", ["x", "WzFd:1a:zzz", "☃", "a" * 5000])
def test_a_made_up_key_is_refused_with_a_sentence(after):
    with pytest.raises(BadPage, match="damaged") as refused:
        after_of(ASK.get("/", {"after": after}), 2)
    assert refused.value.status == 400


def test_a_key_of_another_shape_is_refused():
    page = page_of([1, 2], lambda row: [row], after=None, most=1)
    with pytest.raises(BadPage, match="older version"):
        after_of(ASK.get("/", {"after": page.next_after}), 2)
