"""A page without Dash: what stands where people and passwords are handled, and before anybody has signed in."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from flask import Response, current_app, g

from components.markup import to_html
from components.reader import Reader
from kpi.text import Text

_PAGE = """<!DOCTYPE html>
<html lang="{language}" data-theme="{theme}">
  <head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} · PitWall</title><link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">{styles}</head>
  <body>{body}</body>
</html>"""


def document(title: Text, tree: Any, status: int = 200) -> Response:
    reader: Reader = g.reader
    page = _PAGE.format(
        language=reader.locale.value,
        theme=reader.theme,
        title=escape(reader.told(title)),
        styles=styles(Path(current_app.root_path) / "assets"),
        body=to_html(tree),
    )
    return Response(page, status, content_type="text/html; charset=utf-8")


@cache
def styles(folder: Path) -> str:
    """All style sheets of a folder, by the same addresses as Dash gives them, so that the browser fetches each once."""
    return "".join(
        f'<link rel="stylesheet" href="{_address(sheet)}">' for sheet in sorted(folder.glob("*.css"))
    )


def scripts(*files: Path) -> str:
    return "".join(f'<script src="{_address(file)}"></script>' for file in files)


def _address(file: Path) -> str:
    """With the time of its last change: an asset is kept for a year."""
    root = next(folder for folder in file.parents if folder.name == "assets")
    return f"/assets/{file.relative_to(root).as_posix()}?m={file.stat().st_mtime}"
