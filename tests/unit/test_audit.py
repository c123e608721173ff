"""The audit of dependencies fails on a known vulnerability and on nothing else."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.audit import audited

FOUND = {
    "id": "PYSEC-2026-1",
    "modified": "2026-11-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "holed", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class Advisories(BaseHTTPRequestHandler):
    """Answers as osv.dev does: of all packages, `holed` has a vulnerability."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = json.dumps({"vulns": [FOUND]} if asked["package"]["name"] == "holed" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def advisories():
    server = HTTPServer(("127.0.0.1", 0), Advisories)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def audit(tmp_path):
    def asked(pinned, address):
        (tmp_path / "requirements.txt").write_text(pinned)
        return audited(str(tmp_path / "requirements.txt"), "-s", "osv", "--osv-url", address)

    return asked


def test_a_known_vulnerability_fails_and_is_named(audit, advisories, capsys):
    assert audit("sound==2.0\nholed==1.0\n", advisories) == 1
    assert capsys.readouterr().out == "holed 1.0: PYSEC-2026-1, mended in 1.1\n"


def test_without_one_it_passes(audit, advisories, capsys):
    assert audit("sound==2.0\n", advisories) == 0
    assert capsys.readouterr().out == ""


def test_when_nobody_answers_it_says_so_and_goes_on(audit, capsys):
    assert audit("holed==1.0\n", "http://127.0.0.1:9") == 0
    assert "nothing was audited" in capsys.readouterr().out
