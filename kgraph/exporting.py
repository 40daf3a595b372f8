"""The verbs that answer with files: the graph or a part of it, one thing by its name, a code, the ontology.

How a file is written stands in `export.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Literal, Unpack

from kgraph import export, formats, rdflibterms, traversal
from kgraph.generations import View
from kgraph.question import LensOptions
from kgraph.rdf import Quad
from kgraph.verbs import Verbs

if TYPE_CHECKING:
    import rdflib

_READ_ONE_BY_ONE = 50_000
"""Of so many things what is said of each is looked up; of more the whole graph is read."""


def _recorded(held: traversal.Catalogue, iri: str) -> bool:
    """Whether a thing is one of the records that stand beside entities, claims and sources."""
    return any(iri in them for them in (held.spans, held.times, held.quantities, held.mentions, held.notes))


class Exporting(Verbs):
    """What leaves the graph as RDF, as a drawing or as a table."""

    def export(
        self,
        format: str = "turtle",
        *,
        entity: str | None = None,
        hops: int = 1,
        rdf12: bool = False,
        **lens: Unpack[LensOptions],
    ) -> Iterator[bytes]:
        """The graph as a file, in pieces. A lens or an entity narrows it to the claims seen through them.

        Turtle is sorted and stable: loaded into an empty graph and exported again it is the same bytes.
        """
        chosen = export.check(format, rdf12=rdf12)
        view = self._view(lens)
        names = self._resolver(view)
        selection = centre = None
        if entity is not None or set(lens) - {"at", "min_generation"}:
            centre = None if entity is None else names.entity(entity)
            near = self._bounds.hops("hops", hops, 0)
            selection = traversal.select(view.catalogue, names.lens(lens), centre, near)
        needed = self._needed(view, selection, centre) if chosen in formats.RDF else nullcontext(())
        with needed as quads:  # drawings and tables are made of the claim index alone
            return export.export(
                quads,
                view.catalogue,
                self.namespaces,
                format=format,
                selection=selection,
                lens=names.lens(lens),
                rdf12=rdf12,
                centre=centre,
                folder=self.spool_folder,
            )

    def check_export(
        self,
        format: str = "turtle",
        *,
        entity: str | None = None,
        hops: int = 1,
        rdf12: bool = False,
        **lens: Unpack[LensOptions],
    ) -> None:
        """Raise what `export` would for what is asked, and read and write nothing."""
        names = self._resolver(self._view(lens))
        if entity is not None:
            names.entity(entity)
        if entity is not None or set(lens) - {"at", "min_generation"}:
            self._bounds.hops("hops", hops, 0)
        names.lens(lens)
        export.check(format, rdf12=rdf12)

    def ontology(self, format: str = "turtle") -> bytes:
        """The ontology: terms and codes."""
        return export.document(self.schema.quads, format, self.namespaces)

    def to_rdflib(self) -> rdflib.Dataset:
        """A copy of the graph as an rdflib Dataset whose default graph is the union."""
        with self._generations.quads(self.generation) as quads:
            return rdflibterms.to_rdflib(quads, self.namespaces.prefixes)

    def kind(self, id: str) -> Literal["claim", "source", "entity", "thing"]:
        """The verb that answers for a name; `thing` where only `describe` does. Raises EntityNotFoundError."""
        view = self._generations.current
        held, iri = view.catalogue, self.namespaces.expand(id)
        if iri in held.claims:
            return "claim"
        if iri in held.articles:
            return "source"
        if iri in held.nodes:
            return "entity"
        if not _recorded(held, iri) and not self._is_named_only(view, iri):
            self._resolver(view).entity(iri)  # raises, with what comes close
        return "thing"

    def describe(
        self, id: str, format: str = "turtle", *, hops: int = 1, **lens: Unpack[LensOptions]
    ) -> Iterator[bytes]:
        """One thing in RDF, in pieces: an entity with what stands within `hops`, a claim with what it needs to be read,
        anything else (a source, passage, mention, note, period, number, curator) with what is said of it.

        Raises EntityNotFoundError for a name that nothing in the graph has.
        """
        view = self._view(lens)
        held, names, iri = view.catalogue, self._resolver(view), self.namespaces.expand(id)
        selection: frozenset[str] = frozenset()
        if iri in held.claims:
            selection = frozenset({iri})
        elif iri in held.nodes and iri not in held.articles and not _recorded(held, iri):
            near = self._bounds.hops("hops", hops, 0)
            selection = traversal.select(held, names.lens(lens), iri, near)
        elif self._is_named_only(view, iri):
            said = export.about(self._generations.about(view.generation, iri), iri)
            return iter([export.document(said, format, self.namespaces)])
        elif iri not in held.articles and not _recorded(held, iri):
            names.entity(id)  # raises, with what comes close
        where = self.spool_folder
        with self._needed(view, selection, iri) as quads:
            return export.export(
                quads, held, self.namespaces, format=format, selection=selection, centre=iri, folder=where
            )

    def _needed(
        self, view: View, selection: frozenset[str] | None, centre: str | None
    ) -> AbstractContextManager[Iterable[Quad]]:
        """The quads that a file of some claims is made of; all there are for all claims."""
        if selection is None:
            return self._generations.quads(view.generation)
        subjects = export.needed(view.catalogue, self.namespaces, selection, centre)
        if len(subjects) > _READ_ONE_BY_ONE:
            return self._generations.quads(view.generation)
        return nullcontext(chain.from_iterable(self._generations.described(view.generation, subjects).values()))

    def _is_named_only(self, view: View, iri: str) -> bool:
        """Whether a name is one of our own that is spoken of and nowhere described, such as the curator's."""
        held = view.catalogue
        ours = iri.startswith(self.namespaces.id) and self.namespaces.is_iri(iri)
        if not ours or iri in held.claims or iri in held.nodes or _recorded(held, iri):
            return False
        return bool(self._generations.about(view.generation, iri))

    def concept(self, code: str, format: str = "turtle") -> bytes:
        """What the ontology says of a code or a scheme of codes, and which codes a scheme has."""
        quads = export.about(self.schema.quads, f"{self.namespaces.kgs}{code}")
        return export.document(quads, format, self.namespaces)
