"""The built wheel works outside the checkout, with ontology and seeds inside and no module as general as `api`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    tree = tmp_path_factory.mktemp("tree") / "kgraph"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", out, tree], check=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing but the wheel and what it asks for."""
    venv = tmp_path_factory.mktemp("env") / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    constraints = venv / "constraints.txt"
    subprocess.run(
        [UV, "export", "--quiet", "--frozen", "--no-hashes", "--no-emit-project", "--output-file", constraints],
        cwd=ROOT,
        check=True,
    )
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--constraint", constraints, wheel],
        env={**os.environ, "VIRTUAL_ENV": str(venv)},
        check=True,
    )
    return venv


def test_the_wheel_carries_ontology_and_seeds_and_no_top_level_api(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"kgraph", "kgraph_api"}
    for inside in (
        "kgraph/py.typed",
        "kgraph/data/ontology/kgraph.ttl",
        "kgraph/data/seeds/article-01/article.yaml",
        "kgraph_api/app.py",
        "kgraph_api/static/explorer/explorer.js",
        "kgraph/client/static/widget.js",
    ):
        assert inside in names
    assert any(n.startswith("kgraph/data/ontology/shapes/") for n in names)
    assert any(n.startswith("kgraph_api/static/") for n in names)


def test_the_installed_service_and_export_work_outside_the_checkout(
    environment: Path, serve: Callable[..., str], tmp_path: Path
) -> None:
    command = environment / "bin" / "kgraph"
    url = serve(tmp_path / "served", kgraph_command=command, cwd=tmp_path)
    found = subprocess.run(
        [command, "search", "IATP", "--url", url, "--json"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "inter-parliamentary-alliance-on-china" in found.stdout
    exported = subprocess.run([command, "export", "--format", "turtle"], cwd=tmp_path, capture_output=True, check=True)
    assert len(rdflib.Graph().parse(data=exported.stdout, format="turtle")) > 5000


def test_the_library_does_not_import_the_web(environment: Path, tmp_path: Path) -> None:
    code = (
        "import sys, kgraph; print([m for m in sys.modules if m.split('.')[0] in ('fastapi', 'kgraph_api', 'pyshacl')])"
    )
    seen = subprocess.run([environment / "bin" / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert seen.stdout.strip() == "[]"
