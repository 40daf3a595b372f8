"""Input made to do harm, over HTTP, each to the same running service.

Of every one: the process that serves is the same afterwards and answers the next query within a second; an error is
typed; what never ends is ended half a second after the deadline; nobody on loopback was asked anything.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.hostile

TIMEOUT, GRACE = 2.0, 0.5
AWAY = "http://127.0.0.1:{port}/x"
"""Where the listener is; filled in when it is known."""
UPDATE = {"Content-Type": "application/sparql-update"}
PROLOGUE = "PREFIX x: <http://127.0.0.1:{port}/> "


@dataclass(frozen=True)
class Input:
    """A request, and which statuses would be right."""

    name: str
    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (400,)
    with_key: bool = False


def query(name: str, text: str, *statuses: int) -> Input:
    headers = {"Content-Type": "application/sparql-query"}
    return Input(f"query: {name}", "POST", "/sparql", text.encode(), headers, statuses or (400,))


def update(name: str, text: str, *statuses: int) -> Input:
    return Input(f"update: {name}", "POST", "/update", text.encode(), UPDATE, statuses or (400,), with_key=True)


def upload(name: str, kind: str, body: bytes, *statuses: int, method: str = "PUT", **headers: str) -> Input:
    path = f"/graphs?graph={quote('urn:hostile:' + name.replace(' ', '-'), safe='')}"
    told = {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Input(f"upload: {name}", method, path, body, told, statuses or (400,), with_key=True)


# ------------------------------------------------------------------ what ends the engine's process by itself

DEEP: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: f"SELECT ({'(' * n}1{')' * n} AS ?x) {{}}",
    "groups": lambda n: f"SELECT * {{ {'{' * n} ?s ?p ?o {'}' * n} }}",
    "functions": lambda n: f"SELECT ({'STR(' * n}1{')' * n} AS ?x) {{}}",
    "exists": lambda n: f"SELECT * {{ {'FILTER EXISTS { ' * n} ?s ?p ?o {'}' * n} }}",
    "optionals": lambda n: f"SELECT * {{ {'OPTIONAL { ?s ?p ?o ' * n} {'}' * n} }}",
    "subselects": lambda n: f"SELECT * {{ {'{ SELECT * { ' * n} ?s ?p ?o {'}}' * n} }}",
    "negations": lambda n: f"SELECT ({'!' * n}true AS ?x) {{}}",
    "minus signs": lambda n: f"SELECT ({'- ' * n}1 AS ?x) {{}}",
    "sums": lambda n: f"SELECT ({'1 + ' * n}1 AS ?x) {{}}",
    "ors": lambda n: f"ASK {{ FILTER({'true || ' * n}true) }}",
    "unions": lambda n: f"SELECT * {{ {'{ ?s ?p ?o } UNION ' * n}{{ ?s ?p ?o }} }}",
    "path groups": lambda n: f"SELECT * {{ ?s {'(' * n}<urn:p>{')' * n} ?o }}",
    "inverse paths": lambda n: f"SELECT * {{ ?s {'^(' * n}<urn:p>{')' * n} ?o }}",
    "path sequences": lambda n: f"SELECT * {{ ?s {'<urn:p>/' * n}<urn:p> ?o }}",
    "path alternatives": lambda n: f"SELECT * {{ ?s {'<urn:p>|' * n}<urn:p> ?o }}",
    "lists": lambda n: f"SELECT * {{ ?s ?p {'(' * n}1{')' * n} }}",
    "blank nodes": lambda n: f"SELECT * {{ ?s ?p {'[ ?p ' * n}1{']' * n} }}",
    "triple terms": lambda n: f"SELECT * {{ ?s ?p {'<<( <urn:a> <urn:b> ' * n}1{')>>' * n} }}",
    "ifs": lambda n: f"SELECT ({'IF(true, ' * n}1{', 1)' * n} AS ?x) {{}}",
    "minuses": lambda n: f"SELECT * {{ ?s ?p ?o {'MINUS { ?s ?p ?o ' * n}{'}' * n} }}",
}


def deep() -> Iterator[Input]:
    for name, make in DEEP.items():
        yield query(f"2,000 {name}", make(2_000))
        yield query(f"20,000 {name}", make(20_000), 400)


# ------------------------------------------------------------------ what never ends

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
NEVER = "FILTER(CONCAT(STR(?a), STR(?l)) = 'no')"
ENDLESS = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "cross product in order": f"SELECT * {{ {CROSS} }} ORDER BY DESC(?a) ?l LIMIT 1",
    "distinct cross product": f"SELECT DISTINCT ?a ?l {{ {CROSS} }}",
    "cross product of graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } "
    "GRAPH ?z { ?g ?h ?i } }",
    "anything to anything": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:no>|^!<urn:no>)* ?b . ?b (!<urn:no>|^!<urn:no>)* ?c }",
    "grouped cross product": f"SELECT ?a (GROUP_CONCAT(?l) AS ?n) {{ {CROSS} }} GROUP BY ?a",
    "existing cross product": "ASK { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?l = 'no') } }",
    "minus of a cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c MINUS { ?a ?e ?f . ?g ?h ?i . ?j ?k ?l } }",
    "optional cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f } OPTIONAL { ?g ?h ?i } }",
    "regular expression of all pairs": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(REGEX(STR(?c), '(a+)+b')) }",
    "described cross product": f"DESCRIBE ?a {{ {CROSS} {NEVER} }}",
    "constructed cross product": f"CONSTRUCT {{ ?a ?b ?l }} WHERE {{ {CROSS} {NEVER} }}",
}
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))


def endless() -> Iterator[Input]:
    for name, text in ENDLESS.items():
        yield query(name, text, 503)
    yield query("a string doubled 40 times", f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('aaaa' AS ?x0) {DOUBLED} }}", 503)
    yield query("more rows than are given", "SELECT * { ?a ?b ?c . ?d ?e ?f }", 503)
    yield query("10,001 rows of values", f"SELECT * {{ VALUES ?x {{ {'1 ' * 10_001} }} }}")
    yield query("201 triple patterns", f"SELECT * {{ {'?s ?p ?o . ' * 201} }}")
    yield query("a text longer than is taken", f"SELECT ('{'x' * 1_000_001}' AS ?x) {{}}", 413, 400)
    for n, (name, text) in enumerate(list(ENDLESS.items())[:4]):
        where = text[text.index("{") : text.rindex("}") + 1]
        yield update(f"{name}, inserted", f"INSERT {{ <urn:a> <urn:b> {n} }} WHERE {where}", 503)


# ------------------------------------------------------------------ path searches in a query

ENDS = "[] path:source id:amnesty-international ; path:target id:antonio-guterres"
PATHS: dict[str, tuple[str, tuple[int, ...]]] = {
    "a k as large as it gets": (f"{ENDS} ; path:mode 'k_shortest' ; path:k {'9' * 30} ; path:path ?p", (400,)),
    "hops as many as it gets": (f"{ENDS} ; path:mode 'all_simple' ; path:max_hops 1000000 ; path:path ?p", (400,)),
    "negative hops": (f"{ENDS} ; path:max_hops -1 ; path:path ?p", (400,)),
    "all simple paths there are": (
        f"{ENDS} ; path:mode 'all_simple' ; path:max_hops 12 ; path:max_ms 10000 ; path:path ?p ; path:claim ?c",
        (200, 400, 503),
    ),
    "a time as long as it gets": (f"{ENDS} ; path:max_ms 99999999999 ; path:path ?p", (400,)),
    "edges as many as it gets": (f"{ENDS} ; path:max_edges 99999999999 ; path:path ?p", (400,)),
    "a source without a value": ("[] path:source ?x ; path:target id:ioc ; path:path ?p", (400,)),
    "no source": ("[] path:target id:ioc ; path:path ?p", (400,)),
    "a source nobody knows": ("[] path:source <urn:no> ; path:target id:ioc ; path:path ?p", (400, 404)),
    "ten thousand sources": (
        "[] path:source " + ", ".join(f"<urn:no:{n}>" for n in range(10_000)) + " ; path:target id:ioc ; path:path ?p",
        (400, 404),
    ),
    "a pattern nested without end": (
        f"{ENDS} ; path:pattern '{'(' * 5_000}hasMember{')' * 5_000}' ; path:path ?p",
        (400,),
    ),
    "a pattern of stars in stars": (
        f"{ENDS} ; path:pattern '{'(' * 20}hasMember*{')*' * 20}' ; path:path ?p",
        (200, 400),
    ),
    "a pattern of many alternatives": (
        f"{ENDS} ; path:pattern '({'|'.join(['hasMember', '^hasMember'] * 2_000)})*' ; path:path ?p",
        (200, 400),
    ),
    "a pattern that is none": (f"{ENDS} ; path:pattern '^^//||' ; path:path ?p", (400,)),
    "a lens of nonsense": (f"{ENDS} ; path:modality 'sometimes' ; path:path ?p", (400,)),
    "a year of nonsense": (f"{ENDS} ; path:valid_from '99999999999-99' ; path:path ?p", (400,)),
    "a confidence beyond all": (f"{ENDS} ; path:min_confidence 1e308 ; path:path ?p", (400,)),
    "sources more than there are": (f"{ENDS} ; path:min_sources {'9' * 40} ; path:path ?p", (400,)),
    "a term nobody knows": (f"{ENDS} ; path:everything true", (400,)),
    "a search in a search": (f"{ENDS} ; path:path ?p . SERVICE kg:path {{ {ENDS} }}", (400, 403)),
    "a pattern of triples in a search": ("?s ?p ?o", (400,)),
    "a filter in a search": (f"{ENDS} ; path:path ?p FILTER(1 = 1)", (400,)),
    "blank nodes in blank nodes": ("[ path:source " * 500 + "id:ioc" + "]" * 500, (400,)),
}


def path_searches() -> Iterator[Input]:
    for name, (block, statuses) in PATHS.items():
        yield query(f"path search: {name}", f"SELECT * {{ SERVICE kg:path {{ {block} }} }}", *statuses)
    search = f"SERVICE kg:path {{ {ENDS} ; path:path ?p ; path:to ?to }}"
    values = f"VALUES ?to {{ {'id:ioc ' * 140_000} }}"  # just under what a text may be long
    yield query("path search: a million values beside it", f"SELECT * {{ {values} {search} }}", 400, 413)
    yield query("path search: eleven of them", f"SELECT * {{ {search * 11} }}", 400)
    yield query("path search: silent", f"SELECT * {{ {search.replace('SERVICE', 'SERVICE SILENT')} }}", 400)
    escaped = search.replace("kg:path", "kg:p\\u0061th")
    yield query("path search: a name by escapes", f"SELECT * {{ {escaped} }}", 403, 400)
    yield query("path search: not closed", f"SELECT * {{ SERVICE kg:path {{ {ENDS}", 400)
    joined = f"SELECT (COUNT(*) AS ?n) {{ {search} {CROSS} {NEVER} }}"
    yield query("path search: before a cross product without end", joined, 503)
    yield update("path search in an update", f"INSERT {{ <urn:a> <urn:b> ?p }} WHERE {{ {search} }}", 403, 400)


# ------------------------------------------------------------------ who would send this service elsewhere

ELSEWHERE = {
    "service": "SELECT * { SERVICE <AWAY> { ?s ?p ?o } }",
    "service silently": "SELECT * { SERVICE SILENT <AWAY> { ?s ?p ?o } }",
    "service in small letters": "select * { service <AWAY> { ?s ?p ?o } }",
    "service without a blank": "SELECT * { SERVICE<AWAY>{ ?s ?p ?o } }",
    "service silently without a blank": "SELECT * { SERVICESILENT<AWAY>{ ?s ?p ?o } }",
    "service by a prefix": "PROLOGUE SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "service by a prefix without a blank": "PREFIX : <AWAY> SELECT * { SERVICE:y { ?s ?p ?o } }",
    "service after a remark": "SELECT * { SERVICE # x\n <AWAY> { ?s ?p ?o } }",
    "service by a variable": "SELECT * { BIND(<AWAY> AS ?g) SERVICE ?g { ?s ?p ?o } }",
    "service with an escape": "SELECT * { \\u0053ERVICE <AWAY> { ?s ?p ?o } }",
    "service in an optional": "SELECT * { OPTIONAL { SERVICE <AWAY> { ?s ?p ?o } } }",
    "service in exists": "ASK { FILTER EXISTS { SERVICE <AWAY> { ?s ?p ?o } } }",
    "service in a subselect": "SELECT * { { SELECT * { SERVICE <AWAY> { ?s ?p ?o } } } }",
    "service glued to a word": "SELECT * { ?s a trueSERVICE <AWAY> { ?s ?p ?o } }",
    "load at the query's door": "LOAD <AWAY>",
    "from elsewhere": "SELECT * FROM <AWAY> { ?s ?p ?o }",
}
LOADS = {
    "load": "LOAD <AWAY>",
    "load silently": "LOAD SILENT <AWAY> INTO GRAPH <urn:a>",
    "load in small letters": "load <AWAY>",
    "load after another": "INSERT DATA { <urn:a> <urn:b> 1 } ; LOAD <AWAY>",
    "load by a prefix": "PROLOGUE LOAD x:y",
    "service in an update": "INSERT { ?s ?p ?o } WHERE { SERVICE <AWAY> { ?s ?p ?o } }",
    "service in a using": "INSERT { ?s ?p ?o } USING <urn:a> WHERE { SERVICE SILENT <AWAY> { ?s ?p ?o } }",
}


def elsewhere() -> Iterator[Input]:
    for name, text in ELSEWHERE.items():
        filled = text.replace("PROLOGUE", PROLOGUE).replace("AWAY", AWAY)
        yield query(name, filled, *((200,) if name == "from elsewhere" else (403, 400)))
    for name, text in LOADS.items():
        statuses = (200,) if name == "load silently" else (403, 400)
        yield update(name, text.replace("PROLOGUE", PROLOGUE).replace("AWAY", AWAY), *statuses)


# ------------------------------------------------------------------ updates

OWN = "https://w3id.org/kgraph/graph/claims"
UPDATES: dict[str, tuple[str, tuple[int, ...]]] = {
    "drop all": ("DROP ALL", (403,)),
    "clear named": ("CLEAR NAMED", (403,)),
    "drop the claims": (f"DROP GRAPH <{OWN}>", (403,)),
    "into the claims": (f"INSERT DATA {{ GRAPH <{OWN}> {{ <urn:a> <urn:b> 1 }} }}", (403,)),
    "into a graph that a variable names": ("INSERT { GRAPH ?g { <urn:a> <urn:b> 1 } } WHERE { GRAPH ?g {} }", (403,)),
    "out of every graph": ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", (403, 503)),
    "move the claims": (f"MOVE <{OWN}> TO <urn:mine>", (403,)),
    "copy over the claims": (f"COPY <urn:mine> TO <{OWN}>", (403, 400)),
    "a claim of one's own": (
        "INSERT DATA { GRAPH <urn:m> { <urn:c> a <https://w3id.org/kgraph/ns#Claim> } }",
        (403,),
    ),
    "deep lists": (f"INSERT DATA {{ <urn:a> <urn:b> {'(' * 5_000}{')' * 5_000} }}", (400,)),
    "deep blank nodes": (f"INSERT DATA {{ <urn:a> <urn:b> {'[ <urn:p> ' * 5_000}1{']' * 5_000} }}", (400,)),
    "deep brackets": (f"INSERT {{ <urn:a> <urn:b> ?x }} WHERE {{ BIND({'(' * 5_000}1{')' * 5_000} AS ?x) }}", (400,)),
    "many operations": ("CREATE SILENT GRAPH <urn:x> ;" * 2_000, (400,)),
    "a query": ("SELECT * { ?s ?p ?o }", (400,)),
    "a string doubled": (
        f"INSERT {{ <urn:a> <urn:b> ?x40 }} WHERE {{ BIND('aaaa' AS ?x0) {DOUBLED} }}",
        (503,),
    ),
    "a graph copied into itself without end": (
        "INSERT { GRAPH <urn:big> { ?a ?b ?f } } WHERE { ?a ?b ?c . ?d ?e ?f }",
        (503, 403),
    ),
}


# ------------------------------------------------------------------ uploads

BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10)
)
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
TURTLE, NT, XML, JSONLD = "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"


def uploads() -> Iterator[Input]:
    yield upload("deep JSON-LD", JSONLD, b'{"@id":"urn:a","urn:p":' * 4_000 + b"1" + b"}" * 4_000)
    yield upload("deep JSON arrays", JSONLD, b"[" * 100_000 + b"]" * 100_000)
    yield upload("a context elsewhere", JSONLD, b'{"@context":"AWAY","@id":"urn:a","x":1}')
    yield upload("an import elsewhere", JSONLD, b'{"@context":{"@version":1.1,"@import":"AWAY"},"@id":"urn:a"}')
    yield upload("a context of its own elsewhere", JSONLD, b'{"@id":"urn:a","urn:p":{"@context":"AWAY","x":1}}')
    yield upload("entities", XML, f"{BOMB}]>{RDF}&j;</rdf:RDF>".encode())
    yield upload("an external entity", XML, f"<!DOCTYPE x [<!ENTITY a SYSTEM 'AWAY'>]>{RDF}&a;</rdf:RDF>".encode())
    yield upload("an external DTD", XML, f"<!DOCTYPE x SYSTEM 'AWAY'>{RDF}</rdf:RDF>".encode())
    yield upload("a file as entity", XML, f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{RDF}&a;".encode())
    yield upload("deep XML", XML, RDF.encode() + b"<rdf:Description>" * 50_000, 400, 503)
    yield upload("deep lists", TURTLE, b"<urn:a> <urn:b> " + b"(" * 100_000 + b")" * 100_000, 400, 503)
    yield upload("deep blank nodes", TURTLE, b"<urn:a> <urn:b> " + b"[ <urn:p> " * 100_000, 400, 503)
    yield upload("deep triple terms", TURTLE, b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 50_000, 400, 503)
    yield upload("an endless line", NT, b'<urn:a> <urn:b> "' + b"x" * 2_900_000, 400)
    yield upload("a body longer than is taken", NT, b"#" * 3_000_001, 413)
    yield upload("a packed body", TURTLE, gzip.compress(b"#" * 50_000_000), 415, Content_Encoding="gzip")
    yield upload("what is no UTF-8", TURTLE, b"<urn:a> <urn:b> '\xff\xfe' .")
    yield upload("a newline in an IRI", NT, b"<urn:a\nb> <urn:b> <urn:c> .")
    yield upload("a space in an IRI", NT, b"<urn:a b> <urn:b> <urn:c> .")
    yield upload("an escaped newline in an IRI", TURTLE, b"<urn:a\\u000Ab> <urn:b> <urn:c> .")
    yield upload("NUL bytes", TURTLE, b"\x00" * 1_000)
    yield upload("another graph's quads", "application/n-quads", f"<urn:a> <urn:b> 'x' <{OWN}> .".encode())
    yield upload("an unknown kind", "application/x-shockwave-flash", b"x", 415)
    half = b"--x\r\nContent-Type: text/turtle\r\n\r\n<urn:"
    yield upload("half a multipart", "multipart/form-data; boundary=x", half, 400, 415, method="POST")
    yield upload("a multipart without a boundary", "multipart/form-data", b"--x", method="POST")
    yield Input("upload: into the claims", "PUT", f"/graphs?graph={quote(OWN, safe='')}", b"", {"Content-Type": TURTLE},
                (403,), with_key=True)  # fmt: skip
    yield Input("upload: into no graph", "PUT", "/graphs?graph=not%20an%20iri", b"", {"Content-Type": TURTLE}, (400,),
                with_key=True)  # fmt: skip


# ------------------------------------------------------------------ requests

INSERT = b"update=INSERT%20DATA%20%7B%20%3Curn%3Aa%3E%20%3Curn%3Ab%3E%201%20%7D"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def requests() -> Iterator[Input]:
    evil = {"Origin": "https://evil.example"}
    yield Input("an update by GET at the query's door", "GET", "/sparql?update=DROP%20ALL")
    yield Input("an update by GET", "GET", "/update?update=DROP%20ALL", statuses=(405,))
    yield Input("an update without a key", "POST", "/update", INSERT, FORM, (401, 403))
    yield Input("an update with a key that is none", "POST", "/update", INSERT, {**FORM, "Authorization": "Bearer x"},
                (401,))  # fmt: skip
    yield Input("a key as a password", "POST", "/update", INSERT, {**FORM, "Authorization": "Basic eDp4"}, (401,))
    yield Input("a key in the address", "POST", "/update?key=x", INSERT, FORM, (400, 401))
    yield Input("a form from another site", "POST", "/update", INSERT, {**FORM, **evil}, (403,), with_key=True)
    yield Input("a form from no site", "POST", "/update", INSERT, {**FORM, "Origin": "null"}, (403,), with_key=True)
    yield Input("a form that a browser calls foreign", "POST", "/update", INSERT,
                {**FORM, "Sec-Fetch-Site": "cross-site"}, (403,), with_key=True)  # fmt: skip
    yield Input("two updates at once", "POST", "/update", INSERT + b"&" + INSERT, FORM, (400,), with_key=True)
    yield Input("an update that is no UTF-8", "POST", "/update", b"\xff", UPDATE, (400,), with_key=True)
    yield Input("a deletion without a key", "DELETE", "/graphs?graph=urn%3Aa", None, {}, (401, 403))
    yield Input("a query that is no UTF-8", "GET", "/sparql?query=%FF")
    yield Input("a query with a lone surrogate", "GET", "/sparql?query=SELECT%20%22%ED%A0%80%22")
    yield Input("two queries at once", "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D")
    yield Input("a thousand and one parameters", "GET", "/sparql?" + "&".join(["default-graph-uri=urn:a"] * 1_001))
    yield Input("a dataset that is no IRI", "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=%0A")
    yield Input("nothing that is acceptable", "GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}, (406,))
    yield Input("an endless Accept header", "GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "a/b;q=0.1," * 3_000},
                (406,))  # fmt: skip
    yield Input("a name with a line break", "GET", "/entity?id=a%0D%0ASet-Cookie:%20x", statuses=(404,))
    yield Input("a name with NUL", "GET", "/entity?id=%00", statuses=(404,))
    yield Input("a name as long as it gets", "GET", f"/entity?id={'x' * 20_000}", statuses=(404,))
    yield Input("a way out of the folder", "GET", "/static/..%2f..%2f..%2fetc/passwd", statuses=(404,))
    yield Input("a way out of the docs", "GET", "/docs/assets/..%2f..%2fpyproject.toml", statuses=(404,))
    yield Input("a limit that is no number", "GET", "/neighbourhood?entity=ioc&limit=1e999")
    yield Input("a limit as long as it gets", "GET", f"/neighbourhood?entity=ioc&limit={'9' * 5_000}")
    yield Input("a cursor that was not issued", "GET", "/search?q=a&cursor=AAAA")
    yield Input("a pattern without end", "GET", f"/paths?source=ioc&target=ioc&pattern={'(' * 5_000}")
    yield Input("a generation to come", "GET", "/entity?id=ioc&at=999999999999", statuses=(410,))
    yield Input("a method that is not offered", "PATCH", "/sparql", b"", statuses=(405,))
    yield Input("a body that is no JSON", "POST", "/paths", b"{" * 100_000, {"Content-Type": "application/json"},
                (400, 422))  # fmt: skip
    yield Input("an id of a request with a line break", "GET", "/livez", None, {"X-Request-ID": "a" * 5_000}, (200,))


CORPUS = [
    *deep(),
    *endless(),
    *path_searches(),
    *elsewhere(),
    *(update(name, text, *statuses) for name, (text, statuses) in UPDATES.items()),
    *uploads(),
    *requests(),
]


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len(CORPUS) >= 120
    assert len({one.name for one in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: one.name)
def test_the_service_stays_and_says_what_was_wrong(hostile: Input, service: Any, listener: Any) -> None:
    port = str(listener.port)
    body = hostile.body and hostile.body.replace(b"AWAY", AWAY.encode()).replace(b"{port}", port.encode())
    headers = dict(hostile.headers)
    if hostile.with_key:
        headers["Authorization"] = f"Bearer {service.key}"
    began = time.monotonic()
    answer = service.client.request(hostile.method, hostile.path, content=body, headers=headers)
    took = time.monotonic() - began
    assert answer.status_code in hostile.statuses, answer.text[:500]
    if answer.status_code >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["status"] == answer.status_code
    assert took < TIMEOUT + GRACE
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert service.answers()
    assert listener.heard == []
