"""A Dash tree as HTML text. tests/browser/test_components.py holds it against what Dash itself draws."""

from __future__ import annotations

from typing import Any

import pytest

from components import html
from components.attributes import aria, data
from components.markup import Page, to_html
from components.svg import Svg, bullet, element, mark, sparkline, text
from kpi.metric import Band, Direction, Limits
from kpi.verdict import Status


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (None, ""),
        ("a < b & c", "a &lt; b &amp; c"),
        (3, "3"),
        (0, "0"),
        (True, ""),
        (["a", html.B("b"), None, "c"], "a<b>b</b>c"),
        (html.Div(), "<div></div>"),
        (html.Div(html.P(["x", html.Br(), html.Img(src="/a.png", alt="")])), '<div><p>x<br><img alt="" src="/a.png"></p></div>'),
        (html.Label("n", htmlFor="f", className="a b"), '<label class="a b" for="f">n</label>'),
        (html.Td("x", colSpan=2, rowSpan=3), '<td colspan="2" rowspan="3">x</td>'),
        (html.Div("x", tabIndex=0, lang="zh-CN"), '<div lang="zh-CN" tabindex="0">x</div>'),
        (html.Button("x", disabled=True), '<button disabled="">x</button>'),
        (html.Button("x", disabled=False), "<button>x</button>"),
        (html.Details(html.Summary("s"), open=True), '<details open=""><summary>s</summary></details>'),
        (html.Div("x", **data(value='"<&'), **aria(hidden="true")),
         '<div aria-hidden="true" data-value="&quot;&lt;&amp;">x</div>'),
        (html.Link("go", href="/a?b=1&c=2", className="k", title="t"),
         '<a class="k" data-link="" href="/a?b=1&amp;c=2" title="t">go</a>'),
        (html.Link("go", href="javascript:alert(1)"), '<a data-link="">go</a>'),
        (html.A("go", href=" JaVaScript:alert(1)"), "<a>go</a>"),
        (Svg("<svg></svg>", className="k", id="m"), '<span aria-hidden="true" class="k" id="m"><svg></svg></span>'),
        (Svg("<svg></svg>", title="A & B"), '<span aria-label="A &amp; B" role="img" title="A &amp; B"><svg></svg></span>'),
        (Svg('<svg><a href="/x"/></svg>', title="M"),
         '<span aria-label="M" role="group" title="M"><svg><a href="/x"/></svg></span>'),
        (Svg('<a href="/x">x</a>'), '<span><a href="/x">x</a></span>'),
    ],
)  # fmt: skip
def test_a_tree_as_html(tree: Any, written: str) -> None:
    assert to_html(tree) == written


def test_a_misspelt_attribute_is_no_attribute() -> None:
    with pytest.raises(TypeError, match="clasName"):
        to_html(html.Div(clasName="a"))


def test_a_page_is_known_by_its_text() -> None:
    page, same, other = (Page(html.Div(words)) for words in ("a", "a", "b"))
    assert page.to_plotly_json() == {
        "props": {"html": "<div>a</div>", "of": same.of},
        "type": "Page",
        "namespace": "pitwall",
    }
    assert page.of == same.of != other.of


def test_the_same_tree_gives_the_same_text() -> None:
    drawn = {
        to_html(html.Div("x", id="a", className="b", title="c", **data(z="1", y="2"))) for _ in range(20)
    }
    assert drawn == {'<div class="b" data-y="2" data-z="1" id="a" title="c">x</div>'}


def test_what_goes_into_a_drawing_is_escaped() -> None:
    assert element("text", text('<"&'), title='"<&', data_pick="a'b") == (
        '<text title="&quot;&lt;&amp;" data-pick="a&#x27;b">&lt;"&amp;</text>'
    )


def test_each_status_has_a_shape_of_its_own() -> None:
    assert len({mark(status).markup for status in Status}) == 4


def test_a_sparkline_runs_from_left_to_right_and_ends_in_a_dot() -> None:
    drawn = sparkline([1.0, 2.0])
    assert 'd="M4.0 30.0L116.0 4.0"' in drawn
    assert '<circle cx="116" cy="4" r="2.6" class="last"/>' in drawn
    assert sparkline([1.0]) == ""


def test_a_flat_series_is_drawn_flat() -> None:
    assert 'd="M4.0 17.0L60.0 17.0L116.0 17.0"' in sparkline([5, 5, 5])
    assert 'd="M4.0 17.0L116.0 17.0"' in sparkline([0, 0])
    # 0.2 % of change is a tenth of the height, not all of it
    assert 'd="M4.0 18.3L116.0 15.7"' in sparkline([1000, 1002])


def test_a_bullet_draws_the_stretch_by_which_the_target_is_missed() -> None:
    # 10 … 20 is amber, so the scale runs 0 … 30; 15 stands in the middle, the target at two thirds
    drawn = bullet(15, Limits(good=20, critical=10), Direction.HIGHER)
    assert '<rect x="50.00%" width="16.17%" class="gap"/>' in drawn
    assert '<circle cx="50.00%" cy="50%" class="here"/>' in drawn
    assert drawn.count('class="aim"') == 1


def test_a_bullet_on_target_draws_no_gap() -> None:
    assert 'class="gap"' not in bullet(25, Limits(good=20, critical=10), Direction.HIGHER)
    assert 'class="gap"' not in bullet(5, Limits(good=10, critical=20), Direction.LOWER)
    assert 'class="gap"' in bullet(15, Limits(good=10, critical=20), Direction.LOWER)
    assert 'class="gap"' not in bullet(None, Limits(good=20, critical=10), Direction.HIGHER)


@pytest.mark.parametrize("value", [0.3, 0.95, 99.0, -99.0])
def test_a_bullet_of_a_band_has_two_edges_and_keeps_far_values_inside(value: float) -> None:
    drawn = bullet(value, Band((0.68, 0.85), (0.52, 0.9)), Direction.BAND)
    assert drawn.count('class="aim"') == 2
    assert 'class="gap"' in drawn
    place = float(drawn.split('cx="')[1].split("%")[0])
    assert 0 < place < 100


def test_a_bullet_whose_limits_are_one() -> None:
    assert 'class="here"' in bullet(0.5, Limits(good=0, critical=0), Direction.HIGHER)
