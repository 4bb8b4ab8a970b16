"""The notebooks run from beginning to end, as they are, and are committed without outputs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow  # runs the notebooks

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    """The folder is not empty, so the tests below test something."""
    assert [n.name for n in NOTEBOOKS][:1] == ["one_call.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_no_outputs_committed(path: Path) -> None:
    """Outputs are made by running: none are committed, so none can be out of date."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None)] == []


@cache
def executed(path: Path) -> Any:
    """A notebook after running in its own folder; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def shown(cell: Any) -> set[str]:
    return {kind for output in cell.outputs if "data" in output for kind in output.data}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_runs(path: Path) -> None:
    """Every cell runs without an error or a warning, and every picture comes out."""
    for cell in executed(path).cells:
        if cell.cell_type == "code":
            assert [output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stderr"] == []
            assert ("image/png" in shown(cell)) == ("plt.subplots" in cell.source or ".plot." in cell.source), cell.source


def test_one_call_shows_the_report() -> None:
    """The notebook on one call shows its tables, and ends with the report itself, in place."""
    cells = executed(next(n for n in NOTEBOOKS if n.name == "one_call.ipynb")).cells
    (last,) = cells[-1].outputs
    assert '<div class="lc"' in last.data["text/html"]
    assert "What to work on next" in last.data["text/html"]
    tables = [cell for cell in cells if cell.cell_type == "code" and "pd.DataFrame(" in cell.source]
    assert len(tables) >= 4
    assert all("text/html" in shown(cell) for cell in tables)
