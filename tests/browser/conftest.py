"""A demo network, the product serving it, and pages of it in Chromium that may speak to nobody else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests import demo_network
from tests.browser.chromium import find_or_install
from tests.entering import enter

ROOT = Path(__file__).parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium; a test gets contexts of its own from `open_page`."""
    executable = str(find_or_install())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield cast(Browser, SignedIn(browser))
        browser.close()


ENTERED: list[SetCookieParam] = []
"""The session of the executive at the served demo network, once there is one."""


class SignedIn:
    """A browser whose contexts are somebody's who has signed in, unless asked otherwise.

    The tests' own scripts are text that is run, which the product's policy forbids: they go past it. One test does not.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)

    def new_context(self, *, signed_in: bool = True, **wishes: Any) -> BrowserContext:
        context = self._browser.new_context(**{"bypass_csp": True, **wishes})
        if signed_in:
            context.add_cookies(ENTERED)
        return context

    def new_page(self, **wishes: Any) -> Page:
        return self.new_context(**wishes).new_page()


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny demo network as of AS_OF, as `python -m seed` leaves it."""
    return demo_network.made(tmp_path_factory)


@pytest.fixture(scope="session")
def server(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product, served as in production and ready, with its clock standing at its AS_OF."""
    port = _free_port()
    log = tmp_path_factory.mktemp("server") / "server.log"
    command = ["-m", "gunicorn", "app:create_app()", "--workers", "1", "--threads", "8"]
    command += ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "2"]
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=_settings(demo_dir), stdout=lines, stderr=lines
        )
        try:
            _wait_until_ready(process, f"http://127.0.0.1:{port}", log)
            ENTERED[:] = cast(list[SetCookieParam], enter(f"http://127.0.0.1:{port}"))
            yield f"http://127.0.0.1:{port}"
        finally:
            ENTERED.clear()
            process.terminate()
            process.wait(timeout=20)


def _settings(demo_dir: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PITWALL_")}
    return others | {
        "PITWALL_WAREHOUSE_URL": f"duckdb:///{demo_dir / 'warehouse'}",
        "PITWALL_STATE_URL": f"sqlite:///{demo_dir / 'state.db'}",
        "PITWALL_CLOCK": demo_network.AS_OF,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(
    process: subprocess.Popen[bytes], address: str, log: Path, seconds: float = 120
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not become ready:\n{log.read_text()[-4000:]}")


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[OpenPage]:
    """Opens pages as one reader would; the test fails on an outside request, a console error or a page error.

    `remembered=False` leaves language and theme to the browser's own wishes, as on a first visit. `ready` is what
    must be visible before the page is handed over. `allow` holds parts of console errors that the test provokes.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []
    allowed: list[str] = []

    def open_(
        path: str,
        *,
        width: int = 1440,
        height: int = 900,
        locale: str = "zh-CN",
        theme: str = "dark",
        remembered: bool = True,
        ready: str = "[data-role=headline]",
        allow: Sequence[str] = (),
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if theme == "dark" else "light",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        allowed.extend(allow)
        if remembered:
            wishes = {"language": locale, "theme": theme}
            context.add_cookies([{"name": n, "value": v, "url": server} for n, v in wishes.items()])
        _watch(context, urlsplit(server).netloc, problems)
        page = context.new_page()
        page.goto(server + path)
        page.locator(ready).first.wait_for(state="visible", timeout=30_000)
        # The server's own painting goes when the scripts have drawn the same page: from then on it can be used.
        page.wait_for_function("!document.getElementById('first-paint')", timeout=30_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    unforeseen = [problem for problem in problems if not any(part in problem for part in allowed)]
    assert not unforeseen, "\n".join(unforeseen)


def _watch(context: BrowserContext, host: str, problems: list[str]) -> None:
    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != host:
            problems.append(f"request to another host: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console error: {message.text} ({message.location.get('url', '')})")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
