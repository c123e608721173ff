"""What only a browser can tell: that painted HTML is what Dash draws, that pages change places, that screens stay honest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import dash.html
import pytest
from dash import Dash, Input, Output, dcc
from flask import Flask, Response, request
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from werkzeug.serving import make_server

from components import html, shell
from components.attributes import aria, data
from components.headline import Finding, headline
from components.html import Element
from components.markup import Page, to_html
from components.reader import Reader
from components.tile import tile, tile_grid
from kpi.question import PERIODS
from kpi.text import Text, same
from tests.unit.components_sample import AS_OF, answer, series, verdict

READER = Reader()
FIXED = {"numerator": 34_862.0, "denominator": 41_208.0}
PAGE = """<!doctype html><html lang="zh-CN" data-theme="light" data-poll="0.2" data-version='"1"'>
<head>{%metas%}{%css%}</head><body><div id="first-paint" data-of="OF">PAINTED</div>{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>"""

CANONICAL = """root => {
  const told = node => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const names = [...node.attributes].map(a => a.name + '=' + JSON.stringify(a.value));
    const inside = [...node.childNodes].map(told).join('');
    return '<' + [node.localName, ...names.sort()].join(' ') + '>' + inside + '</>\\n';
  };
  return [...root.childNodes].map(told).join('');
}"""


def every_construct() -> Element:
    """One of everything that the pages are made of."""
    return html.Div(
        [
            "text & <text>",
            3,
            0,
            None,
            html.P(
                ["a", html.Br(), html.B("b"), " ", html.Wbr(), "c"], className="k l", title='"quoted" & <b>'
            ),
            html.Label("n", htmlFor="f"),
            html.Table(html.Tbody(html.Tr([html.Th("x", scope="row", colSpan=2), html.Td("y", rowSpan=2)]))),
            html.Details([html.Summary("s"), html.Div("inside")], open=True),
            html.Button("go", disabled=True),
            html.Button("go", disabled=False, id="b", type="button"),
            html.Img(src="/assets/favicon.svg", alt=""),
            html.Div("named", tabIndex=-1, lang="en", hidden=True, **data(value="1"), **aria(label='x "y"')),
            html.Time("10:40", dateTime="2026-11-20T10:40"),
            html.A("out", href="/x?a=1&b=2", hrefLang="en", target="_blank", rel="noopener"),
        ],
        id="constructs",
    )


def by_dash(tree: Any) -> Any:
    """The same tree of Dash's own components, which React draws."""
    if isinstance(tree, list):
        return [by_dash(part) for part in tree]
    if not isinstance(tree, Element):
        return tree
    return getattr(dash.html, tree.tag.capitalize())(by_dash(tree.children), **tree.props)


def whole_page() -> Element:
    of = answer("ftfr_30d", FIXED, FIXED | {"numerator": 35_645.0})
    found = verdict(of)
    trend = series("ftfr_30d", [FIXED, FIXED])
    menu = shell.Menu("period", same("period"), {key: name for key, (name, _) in PERIODS.items()}, "mtd")
    late = [shell.LateStore(same("<store>"), None)]
    bar = shell.filter_bar(
        [menu],
        READER,
        lambda name, value: f"/?{name}={value}",
        crumbs=[(same("N"), "/"), (same("R"), None)],
        freshness=shell.Freshness(AS_OF, 0.97, late),
    )
    tiles = [tile(of, found, READER, unit="network", series=trend, lead=True, href="/metric")]
    return shell.page(
        Text("Health", "健康度"),
        [tile_grid(tiles), html.Div([html.Br()] * 150, id="end")],
        READER,
        header=shell.header([("/", same("A")), ("/b", same("B"))], "/", READER, back="/?a=b"),
        bar=bar,
        headline=headline([Finding(of.metric, of.total, found)], READER),
    )


@dataclass
class Site:
    """The product's assets around a layout, and a /version that can be moved and broken."""

    address: str = ""
    etag: str = '"1"'
    up: bool = True
    known: bool = True
    """Whether the reader's session is open."""
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    server = Flask("components_in_browser")
    app = Dash(
        __name__,
        server=server,
        assets_folder=str(Path(__file__).parents[2] / "assets"),
        assets_path_ignore=["wall"],
        update_title="",
    )
    told = dash.html.Output(id="told-version")
    painted = Page(whole_page())
    app.layout = dash.html.Div(
        [
            dcc.Store(id="version"),
            dash.html.Div(Page(whole_page()), id="_pages_content"),
            Page(html.P("a notice", id="noticed")),
            by_dash(every_construct()),
            told,
        ]
    )
    app.index_string = PAGE.replace("PAINTED", painted.html).replace("OF", painted.of)
    app.callback(Output("told-version", "children"), Input("version", "data"), prevent_initial_call=True)(
        lambda v: v
    )

    @server.get("/version")
    def version() -> Response:
        made.asked.append(request.headers.get("If-None-Match"))
        if not made.up:
            return Response(status=503)
        if not made.known:
            return Response(status=401)
        moved = made.etag not in str(made.asked[-1])
        return Response(status=200 if moved else 304, headers={"ETag": made.etag})

    http = make_server("127.0.0.1", 0, server, threaded=True)
    made.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield made
    http.shutdown()
    thread.join()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Tab]]:
    problems: list[str] = []
    contexts = []

    def open_(*, script: str = "", scripts: bool = True) -> Tab:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        page: Tab = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.add_init_script(script)
        page.goto(site.address)
        if scripts:
            page.wait_for_selector("#react-entry-point [data-role=headline]", timeout=60_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def canonical(page: Tab, selector: str) -> str:
    return str(page.eval_on_selector(selector, CANONICAL))


def painted(page: Tab, tree: Any) -> str:
    put = "html => { const t = document.createElement('div'); t.id = 'painted'; t.innerHTML = html; document.body.append(t) }"
    page.evaluate(put, f"<div>{to_html(tree)}</div>")
    told = canonical(page, "#painted > div")
    page.evaluate("document.getElementById('painted').remove()")
    return told


def test_painted_html_is_what_dash_draws(open_page: Callable[..., Tab]) -> None:
    page = open_page()
    drawn = canonical(page, "#constructs").splitlines()
    assert painted(page, every_construct().children).splitlines() == drawn


def test_the_painted_page_gives_way_in_one_frame_and_keeps_its_place(open_page: Callable[..., Tab]) -> None:
    watch = """window.frames_ = [];
      (function frame() {
        const headlines = document.querySelectorAll('[data-role=headline]').length;
        if (document.body) window.frames_.push([headlines, window.scrollY, !!document.getElementById('first-paint')]);
        const painted = document.querySelector('#first-paint h1');
        if (painted && window.scrollY === 0) window.scrollTo(0, 400);
        if (painted) window.painted = painted;
        requestAnimationFrame(frame);
      })();"""
    page = open_page(script=watch)
    page.wait_for_timeout(300)
    seen = page.evaluate("window.frames_")
    once = [count for count, *_ in seen[seen.index(next(f for f in seen if f[0])) :]]
    assert set(once) == {1}
    before = [place for _, place, painted in seen if painted][-1]
    after = [place for _, place, painted in seen if not painted][-1]
    assert before > 300 and abs(after - before) <= 5  # a busy machine may round the page by a line
    assert page.locator("#first-paint").count() == 0
    assert page.evaluate("window.painted.isConnected"), "the same page is taken over as it stands"
    assert page.locator("#_pages_content h1").count() == 1 and page.locator("#noticed").count() == 1


def test_a_page_that_is_newer_than_the_painted_one_takes_its_place(open_page: Callable[..., Tab]) -> None:
    older = """new MutationObserver(() => {
      const painted = document.getElementById('first-paint');
      if (painted) { painted.dataset.of = 'older'; window.painted = painted.querySelector('h1') || window.painted; }
    }).observe(document, {childList: true, subtree: true})"""
    page = open_page(script=older)
    assert page.locator("#first-paint").count() == 0 and page.locator("h1").count() == 1
    assert not page.evaluate("window.painted.isConnected")


def test_the_painted_page_works_without_scripts(open_page: Callable[..., Tab]) -> None:
    page = open_page(scripts=False)
    assert page.locator("[data-kpi=ftfr_30d]").is_visible()
    page.locator(".filter summary").click()
    assert page.get_by_role("link", name="近 7 天").get_attribute("href") == "/?period=7d"
    page.locator(".late summary").click()
    assert page.get_by_text("五周以上未上报").is_visible()


def test_one_menu_is_open_at_a_time_and_escape_closes_it(open_page: Callable[..., Tab]) -> None:
    page = open_page()
    filters, late = page.locator(".filter"), page.locator(".late")
    filters.locator("summary").click()
    late.locator("summary").click()
    assert (filters.get_attribute("open"), late.get_attribute("open")) == (None, "")
    page.keyboard.press("Escape")
    assert late.get_attribute("open") is None
    assert page.evaluate("document.activeElement.closest('.late') !== null")


def test_a_new_version_reaches_the_store(open_page: Callable[..., Tab], site: Site) -> None:
    page = open_page()
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    assert set(site.asked[-1:]) == {'"1"'}
    site.etag = '"2"'
    page.locator("#told-version", has_text="2").wait_for()
    site.etag = '"1"'


def test_a_lost_connection_shows_and_heals(open_page: Callable[..., Tab], site: Site) -> None:
    page = open_page()
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    red = "getComputedStyle(document.querySelector('.tile .shape')).color"
    before = page.evaluate(red)
    site.up = False
    page.wait_for_function("document.documentElement.dataset.connection === 'lost'")
    assert page.get_by_text("数据更新已中断").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.lost time'), '::after').content").count(":")
        == 1
    )
    assert page.evaluate(red) != before
    site.up = True
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    assert not page.get_by_text("数据更新已中断").is_visible()
    assert page.evaluate(red) == before


def test_what_grows_too_old_greys_by_its_own_limit(open_page: Callable[..., Tab]) -> None:
    """The tile is of a day and good for 36 hours; the strip beside it for a quarter of an hour."""
    strip = (
        f'<p data-as-of="{AS_OF.isoformat()}" data-good-for="900"><span class="state">on target</span></p>'
    )
    late = (AS_OF + timedelta(hours=2)).isoformat()
    script = f"""new MutationObserver(() => {{
        document.documentElement.dataset.now = '{late}';
        if (document.body && !document.getElementById('strip')) document.body.insertAdjacentHTML('beforeend', `{strip}`);
    }}).observe(document, {{childList: true, subtree: true}})""".replace("<p ", '<p id="strip" ')
    page = open_page(script=script)
    page.wait_for_function("document.documentElement.dataset.connection === 'late'")
    assert page.locator("#strip").get_attribute("data-aged") == f"数据延迟 {AS_OF:%H:%M}"
    assert page.locator(".tile[data-aged]").count() == 0
    page.evaluate(f"window.pitwall.hear('{(AS_OF + timedelta(hours=37)).isoformat()}')")
    page.locator(".tile[data-aged]").wait_for()
    assert page.locator(".tile").get_attribute("data-aged") == f"数据延迟 {AS_OF:%m-%d %H:%M}"  # not of today


def test_a_session_that_has_ended_says_so_and_how_to_go_on(open_page: Callable[..., Tab], site: Site) -> None:
    page = open_page()
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    site.known = False
    link = page.get_by_role("link", name="重新登录")
    link.wait_for()
    assert link.get_attribute("href") == "/sign-in?next=%2F"
    assert page.locator(".tile[data-aged]").count() == page.locator(".tile").count()
    site.known = True
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    assert not link.is_visible() and page.locator("[data-aged]").count() == 0


def test_questions_pause_while_nobody_looks(open_page: Callable[..., Tab], site: Site) -> None:
    page = open_page()
    page.wait_for_function("document.documentElement.dataset.connection === 'live'")
    hide = "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true}); window.away = true"
    page.evaluate(f"{hide}; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(600)
    asked = len(site.asked)
    page.wait_for_timeout(1_000)
    assert len(site.asked) == asked
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(600)
    assert len(site.asked) > asked
