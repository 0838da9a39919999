"""What Skillmark is made of, as a CycloneDX document: every pinned library and vendored file, with its licence.

    python deploy/sbom.py build/sbom.json

A library's licence is what its installed package says. What is installed beside the pins, for tests, is left out.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PINS = [ROOT / "requirements" / name for name in ("embedded.txt", "postgresql.txt")]
VENDOR = ROOT / "tracker" / "static" / "vendor"
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[.*\])?==(?P<version>[^ ;\\]+)(?: ; (?P<marker>.+?))?(?: \\)?$", re.MULTILINE)
VENDORED = re.compile(
    r"^\| `(?P<file>[^`]+)` \| `(?P<package>[^`]+)` \| (?P<version>\S+) \| `.*` \| (?P<licence>\S+) \(",
    re.MULTILINE,
)

Component = dict[str, Any]


def pins() -> set[tuple[str, str]]:
    """Names and versions of all libraries that an installation with this Python pins."""
    found = [match for file in PINS for match in PIN.finditer(file.read_text())]
    return {
        (canonicalize_name(match["name"]), match["version"])
        for match in found
        if not match["marker"] or Marker(match["marker"]).evaluate()
    }


def vendored() -> list[Component]:
    """The libraries whose files are served as they are, from the table beside them."""
    return [
        {
            "bom-ref": f"vendored/{found['file']}",
            "type": "library",
            "name": found["package"],
            "version": found["version"],
            "purl": f"pkg:npm/{found['package']}@{found['version']}",
            "licenses": [{"license": {"id": found["licence"]}}],
            "hashes": [
                {"alg": "SHA-256", "content": hashlib.sha256((VENDOR / found["file"]).read_bytes()).hexdigest()}
            ],
        }
        for found in VENDORED.finditer((VENDOR / "README.md").read_text())
    ]


def document() -> dict[str, Any]:
    """The whole document; the same for the same pins and files. Raises: SystemExit when a pin is not installed."""
    environment = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", "pyproject.toml"]
    options = ["--output-reproducible", "--no-validate", "--spec-version", "1.6", sys.executable]
    made = subprocess.run([*environment, *options], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    found = json.loads(made)
    asked = pins()
    libraries = [each for each in found["components"] if _pin(each) in asked]
    if absent := asked - {_pin(each) for each in libraries}:
        raise SystemExit(f"Not installed as pinned: {sorted(absent)}")
    kept = {each["bom-ref"] for each in libraries} | {found["metadata"]["component"]["bom-ref"]}
    found["components"] = [*libraries, *vendored()]
    found["dependencies"] = [
        {**each, "dependsOn": [ref for ref in each.get("dependsOn", []) if ref in kept]}
        for each in found["dependencies"]
        if each["ref"] in kept
    ]
    return found


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _pin(component: Component) -> tuple[str, str]:
    return canonicalize_name(component["name"]), component["version"]


def main() -> None:
    """Write it to the file named."""
    made = document()
    Path(sys.argv[1]).write_text(json.dumps(made, indent=2) + "\n")
    print(f"{sys.argv[1]}: {len(made['components'])} components")


if __name__ == "__main__":
    main()
