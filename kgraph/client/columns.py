"""The rows of a SPARQL answer as columns with types: read by Arrow a column at a time, never a row at a time.

SPARQL's TSV writes whole terms, so nothing is lost on the way, and costs no more to read than CSV. Each different term
of a column is looked at once.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from kgraph.client import terms

_QUOTED: Final = re.compile(r'.*"(@[A-Za-z0-9-]+|\^\^<[^>]*>)?\Z', re.DOTALL)
_NUMBER: Final = r"^(?:[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)$"
_TYPED_NUMBER: Final = rf'^"([^"]*)"\^\^<(?:{"|".join(sorted(terms.INTEGERS | terms.FLOATS))})>$'
_UNCHECKED: Final = pc.CastOptions(target_type=pa.string(), allow_invalid_utf8=True)
_SAMPLE: Final = 2_000
_ZONED: Final = r"(Z|[+-][0-9]{2}:[0-9]{2})$"


def read(body: bytes) -> Any:
    """A `pyarrow.Table` of the terms as they are written, null where unbound; its columns are the variables.

    >>> read(b"?a\\t?b\\n1\\t<urn:x>\\n").to_pydict()
    {'a': ['1'], 'b': ['<urn:x>']}
    """
    first, _, rest = body.partition(b"\n")
    names = [name.lstrip("?$") for name in first.decode().rstrip("\r").split("\t")]
    if names == [""]:
        names = []
    if not rest or not names:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return csv.read_csv(
        pa.py_buffer(body),
        read_options=csv.ReadOptions(column_names=names, skip_rows=1, block_size=1 << 22),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, escape_char=False, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )


def typed(column: Any) -> Any:
    """A column of terms as an Arrow array of their values: int64, double, bool, date32, timestamp or string; a list of
    Python values where the terms are of several kinds."""
    if not _repeats(column):
        return _values(column)
    coded = column.combine_chunks().dictionary_encode()
    values = _values(coded.dictionary)
    if isinstance(values, list):
        return [None if index is None else values[index] for index in coded.indices.to_pylist()]
    return values.take(coded.indices)


def _repeats(column: Any) -> bool:
    """Whether the terms of a column seem to come again and again, so that each is worth to be looked at once."""
    some = column.slice(0, _SAMPLE)
    return bool(2 * pc.count_distinct(some).as_py() < len(some))


def _values(written: Any) -> Any:
    """The values of terms; null stays null."""
    example = next((one for one in written if one.is_valid), None)
    if example is None:
        return pa.nulls(len(written), pa.string())
    try:
        found = _of_one_kind(written, example.as_py())
    except pa.ArrowInvalid:  # not as its datatype says
        found = None
    if found is not None:
        return found
    return [None if one is None else terms.read(one).value for one in written.to_pylist()]


def _of_one_kind(written: Any, example: str) -> Any | None:
    if example.startswith("<"):
        iris = _every(pc.starts_with(written, "<")) and _every(pc.ends_with(written, ">"))
        inner = _inside(written, 1, 1) if iris else None
        return None if inner is None or _any(pc.starts_with(inner, "<")) else inner
    if example.startswith('"'):
        return _literals(written, example)
    if example in ("true", "false"):
        return pc.equal(written, "true") if _every(pc.is_in(written, pa.array(["true", "false", None]))) else None
    with contextlib.suppress(pa.ArrowInvalid):
        return written.cast(pa.int64())
    return _numbers(written)


def _numbers(written: Any) -> Any | None:
    """Numbers of several datatypes; None where there is anything else among them."""
    bare = pc.replace_substring_regex(written, _TYPED_NUMBER, r"\1")
    return bare.cast(pa.float64()) if _every(pc.match_substring_regex(bare, _NUMBER)) else None


def _literals(written: Any, example: str) -> Any | None:
    match = _QUOTED.match(example)
    suffix = (match and match[1]) or ""
    if not _every(pc.ends_with(written, f'"{suffix}')):
        return _numbers(written) if suffix.startswith("^^") else _texts(written)
    inner = _inside(written, 1, 1 + len(suffix))
    match suffix[3:-1]:
        case kind if kind in terms.FLOATS:
            return inner.cast(pa.float64())
        case kind if kind in terms.INTEGERS:
            return inner.cast(pa.int64())
        case kind if kind == f"{terms.XSD}date":
            return inner.cast(pa.date32())
        case kind if kind == f"{terms.XSD}dateTime":
            zoned = pc.match_substring_regex(inner, _ZONED)
            if _any(zoned) and not _every(zoned):
                return None
            return inner.cast(pa.timestamp("us", "UTC" if _any(zoned) else None))
    return inner


def _texts(written: Any) -> Any | None:
    """Texts of several languages, or with none; None where there are other literals among them."""
    if _any(pc.match_substring(written, '"^^<')) or not _every(pc.starts_with(written, '"')):
        return None
    return pa.array([None if one is None else terms.read(one).text for one in written.to_pylist()], pa.string())


def _inside(written: Any, before: int, after: int) -> Any:
    """Terms without so many bytes at their ends, and without their escapes."""
    sliced = pc.binary_slice(written.cast(pa.binary()), before, -after)
    inner = pc.cast(sliced, options=_UNCHECKED)  # only signs of ASCII were cut off
    if _any(pc.match_substring(inner, "\\")):
        return pa.array([None if one is None else terms.unescaped(one) for one in inner.to_pylist()], pa.string())
    return inner


def _every(holds: Any) -> bool:
    return bool(pc.all(holds).as_py())


def _any(holds: Any) -> bool:
    return bool(pc.any(holds).as_py())


def from_values(values: Sequence[object]) -> Any:
    """A column of Python values as `typed` gives one; a list where Arrow has no one type for them."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return list(values)


def to_pandas(columns: dict[str, Any]) -> Any:
    """A DataFrame with nullable integers and booleans, dates as datetime64, and texts as pandas' own."""
    from kgraph.client.extras import needed

    pandas = needed("pandas", "notebook")
    texts = pandas.StringDtype("pyarrow", na_value=float("nan"))
    dtypes = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype(), pa.string(): texts}
    series = {}
    for name, column in columns.items():
        if isinstance(column, list):
            series[name] = pandas.Series(column, dtype="object")
            continue
        if pa.types.is_date32(column.type):
            column = column.cast(pa.timestamp("s"))
        elif pa.types.is_null(column.type):
            column = column.cast(pa.string())
        series[name] = column.to_pandas(types_mapper=dtypes.get)
    return pandas.DataFrame(series, columns=list(columns))


def to_polars(columns: dict[str, Any]) -> Any:
    """A polars DataFrame; columns of several kinds are texts."""
    from kgraph.client.extras import needed

    polars = needed("polars", "polars")
    plain = {
        name: pa.array([None if v is None else str(v) for v in column], pa.string())
        if isinstance(column, list)
        else column
        for name, column in columns.items()
    }
    return polars.from_arrow(pa.table(plain))
