"""Claim tables from file to graph: formats agree, what is refused is told, the rest is as in a claim file."""

from __future__ import annotations

import csv
import datetime
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.errors import ClaimFileError, EmptyInputError, InputError, LimitError, StorageError
from kgraph.ingest import claimfile
from kgraph.ingest import compile as compiler
from kgraph.ingest.table import cells, reading
from kgraph.ingest.validation import Judge
from kgraph.rdf import NamedNode
from kgraph.store.claimtable import ClaimTable
from kgraph.store.tablequads import TableQuads

Claims = Callable[[ClaimTable], list[tuple[str, str, str]]]
WIDE = (
    *("subject", "predicate", "object", "said_by", "source", "date", "via"),
    *("modality", "polarity", "confidence", "role", "certainty", "url"),
)


def violations(desk: Any, table: ClaimTable) -> list[str]:
    """What the shapes and invariants find in the whole graph."""
    ns, schema = desk.state.namespaces, desk.state.schema
    quads = desk.quads()
    focus = {q.subject for q in quads if not q.subject.value.startswith((ns.kg, ns.kgs))}
    return [str(found) for found in Judge(ns, schema, {}).validate(quads, focus)]


def some_rows(seed: int, number: int = 25) -> list[list[str]]:
    """Rows with every column used, about a few people, clubs, places, meetings and demands."""
    pick = random.Random(seed).choice
    clubs, people, places = ["Mill Club", "Lake Trust", "Harbour League"], ["Ann", "Bo"], ["Mill Valley", "Quay"]
    relations = [
        ("hasMember", clubs, [*clubs, *people]),
        ("opposes", clubs, ["Toll", "Fence"]),
        ("basedIn", [*clubs, *people], places),
        ("participatedIn", people, ["Spring meeting"]),
        ("heldIn", ["Spring meeting"], places),
        ("demands", clubs, ["Open the steps"]),
        ("alleges", clubs, ["Claim about the toll"]),
        ("partnerOf", clubs, clubs),
    ]
    rows = []
    for _ in range(number):
        relation, subjects, objects = pick(relations)
        rows.append(
            [
                pick(subjects),
                relation,
                pick(objects),
                pick(["", "Ann", "Mill Club", "Ann; Mill Club"]),
                pick(["", "Herald of 7 May", "Echo"]),
                pick(["", "2011", "2011-05", "2011-05-07", "2011-05~", "../2010"]),
                pick(["", "", "Wire", "Wire;Bo"]),
                pick(["", "reported", "alleged", "demanded", "opined"]),
                pick(["", "affirmed", "negated"]),
                pick(["", "0.9", "1", "0.123456"]),
                "",
                "",
                pick(["", 'https://example.org/page?a=1&b="x"'.replace('"', "%22")]),
            ]
        )
    steps = [("Open the steps", "addressee", "Mill Valley Council"), ("Open the steps", "requests", "grant-access")]
    return [*rows, *([*step, *[""] * 10] for step in steps)]


# ------------------------------------------------------------------ as a claim file


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_a_table_says_passes_every_shape_and_invariant(desk: Any, seed: int) -> None:
    desk = replace(desk, state=replace(desk.state))
    table = desk.load(some_rows(seed), WIDE, mapping="kgraph: 1\nlists: ;\n")
    assert violations(desk, table) == []


def test_a_row_is_the_claim_that_a_claim_file_makes_of_it(desk: Any) -> None:
    rows = some_rows(3)
    table = desk.load(rows, WIDE, mapping="kgraph: 1\nlists: ;\n")
    ns = desk.state.namespaces
    evidence = {NamedNode(ns.expand(name)) for name in ("kg:evidence",)}
    conflicts = NamedNode(ns.expand("kg:conflictsWith"))
    quads = TableQuads(table)
    by_claim = {table.claim_iri(n): quads.of_claim(n) for n in range(table.claims)}
    assert len(by_claim) == len(rows)
    for place, row in enumerate(rows):
        compiled = compiler.compile(
            claimfile.parse([("c.yaml", as_claim_file(table, place, row, ns).encode())], name="c.yaml"),
            ns,
            desk.state.schema,
            desk.state.knows,
        )
        (claim,) = compiled.claims
        assert claim == table.claim_iri(place)
        wanted = {q for q in compiled.quads if q.subject.value == claim and q.predicate not in evidence}
        assert {
            q for q in by_claim[claim] if q.subject.value == claim and q.predicate not in (*evidence, conflicts)
        } == wanted
        times = {q for q in compiled.quads if "/id/time-" in q.subject.value}
        assert times <= set(desk.quads())


def as_claim_file(table: ClaimTable, place: int, row: list[str], ns: Any) -> str:
    """The same claim as a curator would write it, its source and names as the table found them."""
    said = dict(zip(WIDE, row, strict=True))

    def names(column: Any, starts: Any) -> str:
        return ", ".join(ns.compress(table.terms[t]) for t in column[starts[place] : starts[place + 1]])

    one = {name: ns.compress(table.terms[getattr(table, name)[place]]) for name in ("subject", "object")}
    lines = [
        "kgraph: 1",
        f"source: {table.terms[table.article[place]].removeprefix(ns.id)}",
        "claims:",
        f"- subject: {one['subject']}",
        f"  predicate: {said['predicate']}",
        f"  object: {one['object']}",
        f"  at: {{table: {table.sha256}, row: {place + 1}}}",
        "  voice: tabular",
        f"  said_by: [{names(table.said, table.said_starts)}]",
        f"  via: [{names(table.via, table.via_starts)}]",
    ]
    lines += [f"  {field}: {said[field]}" for field in ("modality", "polarity", "confidence") if said[field]]
    if said["date"]:
        lines.append(f'  time: {{text: "{said["date"]}", edtf: "{said["date"]}", basis: stated}}')
    return "\n".join(lines) + "\n"


def test_a_relation_that_is_denied_and_affirmed_is_linked_both_ways(desk: Any) -> None:
    header = ("subject", "predicate", "object", "modality", "polarity")
    rows = [
        ("A", "opposes", "Toll", "", "affirmed"),
        ("A", "opposes", "Toll", "", "negated"),
        ("A", "opposes", "Toll", "open-question", "negated"),
        ("B", "opposes", "Toll", "", "negated"),
    ]
    table = desk.load(rows, header)
    assert table.conflict.tolist() == [[0, 1]]
    assert violations(desk, table) == []
    later = desk.load([("A", "opposes", "Toll", "", "negated"), ("B", "opposes", "Toll", "", "")], header)
    assert sorted(zip(later.outside.tolist(), later.outside_iri, strict=True)) == sorted(
        [(0, table.claim_iri(0)), (1, table.claim_iri(3))]
    )
    assert violations(desk, later) == []


# ------------------------------------------------------------------ formats


def described(table: ClaimTable) -> list[tuple[object, ...]]:
    """All that a table says, its own hash left out."""

    def term(place: int) -> str:
        return "this" if table.terms[place] == table.iri else table.terms[place]

    def terms(column: Any, starts: Any, claim: int) -> tuple[str, ...]:
        return tuple(sorted(map(term, column[starts[claim] : starts[claim + 1]].tolist())))

    def one(values: Any, place: int) -> object:
        return None if place < 0 else values[place]

    claims: list[tuple[object, ...]] = [
        (
            int(table.row[n]),
            *(term(getattr(table, name)[n]) for name in ("subject", "predicate", "object", "article")),
            terms(table.said, table.said_starts, n),
            terms(table.via, table.via_starts, n),
            one(table.times, table.time[n]),
            *(one(table.codes, getattr(table, name)[n]) for name in ("modality", "polarity", "role", "certainty")),
            str(table.confidence[n]),
            one(table.urls, table.url[n]),
        )
        for n in range(table.claims)
    ]
    entities = zip(table.entity.tolist(), table.entity_type.tolist(), table.entity_label, strict=True)
    return claims + [(term(entity), term(kind), label) for entity, kind, label in entities]


def written(desk: Any, rows: list[list[str]], folder: Path) -> dict[str, Path]:
    """The same rows in every format there is."""
    source = desk.write(rows, WIDE)
    text = pa.csv.ConvertOptions(column_types=dict.fromkeys(WIDE, pa.string()))
    arrow = pa.csv.read_csv(source, convert_options=text)
    files = {name: folder / f"x.{name}" for name in ("parquet", "feather", "arrow", "tsv")}
    pq.write_table(arrow, files["parquet"], row_group_size=7)
    pa.feather.write_feather(arrow, files["feather"], compression="zstd")
    with pa.ipc.new_stream(files["arrow"], arrow.schema) as stream:
        stream.write_table(arrow, max_chunksize=5)
    with files["tsv"].open("w", newline="") as tabs:
        csv.writer(tabs, delimiter="\t").writerows([WIDE, *rows])
    with (folder / "excel.csv").open("w", encoding="utf-8-sig", newline="") as excel:
        csv.writer(excel, delimiter=";", quoting=csv.QUOTE_ALL).writerows([WIDE, *rows])
    return {"csv": source, "excel": folder / "excel.csv", **files}


def test_every_format_gives_the_same_graph(desk: Any, tmp_path: Path) -> None:
    found = {}
    for name, file in written(desk, some_rows(5), tmp_path).items():
        prepared = desk.prepare(file, mapping="kgraph: 1\nlists: ;\n")
        assert prepared.report.refused == 0
        found[name] = described(prepared.table)
    assert len(found["csv"]) > 25
    assert [name for name, table in found.items() if table != found["csv"]] == []


def test_the_same_graph_however_few_rows_are_in_memory(
    desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = written(desk, some_rows(6), tmp_path)
    whole = {name: described(desk.prepare(file, mapping="lists: ;").table) for name, file in files.items()}
    monkeypatch.setattr(reading, "BATCH", 4)
    assert {name: described(desk.prepare(file, mapping="lists: ;").table) for name, file in files.items()} == whole


def test_typed_columns_are_read_as_what_they_hold(desk: Any, tmp_path: Path) -> None:
    table = pa.table(
        {
            "subject": pa.array(["A", "B", "C"]).dictionary_encode(),
            "predicate": ["opposes"] * 3,
            "object": ["D"] * 3,
            "said_by": pa.array([["Ann", "Bo"], None, ["Bo"]], pa.list_(pa.string())),
            "date": pa.array([datetime.date(2020, 5, 1), None, datetime.date(2021, 1, 2)]),
            "confidence": pa.array([0.5, float("nan"), 1.0]),
            "year": [2020, 2021, 2022],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    found = desk.prepare(tmp_path / "t.parquet").table
    assert [time.edtf for time in found.times] == ["2020-05-01", "2021-01-02"]
    assert str(found.confidence.tolist()) == "[0.5, nan, 1.0]"
    assert found.said_starts.tolist() == [0, 2, 3, 4]
    years = desk.prepare(tmp_path / "t.parquet", mapping="columns: {date: year}").table
    assert [time.edtf for time in years.times] == ["2020", "2021", "2022"]


# ------------------------------------------------------------------ what is refused


HEADER = ("subject", "predicate", "object", "date", "confidence", "modality")


def test_each_refused_row_is_told_with_line_column_and_reason(desk: Any) -> None:
    rows = [
        ("A", "opposes", "B", "", "", ""),
        ("A\nA", "opposes", "", "", "", ""),
        ("A", "oposes", "B", "2020-13", "", ""),
        ("A", "opposes", "B", "2020", "1.5", "aledged"),
        ("A", "memberCount", "B", "", "", ""),
    ]
    assert desk.refused(rows, HEADER) == [
        "t.csv:3: object: is missing",
        (
            "t.csv:5: predicate; date: 'oposes' is no relation of the ontology; did you mean opposes?; "
            "'2020-13' is not EDTF, such as 2020-09, 2018~/2020~ or 2020-10-02/.."
        ),
        (
            "t.csv:6: confidence; modality: '1.5' is not from 0 to 1; 'aledged' is no modality of alleged, announced, "
            "conditional, debated, demanded, open-question, opined, predicted, proposed, reported; "
            "did you mean alleged?"
        ),
        "t.csv:7: predicate: kg:memberCount takes a quantity, for which a table has no column: write a claim file",
    ]


def test_the_rest_is_loaded_and_the_refused_rows_lie_in_a_file_to_be_mended(desk: Any, tmp_path: Path) -> None:
    file = desk.text(b"subject,predicate,object\nA,opposes,B\n\nA,oposes,B\nA,opposes\n\xff,opposes,B\n")
    prepared = desk.prepare(file, refused=tmp_path / "refused.csv")
    assert (prepared.report.rows, prepared.report.claims, prepared.report.refused) == (4, 1, 3)
    assert prepared.report.refused_files == (str(tmp_path / "refused.csv"),)
    with (tmp_path / "refused.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as refused:
        rows = list(csv.reader(refused))
    assert rows[0] == ["refused line", "refused column", "refused because", "subject", "predicate", "object"]
    assert [(row[0], row[1], row[3:]) for row in rows[1:]] == [
        ("4", "predicate", ["A", "oposes", "B"]),
        ("5", "", ["A", "opposes"]),
        ("6", "", ["\udcff", "opposes", "B"]),
    ]
    assert rows[2][2] == "has 2 cells, the header 3"
    assert rows[3][2] == "holds bytes that are not UTF-8"
    mended = desk.text((tmp_path / "refused.csv").read_bytes().replace(b"oposes", b"opposes"), "mended.csv")
    again = desk.prepare(mended)
    assert (again.report.claims, again.report.refused) == (1, 2)


def test_rows_of_parquet_are_told_by_number(desk: Any, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"subject": ["A", "A"], "predicate": ["opposes", "oposes"], "object": ["B", "B"]}),
        tmp_path / "t.parquet",
    )
    prepared = desk.prepare(tmp_path / "t.parquet", refused=tmp_path / "refused.csv")
    assert prepared.report.refusals[0].startswith(f"{tmp_path}/t.parquet:2: predicate: ")
    assert (tmp_path / "refused.csv").read_text().startswith("refused row,")


def test_strict_loads_nothing_and_tells_what_is_wrong(desk: Any, tmp_path: Path) -> None:
    file = desk.write([("A", "opposes", "B"), ("A", "oposes", "B")])
    with pytest.raises(ClaimFileError) as caught:
        desk.prepare(file, strict=True, refused=tmp_path / "refused.csv")
    assert (
        caught.value.detail
        == f"{file}: 1 of 2 rows are refused, and nothing was loaded; all of them are in {tmp_path}/refused.csv"
    )
    assert [other.detail for other in caught.value.others] == [
        f"{file}:3: predicate: 'oposes' is no relation of the ontology; did you mean opposes?"
    ]
    assert (tmp_path / "refused.csv").exists()


def test_a_table_of_which_no_row_is_left_is_an_error(desk: Any) -> None:
    with pytest.raises(ClaimFileError, match="every row is refused"):
        desk.prepare(desk.write([("A", "oposes", "B")]))


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("", EmptyInputError, "the file is empty"),
        ("\n\n", EmptyInputError, "the file is empty"),
        ("subject,predicate,object\n", EmptyInputError, "a header and no row"),
        ("who,what,whom\na,b,c\n", InputError, "no column is the subject"),
        ("subject,predicate,objekt\na,b,c\n", InputError, "no column is the object; did you mean objekt"),
        ("subject,Subject,predicate,object\na,b,c,d\n", InputError, "say the same"),
        ('subject,predicate,object\n"a,b,c\n', InputError, "t.csv:2: the CSV does not read"),
        ('subject,predicate,object\na,b,c"d"\n"x"y,b,c\n', InputError, "t.csv:3: the CSV does not read"),
        ("subject,predicate,object\n".encode("utf-16"), InputError, "UTF-16"),
    ],
)
def test_a_file_that_is_no_table_is_refused(desk: Any, text: str | bytes, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        desk.prepare(desk.text(text))


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "t.feather"])
@pytest.mark.parametrize("content", [b"", b"rubbish", b"PAR1" + bytes(40) + b"PAR1", b"ARROW1\0\0" + bytes(50)])
def test_a_file_of_rubbish_is_refused(desk: Any, name: str, content: bytes) -> None:
    with pytest.raises(InputError, match=name):
        desk.prepare(desk.text(content, name))


def test_a_file_that_is_not_there_is_refused(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        desk.prepare(tmp_path / "none.csv")


def test_refused_rows_that_cannot_be_written_are_an_error_and_nothing_is_loaded(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        desk.prepare(desk.write([("A", "opposes", "B"), ("A", "oposes", "B")]), refused=tmp_path / "no" / "folder.csv")


def test_lists_are_written_with_the_mappings_separator(desk: Any, tmp_path: Path) -> None:
    rows = {"subject": ["A"], "predicate": ["oposes"], "object": ["B"], "said_by": [["Ann", "Bo"]]}
    pq.write_table(pa.table({name: [*column, *column] for name, column in rows.items()}), tmp_path / "t.parquet")
    with pytest.raises(ClaimFileError):
        desk.prepare(tmp_path / "t.parquet", refused=tmp_path / "refused.csv", mapping="lists: '|'")
    assert "A,oposes,B,Ann|Bo" in (tmp_path / "refused.csv").read_text()


def test_more_rows_than_have_names_are_refused(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_ROWS", 2)
    with pytest.raises(LimitError, match="more than 2 rows"):
        desk.prepare(desk.write([("A", "opposes", "B")] * 3))


# ------------------------------------------------------------------ once and again


def test_the_same_table_again_changes_nothing(desk: Any) -> None:
    rows = [("A", "opposes", "B")]
    table = desk.load(rows)
    again = desk.prepare(desk.write(rows))
    assert again.table is None
    assert (again.report.added, again.report.unchanged) == (0, TableQuads(table).count())


def test_the_same_table_with_another_mapping_is_refused(desk: Any) -> None:
    desk.load([("A", "opposes", "B")])
    with pytest.raises(InputError, match="since commit 1, read with another mapping"):
        desk.prepare(desk.write([("A", "opposes", "B")]), mapping="defaults: {modality: alleged}")


def test_columns_that_say_nothing_are_told(desk: Any) -> None:
    report = desk.prepare(desk.write([("A", "opposes", "B", "x")], ("subject", "predicate", "object", "remark"))).report
    assert [warning.partition(": ")[2] for warning in report.warnings] == [
        "the column 'remark' says nothing here: it is not read"
    ]


def test_progress_is_told_by_stage(desk: Any) -> None:
    told: list[tuple[str, int, int | None]] = []
    desk.prepare(desk.write([("A", "opposes", "B")]), progress=lambda *stage: told.append(stage))
    assert told == [("read", 1, None), ("check", 0, 1)]
