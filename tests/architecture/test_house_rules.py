"""Rules of the house that a reader may rely on without checking. Who may import whom stands in pyproject.toml."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("access", "pages", "components", "data_access", "kpi", "operations", "prediction", "seed")
PRODUCT = [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
CODE = [*PRODUCT, *(ROOT / "tests").rglob("*.py")]
SENT_TO_THE_BROWSER = [
    path for path in (ROOT / "assets").rglob("*") if path.suffix in {".css", ".html", ".js", ".json", ".svg"}
]
TEXTS = [
    *CODE,
    *SENT_TO_THE_BROWSER,
    *ROOT.glob("*.md"),
    *ROOT.glob("requirements*"),
    *(ROOT / name for name in (".ci/run", ".gitignore", "Makefile", "pyproject.toml")),
]
CHINESE = re.compile(r"[\u3400-\u9fff]")
REQUIREMENTS = [ROOT / name for name in ("requirements.txt", "requirements-dev.txt")]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_file_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "begin with a docstring that says what this file is for"
    assert len(text.splitlines()) <= _most_lines(path), "this wants a second file"


def _most_lines(path: Path) -> int:
    if path.is_relative_to(ROOT / "pages"):
        return 260 if path.name.startswith("_") else 160  # what all pages share may be longer
    # Declarations, truths typed by hand and the generator's scripts are read from top to bottom, not searched.
    long = name_of(path).startswith(("seed/", "tests/contract/", "data_access/schema.py"))
    return 600 if long else 400


def test_chinese_words_live_where_translators_look() -> None:
    homes = ("wording.py", "errors.py", "format.py", "export.py")
    paths = [path for path in PRODUCT if not path.name.endswith(homes) and _room(path) not in {"kpi", "seed"}]
    strays = [
        f"{name_of(path)}: {text}" for path in paths for text in _literals(path) if CHINESE.search(text)
    ]
    scripts = [path for path in SENT_TO_THE_BROWSER if path.suffix in {".css", ".html", ".js"}]
    strays += [name_of(path) for path in scripts if CHINESE.search(path.read_text(encoding="utf-8"))]
    assert strays == []


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def _literals(path: Path) -> Iterator[str]:
    """The texts of a file's string literals, docstrings left out."""
    tree = _tree(path)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_page_imports_another() -> None:
    found = [
        f"{name_of(path)}: {module}"
        for path in (ROOT / "pages").glob("*.py")
        for module in _modules_imported(path)
        if re.match(r"pages\.[a-z]", module)
    ]
    assert found == []


def _modules_imported(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    return modules


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("kpi", {"kpi", "numpy", "scipy"}),
        ("prediction", {"prediction", "numpy", "pandas", "scipy", "statsmodels"}),
    ],
)
def test_a_pure_room_needs_few_libraries(room: str, allowed: set[str]) -> None:
    imported = {
        module.split(".")[0] for path in (ROOT / room).rglob("*.py") for module in _modules_imported(path)
    }
    assert imported - sys.stdlib_module_names - allowed == set()


def test_seeing_everything_is_decided_by_the_app_alone() -> None:
    rooms = [path for path in PRODUCT if _room(path) in {"pages", "components"}]
    assert [name_of(path) for path in rooms if "Scope.everything()" in path.read_text(encoding="utf-8")] == []


# --- nothing leaves the house, nothing comes from outside -------------------------------------------------------------

OUTSIDE = re.compile(r"(?:https?:|wss?:)?//(?:[\w-]+\.)+[a-z]{2,}\b[^\s\"'`)]*", re.IGNORECASE)
"""An address of another host, also without its scheme."""
NAMESPACE = re.compile(r"https?://www\.w3\.org/")
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)


@pytest.mark.parametrize("path", SENT_TO_THE_BROWSER, ids=name_of)
def test_what_the_browser_loads_names_no_other_host(path: Path) -> None:
    text = LICENCE.sub("", path.read_text(encoding="utf-8"))
    assert [found for found in OUTSIDE.findall(text) if not NAMESPACE.match(found)] == []


def test_python_names_no_other_host() -> None:
    outside = re.compile(r"(https?|wss?)://(?!127\.0\.0\.1|localhost|www\.w3\.org/|…)")
    found = [
        f"{name_of(path)}: {text}" for path in PRODUCT for text in _literals(path) if outside.search(text)
    ]
    assert found == []


def test_no_theme_or_icon_is_fetched_from_a_content_network() -> None:
    found = [
        name_of(path) for path in PRODUCT if re.search(r"\bdbc\.(themes|icons)\b", path.read_text("utf-8"))
    ]
    assert found == []


def test_no_file_knows_a_machine() -> None:
    machine = re.compile(r"(?:^|[^\w./-])/(?:home|root|Users|work|farm|opt|mnt)/[A-Za-z]")
    found = [
        f"{name_of(path)}:{number}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if machine.search(line)
    ]
    assert found == []


# --- time comes in by the door -----------------------------------------------------------------------------------------

CLOCK_DOORS = {"app.py", "settings.py", "seed/__main__.py", "seed/feed.py"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
CLOCKS |= {("Timestamp", "now"), ("Timestamp", "today"), ("func", "now"), ("func", "current_date")}
CLOCKS |= {("time", "time"), ("time", "localtime"), ("time", "gmtime")}


def test_the_clock_is_read_at_the_doors_only() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        if name_of(path) not in CLOCK_DOORS
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and _called(node) in CLOCKS
    ]
    assert found == []


def _called(call: ast.Call) -> tuple[str, str] | None:
    """The last two names of what is called: `pd.Timestamp.now()` is ("Timestamp", "now")."""
    names = ast.unparse(call.func).split(".")
    return (names[-2], names[-1]) if len(names) > 1 else None


# --- what is pinned, set and written down ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*REQUIREMENTS, *ROOT.glob("requirements*.in")], ids=name_of)
def test_requirements_name_packages_and_no_place_to_get_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|@ *file|--(extra-)?index|--find-links|--trusted|^-[if]\b", text, re.MULTILINE)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_every_requirement_is_pinned(path: Path) -> None:
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.lstrip().startswith("#")
    ]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[\w.+!]+(?: ;.*)?", line)] == []


def test_what_is_asked_for_is_pinned_and_both_pins_agree() -> None:
    run, check = (_pins(path) for path in REQUIREMENTS)
    assert _asked(ROOT / "requirements.in") <= run.keys()
    assert _asked(ROOT / "requirements-dev.in") <= check.keys()
    assert run.items() <= check.items()


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def _asked(path: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_readme_lists_every_setting() -> None:
    from settings import Settings

    told = set(re.findall(r"^\| *`(PITWALL_[A-Z_]+)`", _readme(), re.MULTILINE))
    assert told == {f"PITWALL_{name.upper()}" for name in Settings.model_fields}


def test_the_readme_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    targets = set(phony[1].split())
    assert targets == set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)), (
        "each target says what it does"
    )
    assert [target for target in sorted(targets) if f"make {target}" not in _readme()] == []


def _readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_room_is_under_the_import_rules() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(rules["root_packages"]) == rooms == set(ROOMS)
