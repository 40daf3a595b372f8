"""Answers as people read them: what is said on the left, who says so and where on the right."""

from __future__ import annotations

from rich.text import Text

from kgraph.cli.screen import Screen, styled
from kgraph.cli.words import Json, code, count, denied, evidence, evidences, names, place, quantity, said, verdict

SIDES = (3, 2)
WHO = "who says so, where"


def search(screen: Screen, answer: Json) -> None:
    """Names with type and id; what matched, where that is another name."""
    for hit in answer["items"]:
        found = [] if hit["matched"] == hit["label"] else [(f"  found as {hit['matched']}", "yellow")]
        screen.line((hit["label"], "bold"), (f"  {hit['type_label']}", "dim"), *found)
        screen.whole(f"  {hit['id']}")
    if not answer["items"]:
        screen.line("Nothing has a name like that.")


def entity(screen: Screen, answer: Json) -> None:
    """Names and flags, numbers, times, counts of neighbours, claims, mentions, notes."""
    _title(screen, answer)
    labels = answer["labels"]
    for kind, words in (("alt_labels", "also called"), ("hidden_labels", "printed as")):
        if labels[kind]:
            screen.line((f"{words} ", "dim"), ", ".join(labels[kind]))
    for fact in answer["facts"]:
        screen.line(fact["sentence"] or f"{fact['predicate_label']}: {fact['value']}")
    if answer["quantities"]:
        screen.heading("Numbers")
        screen.table(
            (
                (f"{denied(q['claims'])}{q['predicate_label']} {quantity(q['quantity'])}", evidences(q["claims"]))
                for q in answer["quantities"]
            ),
            SIDES,
        )
    if answer["counts"]:
        screen.heading("Connections")
        rows = []
        for one in answer["counts"]:
            forward = one["direction"] == "forward"
            way = f"… {one['predicate_label']}" if forward else f"{one['predicate_label']} …"
            rows.append((str(one["count"]), way))
        screen.table(rows, (0, 1))
    if answer["claims"]:
        screen.heading("Claims")
        _claims(screen, answer["claims"])
    if answer["mentions"]:
        screen.heading("Printed forms")
        for mention in answer["mentions"]:
            where = ", ".join(filter(None, map(place, mention["where"])))
            loaded = " (a loaded word)" if mention["evaluative"] else ""
            screen.line(mention["surface_form"], (f"  {where}{loaded}", "dim"), indent=2)
            for note in mention["notes"]:
                _note(screen, note)
    if answer["notes"]:
        screen.heading("Notes of the project")
        for note in answer["notes"]:
            _note(screen, note)
    _foot(screen, answer)


def neighbourhood(screen: Screen, answer: Json) -> None:
    """Relations by distance, the centre as `…`; then things whose source leaves something unsaid."""
    nodes = {node["id"]: node for node in answer["nodes"]}
    centre = answer["centre"]
    if centre is not None:
        _title(screen, centre)
        for note in nodes.get(centre["id"], {}).get("notes", ()):
            screen.line(note)
    else:
        screen.line((f"{count(len(nodes), 'thing')}, {count(len(answer['edges']), 'relation')}", "bold"))
    groups: dict[int, list[tuple[Text, Text]]] = {}
    for edge in answer["edges"]:
        ends = [nodes.get(edge[end], {"label": edge[end], "distance": 0}) for end in ("source", "target")]
        distance = max(end["distance"] for end in ends) if centre is not None else 0
        labels = [
            "…" if centre is not None and edge[e] == centre["id"] else end["label"]
            for e, end in zip(("source", "target"), ends, strict=True)
        ]
        relation = styled(labels[0], _verb(edge), labels[1])
        groups.setdefault(distance, []).append((relation, evidences(edge["claims"])))
    for distance, rows in sorted(groups.items()):
        screen.blank()
        screen.table(rows, SIDES, (f"{count(distance, 'hop')} away" if distance else "relation", WHO))
    if not groups:
        screen.line("Nothing stands near it under this lens.")
    unsaid = [node for node in answer["nodes"] if node["notes"] and (centre is None or node["id"] != centre["id"])]
    if unsaid:
        screen.blank()
        for node in unsaid:
            screen.line((f"{node['label']}: {'; '.join(node['notes'])}", "dim"))
    _foot(screen, answer)


def paths(screen: Screen, answer: Json) -> None:
    """The verdict in words; each path as a sentence and as its steps."""
    screen.line((verdict(answer), "bold"))
    if answer["excluded_by"]:
        screen.line(answer["excluded_by"]["sentence"])
    for path in answer["paths"]:
        screen.blank()
        screen.line(path["sentence"])
        labels = {node["id"]: node["label"] for node in path["nodes"]}
        rows = [
            (
                styled(labels[e["source"]], _verb(e), labels[e["target"]]),
                evidences(e["claims"]),
            )
            for e in path["edges"]
        ]
        if rows:
            screen.table(rows, SIDES)
    work = answer["work"]
    screen.blank()
    screen.line((f"{count(work['edges_scanned'], 'relation')} looked at in {work['ms']:g} ms", "dim"))
    _foot(screen, answer)


def compare(screen: Screen, answer: Json) -> None:
    """Both sides in words; then what vanishes, appears and stays, and on whose word."""
    _title(screen, answer["entity"])
    if answer["target"]:
        screen.line("what connects it with ", (answer["target"]["label"], "bold"))
    for name in ("one", "other"):
        side = answer[name]
        seen = f"{count(side['relations'], 'relation')}, generation {side['generation']}"
        screen.line((f"{name:>5}: ", "dim"), side["lens"], (f"  {seen}", "dim"))
    screen.line((answer["sentence"], "bold"))
    labels = {node["id"]: node["label"] for node in answer["nodes"]}
    groups: dict[str, list[tuple[Text, Text]]] = {}
    for change in answer["changes"]:
        edge = change["edge"]
        ends = [labels.get(edge[end], edge[end]) for end in ("source", "target")]
        shaken = [f"  ({len(change[k])} {k})" for k in ("gone", "new") if change["became"] == "stays" and change[k]]
        relation = styled(ends[0], _verb(edge), ends[1], ("".join(shaken), "yellow"))
        groups.setdefault(change["became"], []).append((relation, evidences(edge["claims"])))
    for became, rows in groups.items():
        screen.blank()
        screen.table(rows, SIDES, (became, WHO))


def timeline(screen: Screen, answer: Json) -> None:
    """Dated claims in order: when, what, who says so."""
    _title(screen, answer["entity"])
    screen.blank()
    rows = []
    for claim in answer["claims"]:
        when = claim["when"] or claim["period"] or {}
        rows.append((styled((_dates(when), "cyan")), said(claim), evidence(claim)))
    if rows:
        screen.table(rows, (2, 4, 3), ("when", "", WHO))
    else:
        screen.line("No dated claim under this lens.")
    _foot(screen, answer)


def claim(screen: Screen, answer: Json) -> None:
    """One claim in full, the chain from the article to who is credited."""
    screen.line((answer["sentence"], "bold"))
    screen.blank()
    rows = [
        ("subject", _named(answer["subject"])),
        ("relation", styled(denied([answer]), answer["predicate_label"], (f"  {answer['predicate']}", "cyan"))),
        ("object", _named(answer["object"])),
        ("number", quantity(answer["quantity"]) if answer["quantity"] else None),
        ("period", _dates(answer["period"]) if answer["period"] else None),
        ("said by", names(answer["said_by"])),
        ("through", names(answer["via"]) if answer["via"] else None),
        ("chain", " › ".join(thing["label"] for thing in answer["chain"]) if len(answer["chain"]) > 1 else None),
        *(("where", f"{answer['article']['label']} {_where(span)}") for span in answer["where"]),
        *(("passage", f"“{span['text']}”") for span in answer["where"] if span["text"]),
        ("voice", code(answer["voice"])),
        ("standing", f"{code(answer['polarity'])}, {code(answer['modality'])}, {code(answer['status'])}"),
        ("certainty", f"{code(answer['source_certainty'])}, says the source" if answer["source_certainty"] else None),
        ("reading", f"confidence {answer['confidence']:g}" if answer["confidence"] is not None else None),
        ("role", code(answer["role"]) if answer["role"] else None),
        ("when", _dates(answer["when"]) if answer["when"] else None),
        ("conflicts with", ", ".join(answer["conflicts_with"]) or None),
        ("qualifies", ", ".join(answer["qualifies"]) or None),
        ("qualified by", ", ".join(answer["qualified_by"]) or None),
    ]
    screen.table(((styled((name, "dim")), value) for name, value in rows if value is not None), (0, 1))
    for note in answer["notes"]:
        _note(screen, note)


def sources(screen: Screen, answer: Json) -> None:
    """Every source with its counts and the voices it credits."""
    for one in answer["items"]:
        source(screen, one)
        screen.blank()
    if not answer["items"]:
        screen.line("No source is loaded.")


def source(screen: Screen, answer: Json) -> None:
    """One source: what is known and unknown of it, whom it credits."""
    _title(screen, answer)
    unknown = [code(field) for field in answer["unknown"]]
    screen.line(f"{count(answer['claims'], 'claim')} in {count(answer['spans'], 'passage')}")
    if answer["published"]:
        screen.line(f"published {_dates(answer['published'])}")
    if unknown:
        screen.line(f"not known: {', '.join(word.removeprefix('unknown ') for word in unknown)}")
    known = f"{answer['length']:,} characters, SHA-256 {answer['hash']}"
    screen.line((known if answer["hash"] else "known by its name only: no text, no hash", "dim"))
    screen.line("its text is attached here" if answer["attached"] else ("its text is not attached here", "dim"))
    others = [credit for credit in answer["credits"] if credit["agent"]["id"] != answer["id"]]
    if others:
        screen.blank()
        kinds = {"said_by": "said by", "via": "through"}
        rows = ((str(c["claims"]), kinds[c["role"]], c["agent"]["label"]) for c in others)
        screen.table(rows, (0, 0, 1), ("claims", "", "whom it credits"))


# ------------------------------------------------------------------ parts


def _title(screen: Screen, thing: Json) -> None:
    screen.line((thing["label"], "bold"))
    screen.line(thing["type_label"], (f"  {thing['id']}", "cyan"))


def _named(thing: Json) -> Text:
    return styled(thing["label"], (f"  {thing['type_label']}", "dim"), (f"  {thing['id']}", "cyan"))


def _verb(edge: Json) -> tuple[str, str]:
    return f" {denied(edge['claims'])}{edge['predicate_label']} ", "italic"


def _claims(screen: Screen, claims: list[Json]) -> None:
    screen.table(((said(claim), evidence(claim)) for claim in claims), SIDES, ("", WHO))


def _dates(when: Json) -> str:
    bounds = [when["earliest"] or "…", when["latest"] or "…"]
    exact = bounds[0] if bounds[0] == bounds[1] else " to ".join(bounds)
    return f"{when['text']} ({exact})"


def _where(span: Json) -> str:
    return f"{place(span)}, characters {span['start']}–{span['end']}" if span["start"] is not None else place(span)


def _note(screen: Screen, note: Json) -> None:
    screen.line((f"{code(note['kind'])}: ", "yellow"), note["text"], (f"  ({code(note['basis'])})", "dim"), indent=4)


def _foot(screen: Screen, answer: Json) -> None:
    screen.blank()
    screen.line((f"{answer['lens']}; generation {answer['generation']}", "dim"))
