"""Every error kgraph raises on purpose.

    KGraphError
    ├── InputError                  what was handed in cannot be taken
    │   ├── ClaimFileError          a claim file: file, line and field
    │   ├── RdfSyntaxError          Turtle and the other RDF syntaxes: file, line and column
    │   ├── UnknownFormatError      neither the suffix nor the content tells a format
    │   ├── EmptyInputError         nothing in it
    │   ├── InvalidGraphError       SHACL: carries the report
    │   └── TextMismatchError       an attached text is not the one the source was read from
    ├── RequestError                a question that cannot be asked
    │   ├── ParameterError          a parameter: its name, its value, what would do
    │   ├── CursorError             a cursor that was not issued here, or for another question
    │   ├── GenerationGoneError     a page or a date of a generation that is no longer held
    │   ├── QuerySyntaxError        SPARQL: line, column and the offending line
    │   │   └── PathSearchError     what stands in a SERVICE kg:path block: the same
    │   ├── GraphStateError         an update that needs a graph that is not there, or makes one that is
    │   ├── PreconditionError       a graph that is no longer the one the request is about
    │   ├── UnknownFunctionError    SPARQL that calls a function nobody knows here
    │   ├── QueryRefusedError       SPARQL that is not answered here (an update, too deep)
    │   │   └── FetchRefusedError   SPARQL that would have this service ask another (SERVICE, LOAD)
    │   ├── WriteRefusedError       a change of kgraph's own graphs, or in kgraph's own terms
    │   └── ReadOnlyError           a change asked of one that only follows the writer: where that is
    ├── NotFoundError               nothing has that name: what comes close
    │   ├── EntityNotFoundError
    │   ├── ClaimNotFoundError
    │   ├── SourceNotFoundError
    │   ├── GraphNotFoundError
    │   └── KeyNotFoundError
    ├── LimitError                  a limit ended the work: which, and its value
    ├── StorageError                the folder behind the graph
    │   ├── FolderBusyError         another process holds it
    │   ├── DamagedError            journal, store or index do not fit together
    │   └── StorageFullError        no room left
    └── RemoteError                 a service answered with an error, or not at all
        └── RemoteStoreError        the server that keeps the graph; a StorageError too

Each branch has a file: `input.py`, `request.py`, `notfound.py`; what is no fault of who asks is in `service.py`.
Nothing here knows of HTTP; `api/errors.py` has the one table from class to status.
"""

from kgraph.errors.base import KGraphError
from kgraph.errors.input import (
    ClaimFileError,
    EmptyInputError,
    InputError,
    InvalidGraphError,
    PlacedInputError,
    RdfSyntaxError,
    TextMismatchError,
    UnknownFormatError,
)
from kgraph.errors.notfound import (
    ClaimNotFoundError,
    EntityNotFoundError,
    GraphNotFoundError,
    KeyNotFoundError,
    NotFoundError,
    SourceNotFoundError,
)
from kgraph.errors.request import (
    CursorError,
    FetchRefusedError,
    GenerationGoneError,
    GraphStateError,
    ParameterError,
    PathSearchError,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    ReadOnlyError,
    RequestError,
    UnknownFunctionError,
    WriteRefusedError,
)
from kgraph.errors.service import (
    DamagedError,
    FolderBusyError,
    LimitError,
    RemoteError,
    RemoteStoreError,
    StorageError,
    StorageFullError,
)

__all__ = [
    "ClaimFileError",
    "ClaimNotFoundError",
    "CursorError",
    "DamagedError",
    "EmptyInputError",
    "EntityNotFoundError",
    "FetchRefusedError",
    "FolderBusyError",
    "GenerationGoneError",
    "GraphNotFoundError",
    "GraphStateError",
    "InputError",
    "InvalidGraphError",
    "KGraphError",
    "KeyNotFoundError",
    "LimitError",
    "NotFoundError",
    "ParameterError",
    "PathSearchError",
    "PlacedInputError",
    "PreconditionError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "RdfSyntaxError",
    "ReadOnlyError",
    "RemoteError",
    "RemoteStoreError",
    "RequestError",
    "SourceNotFoundError",
    "StorageError",
    "StorageFullError",
    "TextMismatchError",
    "UnknownFormatError",
    "UnknownFunctionError",
    "WriteRefusedError",
]
