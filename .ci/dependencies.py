"""What the library depends on: whether the lowest and newest versions work, their licences, a lock file and a bill of materials.

    python .ci/dependencies.py try [--lowest] [python3.11 python3.12 …]   installs into fresh environments and reviews a call in each
    python .ci/dependencies.py licences [extra …]                         each package installed here that we depend on, with its licence
    python .ci/dependencies.py sbom [extra …] > sbom.json                 the same as a bill of materials in CycloneDX 1.5
    python .ci/dependencies.py lock > .ci/lock.txt                        the versions installed here, to which CI is held

An extra is one of those in ``pyproject.toml``; without any, the core is meant. Run it where the library is installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
NAME = "listening-coach"
# What CI installs, and what each Python brings along.
ALL, _BROUGHT = ("test", "lint", "docs"), ("pip", "setuptools")
# Reviews one of the samples and prints a digest of the JSON: the same on every version.
_REVIEW = """
import hashlib, sys
import listening_coach as lc
report = lc.review(sys.argv[1])
if report.score is None or not report.moments or "</html>" not in report.to_html():
    raise SystemExit("the call was not reviewed")
print(hashlib.sha256(report.to_json().encode()).hexdigest()[:16], report.score)
"""


def project() -> dict[str, list[str]]:
    """The requirements of the core, under "", and of each extra."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def lowest() -> list[str]:
    """The core's requirements, each held to the lowest version that it allows."""
    found = []
    for line in project()[""]:
        requirement = Requirement(line)
        found += [f"{requirement.name}=={each.version}" for each in requirement.specifier if each.operator == ">="]
    return found


def attempt(python: str, versions: list[str]) -> str:
    """What a review gives under a Python with some versions of what we depend on; everything is installed into a fresh environment."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder, "bin", "python")
        subprocess.run([python, "-m", "venv", folder], check=True)
        install = [run, "-m", "pip", "install", "-q", "--disable-pip-version-check", str(ROOT), *versions]
        subprocess.run(install, check=True)
        sample = ROOT / "data" / "samples" / "bank_card_fraud.json"
        done = subprocess.run([run, "-c", _REVIEW, sample], check=True, capture_output=True, text=True, cwd=folder)
        return done.stdout.strip()


def try_out(arguments: list[str]) -> None:
    """Reviews a call under each Python named, with the newest versions or the lowest, and ends with an error where two differ."""
    versions = lowest() if "--lowest" in arguments else []
    pythons = [each for each in arguments if not each.startswith("-")] or [sys.executable]
    found = {}
    for python in pythons:
        found[python] = attempt(python, versions)
        print(f"{python}, {'lowest' if versions else 'newest'} versions: {found[python]}", flush=True)
    if len(set(found.values())) > 1:
        raise SystemExit("the report differs")


def installed(extras: Iterable[str]) -> list[Distribution]:
    """All packages installed here that the core and these extras depend on, directly or not, by name; ours is left out."""
    groups = project()
    found: dict[str, Distribution] = {}
    known = set()
    left = [(Requirement(line), "") for group in ("", *extras) for line in groups[group]]
    while left:
        requirement, extra = left.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = _plain(requirement.name)
        asked = {(name, each) for each in ("", *requirement.extras)} - known
        known |= asked
        if name == NAME:
            left += [(Requirement(line), "") for _, each in asked for line in groups[each]]
            continue
        try:
            there = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = there
        left += [(Requirement(line), each) for _, each in asked for line in there.requires or ()]
    return [found[name] for name in sorted(found)]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(package: Distribution) -> str:
    """What a package says of its licence, in a few words."""
    about = package.metadata
    classified = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    said = about.get("License-Expression") or "; ".join(classified) or (about.get("License") or "").strip().partition("\n")[0]
    return said[:80] or "not stated"


def bill(extras: Iterable[str]) -> dict[str, object]:
    """A bill of materials in CycloneDX."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "library", "name": NAME, "version": _version(), "licenses": [{"license": {"id": "MIT"}}]}},
        "components": list(_components(extras)),
    }


def _components(extras: Iterable[str]) -> Iterator[dict[str, object]]:
    for package in installed(extras):
        name = _plain(package.metadata["Name"])
        yield {
            "type": "library",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": licence(package)}}],
        }


def _version() -> str:
    text = (ROOT / "listening_coach" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    return found[1] if found else ""


def main() -> None:
    """Does what the command line says."""
    command, *rest = sys.argv[1:] or ["help"]
    if command == "try":
        try_out(rest)
    elif command == "licences":
        for package in installed(rest):
            print(f"{_plain(package.metadata['Name'])} {package.version}: {licence(package)}")
    elif command == "sbom":
        print(json.dumps(bill(rest), indent=2))
    elif command == "lock":
        print("# The versions that CI tests with, written by: python .ci/dependencies.py lock")
        print(
            "\n".join(
                f"{_plain(package.metadata['Name'])}=={package.version}"
                for package in installed(ALL)
                if package.metadata["Name"] not in _BROUGHT
            )
        )
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
