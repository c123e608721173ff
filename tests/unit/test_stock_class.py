"""A class of parts in the address: written as it is read, and a sentence for what is none."""

from __future__ import annotations

import pytest

from kpi.errors import BadRequest
from kpi.stock_class import StockClass
from kpi.text import Text


def test_a_class_is_written_as_it_is_read():
    lumpy = StockClass.parse("A-lumpy")
    assert (lumpy, str(lumpy)) == (StockClass("A", "lumpy"), "A-lumpy")
    assert lumpy.told == Text("A x Lumpy", "A × 块状")
    assert lumpy.only == (("abc", ("A",)), ("demand_class", ("lumpy",)))


@pytest.mark.parametrize("text", ["A", "lumpy", "Z-lumpy", "A-bumpy", "A-lumpy-x", "-", "a-lumpy"])
def test_a_class_that_there_is_not_is_a_bad_request(text):
    with pytest.raises(BadRequest) as caught:
        StockClass.parse(text)
    assert text in caught.value.public.en and "A-lumpy" in caught.value.public.zh_cn
