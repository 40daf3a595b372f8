"""The built wheel works outside the checkout, with ontology and seeds inside and no module as general as `api`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import rdflib
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")

UNREACHED = ("error sending request", "dns error", "client error (Connect)", "Network is unreachable")
"""What uv says where there is no index."""

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
    return installed(str(wheel), tmp_path_factory.mktemp("env") / "venv")


@pytest.fixture(scope="module")
def notebook_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment as `pip install 'kgraph-claims[notebook]'` fills it."""
    return installed(f"kgraph-claims[notebook] @ {wheel.as_uri()}", tmp_path_factory.mktemp("notebook") / "venv")


def installed(what: str, venv: Path) -> Path:
    """A new environment with that in it, and what it asks for in the versions of the lock."""
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    constraints = venv / "constraints.txt"
    export = [UV, "export", "--quiet", "--frozen", "--no-hashes", "--no-emit-project", "--extra", "notebook"]
    subprocess.run([*export, "--output-file", constraints], cwd=ROOT, check=True)
    done = subprocess.run(
        [UV, "pip", "install", "--quiet", "--constraint", constraints, what],
        env={**os.environ, "VIRTUAL_ENV": str(venv)},
        capture_output=True,
        text=True,
    )
    if done.returncode and any(words in done.stderr for words in UNREACHED):
        pytest.skip(f"no package index can be reached from here, so nothing can be installed: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
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


def test_the_first_notebook_runs_with_what_its_extra_brings(
    notebook_environment: Path, service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = notebook_environment / "bin" / "python"
    kernel = {"argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    spec = tmp_path / "kernels" / "fresh" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({**kernel, "display_name": "fresh"}), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    notebook = nbformat.read(ROOT / "notebooks" / "1-the-article.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import sys, kgraph; print(sys.prefix, kgraph.__file__)"))
    client = NotebookClient(notebook, timeout=200, kernel_name="fresh", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env={**os.environ, "IPYTHONDIR": str(tmp_path / "ipython"), "KGRAPH_URL": service})
    (where,) = (output.text for output in notebook.cells[-1].outputs)
    prefix, package = where.split()
    assert prefix == str(notebook_environment)
    assert package.startswith(prefix)
    shown = [one.get("data", {}) for cell in notebook.cells for one in cell.get("outputs", [])]
    pages = [data["text/html"] for data in shown if "text/html" in data]
    assert any("Amnesty International</a>" in page for page in pages)
