"""`%%sparql` in IPython and Jupyter: `%load_ext kgraph.client`, then a cell is a query of a `Client` of the notebook.

    client = Client("http://127.0.0.1:8000")

    %%sparql --to frame --bind letter
    SELECT ?who { ?letter kg:hasMember ?who }

`--to NAME` keeps a DataFrame, `--graph` draws the answer (with `--to`: keeps a networkx graph), `--limit N` asks for so
many rows at most, `--bind NAME` binds a variable to what the notebook calls so, `--client NAME` says which client.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.error import UsageError

from kgraph.client.binding import limited
from kgraph.client.client import Client
from kgraph.client.completion import Completer
from kgraph.client.queried import Rows
from kgraph.errors import KGraphError, ParameterError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MAGIC = "sparql"


class _Options(ArgumentParser):
    """The options of a cell, whose faults are told where the cell stands instead of ending the kernel."""

    def __init__(self) -> None:
        super().__init__(prog=f"%%{MAGIC}", add_help=False)
        self.add_argument("--to", metavar="NAME")
        self.add_argument("--graph", action="store_true")
        self.add_argument("--limit", type=int, metavar="N")
        self.add_argument("--bind", action="append", default=[], metavar="NAME")
        self.add_argument("--client", metavar="NAME")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().strip()}")


class SparqlMagic:
    """The magic of one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._options = _Options()
        self._completers: dict[int, tuple[Client, Completer]] = {}

    def ask(self, line: str, cell: str) -> Any:
        """Ask the query in a cell. Raises UsageError, whose words show the place in the query."""
        given = self._options.parse_args(shlex.split(line))
        names: dict[str, Any] = self._shell.user_ns
        missing = [name for name in given.bind if name not in names]
        if missing:
            raise UsageError(f"the notebook has no {missing[0]} to bind")
        if given.to is not None and not given.to.isidentifier():
            raise UsageError(f"--to {given.to}: not a name of Python")
        try:
            query = cell if given.limit is None else limited(cell, given.limit)
            answer = self._client(given.client).sparql(query, **{name: names[name] for name in given.bind})
            made = _made(answer, given.graph, given.to is not None)
        except KGraphError as error:
            notes = getattr(error, "__notes__", [])
            raise UsageError("\n".join([f"{type(error).__name__}: {error.detail}", *notes])) from error
        if given.to is None:
            return made
        names[given.to] = made
        return None

    def _client(self, name: str | None) -> Client:
        names: dict[str, Any] = self._shell.user_ns
        if name is not None:
            found = names.get(name)
            if not isinstance(found, Client):
                raise ParameterError("client", name, "is no Client of this notebook")
            return found
        clients = {id(one): one for key, one in names.items() if isinstance(one, Client) and not key.startswith("_")}
        if len(clients) != 1:
            have = "several clients: say which with --client NAME" if clients else "no client"
            raise ParameterError("client", "", f'the notebook has {have}; client = Client("http://…") makes one')
        return next(iter(clients.values()))

    def complete(self, context: CompletionContext) -> SimpleMatcherResult:
        """What may stand at the cursor of a cell that is a query; nothing elsewhere, and where the graph is silent."""
        nothing: SimpleMatcherResult = {"completions": []}
        before = "\n".join(context.full_text.split("\n")[: context.cursor_line])
        before = f"{before}\n{context.line_with_cursor[: context.cursor_position]}"
        head, _, query = context.full_text.lstrip().partition("\n")
        if not head.startswith(f"%%{MAGIC}") or not query or context.cursor_line == 0:
            return nothing
        try:
            given = self._options.parse_args(shlex.split(head)[1:])
            client = self._client(given.client)
            _, completer = self._completers.setdefault(id(client), (client, Completer(client)))
            word, found = completer.complete(before)
        except (KGraphError, UsageError, ValueError):
            return nothing
        completions = [SimpleCompletion(text=one.text, type=one.kind) for one in found]
        return {"completions": completions, "matched_fragment": word, "suppress": bool(completions), "ordered": True}


def _made(answer: Rows, graph: bool, kept: bool) -> Any:
    if kept:
        return answer.to_networkx() if graph else answer.df
    return answer.show() if graph else answer


def load(shell: InteractiveShell) -> None:
    """Register the magic and its completion, once a shell."""
    magic = SparqlMagic(shell)
    manager: Any = shell.magics_manager
    manager.register_function(magic.ask, magic_kind="cell", magic_name=MAGIC)
    matcher = context_matcher(identifier="kgraph.sparql")(_bound(magic))
    completer: Any = shell.Completer
    completer.custom_matchers = [
        *(one for one in completer.custom_matchers if getattr(one, "matcher_identifier", "") != "kgraph.sparql"),
        matcher,
    ]


def _bound(magic: SparqlMagic) -> Any:
    """The completion as a plain function, for a method takes no attributes."""

    def complete(context: CompletionContext) -> SimpleMatcherResult:
        return magic.complete(context)

    return complete
