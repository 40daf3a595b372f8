"""What a SPARQL server holds of some graphs, as N-Quads: how a graph that only a server has comes into a journal.

It is read in pages (`reading.py`): no answer has to be whole, nothing is held in memory, and what the server cuts is an
error. The server may be a store of kgraph's, or have been given an export in any way.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from kgraph import rdf
from kgraph.errors import RemoteStoreError
from kgraph.model import Progress
from kgraph.settings import Settings
from kgraph.store.remote import opening

_AT_ONCE: Final = 5_000


def extract(address: str, graphs: Iterable[str], settings: Settings, file: Path, progress: Progress | None) -> int:
    """Write what the server at an address holds of some graphs, and return how many quads that are. `address` is as
    `KGRAPH_STORE` takes it; user, password and timeout are the settings'.

    Raises ParameterError, and RemoteStoreError: for what cannot be asked or is cut, for blank nodes, where a change is
    on its way, and where there is nothing.
    """
    store = opening.named(settings.model_copy(update={"store": address}), reading=True)
    assert store is not None
    with closing(store):
        store.reopen()
        if not store.exact:
            raise RemoteStoreError(f"{store} has half of a change on its way; try again when it is whole")
        store.standing.graphs = dict.fromkeys(graphs)
        total, read = None if store.standing.beside else len(store), 0
        with closing(store.quads()) as quads, file.open("wb") as lines:
            while some := list(islice(quads, _AT_ONCE)):
                lines.write(rdf.nquads(some))
                read += len(some)
                if progress:
                    progress("extract", read, total)
    if not read:
        raise RemoteStoreError(f"{store} holds nothing of kgraph's")
    return read
