"""The shape of the package: imports run one way, and importing it does nothing."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import listening_coach

PACKAGE = Path(listening_coach.__file__).parent
# Lowest first; a module imports only from layers before its own, or from its own folder.
LAYERS = [
    "sensitive", "safe_text", "errors", "private_files", "checking", "transcript", "names_by_presidio", "masking", "moments", "language", "behaviours",
    "action_points", "detectors", "outcome", "joined", "occasions", "scorers", "metrics", "sentiment", "said", "rubric", "ledger", "scoring", "agents",
    "second_opinion", "reviews",
    "report", "schemas", "readers", "bulk", "coach", "file_checks", "fitting", "scores", "batch", "team", "console", "cli_team", "cli",
    "__main__",
]  # fmt: skip
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE)


def layer(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(module: Path) -> set[str]:
    """The layers a module imports at any depth of its code, type-only imports apart."""
    package = ["listening_coach", *module.relative_to(PACKAGE).parts[:-1]]
    found = set()
    tree = ast.parse(module.read_text(encoding="utf-8"))
    type_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in type_only:
            base = package[: len(package) - node.level + 1] if node.level else []
            path = [*base, *(node.module or "").split(".")] if node.module else base
            if path[:1] == ["listening_coach"]:
                found |= {path[1]} if len(path) > 1 else {alias.name for alias in node.names} - {"__version__"}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_down(module: Path) -> None:
    """A module imports only from the layers below its own."""
    own = LAYERS.index(layer(module))
    assert all(LAYERS.index(name) <= own for name in imported(module)), imported(module)


NAMES = {
    ".".join(("listening_coach", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): p for p in PACKAGE.rglob("*.py")
}


def modules_imported(module: Path) -> set[str]:
    """The modules of the package that a module imports at any depth of its code, type-only imports apart, by their full names."""
    package = ["listening_coach", *module.relative_to(PACKAGE).parts[:-1]]
    tree = ast.parse(module.read_text(encoding="utf-8"))
    type_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in type_only:
            continue
        base = package[: len(package) - node.level + 1] if node.level else []
        path = ".".join([*base, *(node.module.split(".") if node.module else [])])
        if path.split(".")[0] == "listening_coach":
            # "from . import plain" imports the module, not a name of the folder.
            found |= {f"{path}.{alias.name}" if f"{path}.{alias.name}" in NAMES else path for alias in node.names}
    return found - {"listening_coach"}


FOLDERS = sorted({p.parent for p in MODULES if p.parent != PACKAGE})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_import_circle_in_a_folder(folder: Path) -> None:
    """Inside a folder imports run one way too: none of its modules imports, over however many others, itself."""
    graph = {name: modules_imported(path) for name, path in NAMES.items() if folder in path.parents}
    while free := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for name in free:
            del graph[name]
    assert not graph, {name: sorted(needs & graph.keys()) for name, needs in graph.items()}


def test_import_loads_nothing_heavy() -> None:
    """Importing the package loads none of the libraries that take time."""
    code = "import sys, listening_coach; print(sorted({'spacy', 'nltk', 'textblob', 'pandas', 'dateparser', 'msgspec', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


@pytest.mark.parametrize("name", listening_coach.__all__)
def test_public_names(name: str) -> None:
    """Every public name is there when asked for."""
    assert getattr(listening_coach, name) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("listening_coach.batch:run", "listening_coach.scores:run"),
        ("listening_coach.batch:open_scores", "listening_coach.scores:open_scores"),
        ("listening_coach.report:About", "listening_coach.report:BehaviourInfo"),
    ],
)
def test_old_names(old: str, new: str) -> None:
    """A public name of version 0.1 still works, and warns which name it has now."""
    (old_module, old_name), (new_module, new_name) = (name.split(":") for name in (old, new))
    with pytest.warns(DeprecationWarning, match="is now"):
        found = getattr(importlib.import_module(old_module), old_name)
    assert found is getattr(importlib.import_module(new_module), new_name)
    with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
        _ = importlib.import_module(old_module).nothing_of_the_kind


def test_unknown_name() -> None:
    """A name that there is not is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
        _ = listening_coach.nothing_of_the_kind
