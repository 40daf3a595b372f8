"""What a user can type stands in the README, and the examples there run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import typer

from kgraph import errors, resources
from kgraph.cli import app
from kgraph.ingest.table import mapping
from kgraph.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> Iterator[str]:
    yield from (typer.main.get_command(app)).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    assert f"`{command}`" in README
    shown = subprocess.run([sys.executable, "-m", "kgraph", command, "--help"], capture_output=True, text=True)
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_has_a_row_with_its_default(setting: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `KGRAPH_{setting.upper()}` |"))
    default = Settings.model_fields[setting].default
    shown = "none" if default in (None, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    assert row.split(" | ")[1] == shown


def test_the_readme_leads_to_the_settings() -> None:
    assert "(docs/settings.md)" in README


def test_every_route_is_in_the_readme_or_a_guide_and_in_openapi(service: str) -> None:
    written = README + "".join(guide.read_text("utf-8") for guide in (ROOT / "docs").glob("*.md"))
    document = httpx2.get(f"{service}/openapi.json").json()
    for route, operations in document["paths"].items():
        assert f"`{route.split('{')[0].rstrip('./') or '/'}" in written, route
        for operation in operations.values():
            assert operation["summary"]
            assert operation["responses"]


@pytest.mark.parametrize(
    "error",
    [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.KGraphError)],
    ids=lambda c: c.__name__,
)
def test_every_error_is_documented_where_users_look(error: type[errors.KGraphError], service: str) -> None:
    assert error.__doc__
    described = httpx2.get(f"{service}/openapi.json").json()["info"]["description"]
    leaf = not error.__subclasses__()
    assert not leaf or error.__name__ in described or error is errors.RemoteError


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_readme_is_short_and_asks_one_question_four_ways() -> None:
    assert len(README.splitlines()) <= 150
    assert all(blocks(language) for language in ("sh", "python", "sparql"))


def test_the_http_and_command_line_examples_of_the_readme_run(service: str, writable_folder: Path) -> None:
    ran = 0
    for line in "\n".join(blocks("sh")).splitlines():
        line = line.split("  #")[0].strip()
        if line.startswith("curl "):
            url = next(a for a in shlex.split(line) if a.startswith("http"))
            answer = httpx2.get(url.replace("http://127.0.0.1:8000", service), follow_redirects=True)
            assert answer.status_code == 200, line
            ran += 1
        elif line.startswith(".venv/bin/kgraph ") and " serve" not in line:
            arguments = shlex.split(line.split(">")[0])[1:]
            done = subprocess.run(
                [sys.executable, "-m", "kgraph", *arguments, "--data", str(writable_folder)],
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
            assert done.returncode == 0, (line, done.stderr)
            ran += 1
    assert ran >= 4


def test_the_sparql_examples_of_the_readme_and_the_guide_run_and_find_something(service: str) -> None:
    guide = (ROOT / "docs" / "sparql.md").read_text("utf-8")
    for query in [*blocks("sparql"), *re.findall(r"```sparql\n(.*?)```", guide, re.DOTALL)]:
        answer = httpx2.get(f"{service}/sparql", params={"query": query}).json()
        assert answer["results"]["bindings"]


def test_the_python_example_of_the_readme_runs(writable_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(writable_folder.parent)
    for code in blocks("python"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=writable_folder.parent)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_the_example_of_a_claim_file_in_the_guide_is_valid(writable_folder: Path, tmp_path: Path) -> None:
    guide = (resources.folder("seeds") / "README.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    whole = [e for e in examples if "kgraph: 1" in e]
    assert whole
    for number, example in enumerate(whole):
        file = tmp_path / f"example-{number}.yaml"
        file.write_text(example, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "kgraph", "validate", str(file), "--json", "--data", str(writable_folder)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["claims"] > 0


def test_the_example_of_a_claim_table_in_the_guide_loads_whole(tmp_path: Path) -> None:
    guide = (resources.folder("seeds") / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```csv\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "harbour.csv").write_text(example, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kgraph", "load", "harbour.csv", "--strict", "--json", "--data", "data"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["claims"], report["refused"]) == (3, 0)


def test_the_example_of_a_mapping_in_the_guide_says_everything_a_mapping_can(tmp_path: Path) -> None:
    guide = (resources.folder("seeds") / "README.md").read_text("utf-8")
    (example,) = (e for e in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "columns:" in e)
    (tmp_path / "harbour.yaml").write_text(example, "utf-8")
    said = mapping.read(tmp_path / "harbour.yaml")
    assert said.model_fields_set == set(mapping.TableMapping.model_fields) - {"kgraph"}


def test_every_column_of_a_claim_table_is_in_the_guide() -> None:
    guide = (resources.folder("seeds") / "README.md").read_text("utf-8")
    assert [field for field in mapping.FIELDS if f"`{field}`" not in guide] == []
