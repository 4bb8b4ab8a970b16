"""Builds the API reference from the docstrings: python .ci/docs.py FOLDER

Needs `pip install -e '.[docs,test]'`, as signatures name types of every extra. A warning of the builder, such as a type that it cannot find, ends the build.
"""

from __future__ import annotations

import sys
import typing
import warnings
from pathlib import Path
from types import ModuleType

import pdoc

import listening_coach

warnings.simplefilter("error", UserWarning)


def named_tuples(module: ModuleType) -> list[type]:
    """The named tuples among the public names of a module and of the public modules in it."""
    found: list[type] = []
    for name in module.__all__:
        value = getattr(module, name)
        if isinstance(value, ModuleType):
            found += named_tuples(value)
        elif isinstance(value, type) and hasattr(value, "_fields"):
            found.append(value)
    return found


def main(folder: Path) -> None:
    """Writes the pages into a folder."""
    for each in named_tuples(listening_coach):
        # pdoc looks for the types of a named tuple's fields in a module that does not exist.
        each.__new__.__annotations__ = typing.get_type_hints(each)
    pdoc.render.configure(docformat="markdown")
    pdoc.pdoc("listening_coach", output_directory=folder)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
