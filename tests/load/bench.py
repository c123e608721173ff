"""Speed and memory of a served network, as the table of the README. `make bench` runs it; nothing asserts on time.

usage: python -m tests.load.bench DIR     (DIR as made by `python -m seed --out DIR`)
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import install_opener

from playwright.sync_api import Browser, sync_playwright

from data_access.ask import Desk
from data_access.publish import Publisher
from data_access.scope import Scope
from data_access.warehouse import Warehouse
from kpi.question import Grain, Period, Question
from tests.browser.chromium import find_or_install
from tests.entering import enter, opener

ROUNDS = 40
PACES: list[float] = []
"""What the machine made of a fixed piece of work beside each question."""
BOARDS = (
    "/churn", "/stations", "/parts", "/technicians", "/csi", "/bookings", "/map", "/region/north", "/store/S105",
)  # fmt: skip
PAINTED = """
new MutationObserver((_, observer) => {
  if (document.querySelectorAll('[data-kpi]').length < 5) return
  observer.disconnect()
  requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() }))
}).observe(document, {childList: true, subtree: true})
"""

CLICK = """
path => new Promise(done => {
  const before = document.querySelector('main'), began = performance.now()
  new MutationObserver((_, observer) => {
    const now = document.querySelector('main')
    if (!now || now === before) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
  }).observe(document, {childList: true, subtree: true})
  Array.from(document.links).find(link => link.getAttribute('href') === path).click()
})
"""


def main(directory: str) -> None:
    url = f"duckdb:///{Path(directory).resolve()}/warehouse"
    version = Publisher(url).current()
    if version is None:
        raise SystemExit(f"{directory} holds no warehouse: python -m seed --out {directory}")
    print("| what | median | p95 |\n|---|---|---|")
    verdicts(url)
    scope_costs(url, version.as_of.date() - timedelta(28))
    with served(url) as (port, pid):
        base = f"http://127.0.0.1:{port}"
        install_opener(opener(CookieJar(), base))
        fetch(base + "/")
        last = version.as_of.date() - timedelta(1)
        tell("board, nothing cached (ms)", [timed(base + "/" + path) for path in different_questions(last)])
        tell("board, cached (ms)", [timed(base + "/") for _ in range(ROUNDS)])
        firsts = []
        for path in BOARDS:
            firsts.append(timed(base + path))
            tell(
                f"{path}, nothing cached (ms)",
                [timed(base + path + period) for period in different_questions(last)],
            )
        tell("the first of each board after a start (ms)", firsts)
        tell("/version, unchanged (ms)", [timed(base + "/version") for _ in range(ROUNDS)])
        tell(f"a fixed loop beside each question, {min(PACES):.1f} at best (ms)", PACES)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_or_install(), args=["--no-sandbox", "--disable-gpu"]
            )
            first, again, size = paints(browser, base)
            clicked = clicks(browser, base)
            browser.close()
        tell("tiles painted, empty browser cache (ms)", first)
        tell("tiles painted, second visit (ms)", again)
        tell("a click until the next board is drawn, made already for somebody else (ms)", clicked)
        tell("first screen, transferred, empty cache (KB)", size)
        tell("memory of the web worker (MB)", [resident(pid)])


def different_questions(last: date) -> Iterator[str]:
    for back in range(1, ROUNDS + 1):
        yield f"?period={last - timedelta(27 + back)}..{last - timedelta(back)}"


def verdicts(url: str) -> None:
    """All statuses of the network as a publish judges them, in a process of its own, so that its memory can be told."""
    command = [sys.executable, "-m", "tests.load.verdicts", url]
    seconds, processor, memory, rows = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.split()
    tell(f"all {int(rows):,} verdicts at publish (ms)", [1000 * float(seconds)])
    tell("… processor time (ms)", [1000 * float(processor)])
    tell("… memory at most (MB)", [float(memory)])


def scope_costs(url: str, last: date) -> None:
    """SQL alone, nothing cached: the same rows asked for without bounds and by somebody whose bounds hold all regions."""
    warehouse = Warehouse(url, seconds=60)
    desk, metrics = Desk(warehouse), ("revenue", "cost", "gross_margin", "nps", "ftfr_48h")
    regions = sorted(desk.names("region", Scope.everything()))
    scopes = {
        "network": Scope.everything(),
        "all regions": Scope.of_regions(*regions),
        "one region": Scope.of_regions(regions[0]),
    }
    took: dict[str, list[float]] = {name: [] for name in scopes}
    for back in range(1, ROUNDS + 1):
        period = Period(last - timedelta(27 + back), last - timedelta(back))
        question = Question(metrics=metrics, period=period, grain=Grain.DAY, split="region")
        for name, scope in list(scopes.items())[:: 1 if back % 2 else -1]:
            started = time.perf_counter()
            desk.ask(question, scope)
            took[name].append(1000 * (time.perf_counter() - started))
    warehouse.close()
    for name, figures in took.items():
        tell(f"SQL of the health board's metrics, scope: {name} (ms)", figures)


def tell(what: str, figures: list[float]) -> None:
    ordered = sorted(figures)
    worst = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"| {what} | {statistics.median(ordered):,.0f} | {worst:,.0f} |", flush=True)


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "app:create_app()", "--workers", "1", "--threads", "4"]
    state = f"sqlite:///{tempfile.mkdtemp(prefix='pitwall-bench-')}/state.db"
    environment = {
        **os.environ,
        "PITWALL_WAREHOUSE_URL": url,
        "PITWALL_STATE_URL": state,
        "PITWALL_LOG_LEVEL": "WARNING",
    }
    with subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error"], env=environment
    ) as server:
        try:
            for _ in range(300):
                try:
                    fetch(f"http://127.0.0.1:{port}/readyz")
                    break
                except OSError:
                    time.sleep(0.1)
            worker = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0]
            yield port, int(worker)
        finally:
            server.terminate()


def fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return bytes(response.read())


def timed(url: str) -> float:
    started = time.perf_counter()
    fetch(url)
    took = 1000 * (time.perf_counter() - started)
    PACES.append(pace())
    return took


def pace() -> float:
    """Milliseconds of the same work each time: on a shared machine it tells a slow hour from a slow program."""
    started, total = time.perf_counter(), 0
    for number in range(120_000):
        total += number * number % 7
    return 1000 * (time.perf_counter() - started)


def paints(browser: Browser, base: str) -> tuple[list[float], list[float], list[float]]:
    first, again, sizes = [], [], []
    for _ in range(7):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.add_cookies(enter(base))
        context.add_init_script(PAINTED)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        received: list[float] = []
        session.on(
            "Network.loadingFinished", lambda event, into=received: into.append(event["encodedDataLength"])
        )
        for figures in (first, again):
            page.goto(base + "/")
            page.wait_for_function("window.painted")
            figures.append(page.evaluate("window.painted"))
            page.wait_for_load_state("networkidle")
            if figures is first:
                sizes.append(sum(received) / 1000)
        context.close()
    return first, again, sizes


def clicks(browser: Browser, base: str) -> list[float]:
    """Through the boards of the menu and back, five times; each is opened once before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", bypass_csp=True)
    context.add_cookies(enter(base))
    page, walk = context.new_page(), [*(path for path in BOARDS if path.count("/") == 1), "/"]
    for path in walk:
        page.goto(base + path)
        page.wait_for_function("!document.getElementById('first-paint')")
    found = []
    for path in walk * 5:
        found.append(page.evaluate(CLICK, path))
        page.wait_for_timeout(200)
    context.close()
    return found


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
