"""Known vulnerabilities of what the product runs on, by pip-audit; without a way to the advisories it says so and goes on.

usage: python -m tests.audit REQUIREMENTS [OPTION OF PIP-AUDIT …]
"""

from __future__ import annotations

import json
import subprocess
import sys

SECONDS = 10
"""All in all; a slow network holds nobody up."""


def audited(requirements: str, *options: str) -> int:
    """The exit status: 1 when a pinned version has a known vulnerability."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", requirements, "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "3", *options]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False).stdout
        packages = json.loads(told)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        packages = []
    known = [package for package in packages if "vulns" in package]
    if not known:
        print(f"the advisories could not be reached within {SECONDS} s: nothing was audited")
        return 0
    for package in known:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "nowhere yet"
            print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    return int(any(package["vulns"] for package in known))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(audited(*sys.argv[1:]))
