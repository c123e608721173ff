"""A Chromium that starts and a font that has Chinese, for the browser tests; installs what is missing.

`python -m tests.browser.chromium` prints the path of the browser's executable.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
DEBIAN_BROWSER = "chromium"
DEBIAN_FONTS = "fonts-noto-cjk"


def find_or_install() -> Path:
    """The executable of a Chromium that starts. Raises SystemExit, saying what to install, where there is none."""
    browser = find()
    missing = [*([] if browser else [DEBIAN_BROWSER]), *([] if has_chinese_font() else [DEBIAN_FONTS])]
    if DEBIAN_BROWSER in missing and installed_by_playwright():
        missing.remove(DEBIAN_BROWSER)
    if missing:
        install_from_debian(missing)
    browser = browser or find()
    if browser is None:
        raise SystemExit(
            "The browser tests need Chromium, and it could not be installed here. Install Chromium or Google Chrome "
            "so that it is on the PATH (Debian, Ubuntu: apt-get install chromium), then run this again."
        )
    if not has_chinese_font():
        raise SystemExit(
            "The browser tests need a font with Chinese characters, and it could not be installed here. Install one "
            "(Debian, Ubuntu: apt-get install fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts), then run this again."
        )
    return browser


def find() -> Path | None:
    """The first Chromium of this machine, or of Playwright, that starts."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    for found in map(shutil.which, (*NAMES, *PLACES)):
        if found:
            yield Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        yield own


def _starts(path: Path) -> bool:
    # A launcher may stand on the PATH and start nothing (Ubuntu without snap, missing shared libraries).
    return _runs([str(path), "--version"], seconds=60)


def has_chinese_font() -> bool:
    """Whether text in Chinese can be drawn. Every desktop system but Linux brings such a font."""
    if not sys.platform.startswith("linux"):
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def installed_by_playwright() -> bool:
    """Lets Playwright download its own Chromium; False where the network or the system does not allow it."""
    _say("no Chromium on this machine; asking Playwright for one")
    return (
        _runs([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300) and find() is not None
    )


def install_from_debian(packages: Sequence[str]) -> None:
    """Installs Debian packages where this user may; says so where not, and leaves the verdict to the caller."""
    apt, sudo = shutil.which("apt-get"), shutil.which("sudo")
    as_root = [] if os.geteuid() == 0 else [sudo, "-n"] if sudo else None
    if apt is None or as_root is None:
        return
    _say(f"installing {' '.join(packages)}")
    _runs([*as_root, apt, "-qq", "update"], seconds=300)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "install", "-y", "--no-install-recommends"]
    # fontconfig brings fc-list, which fonts alone do not ask for.
    _runs([*as_root, *quiet, *packages, "fontconfig"], seconds=600)


def _runs(command: Sequence[str], seconds: float) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _say(text: str) -> None:
    print(f"PitWall: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(find_or_install())
