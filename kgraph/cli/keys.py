"""`key`: make, list and take back the keys that let clients write. A running service sees it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli.door import settings_for
from kgraph.cli.operating import Data, Json
from kgraph.cli.screen import Screen, print_json, styled
from kgraph.keys import Keys

_app = typer.Typer(no_args_is_help=True, help="Make, list and take back the keys that let clients write.")


def _keys(data: Path | None) -> Keys:
    return Keys(settings_for(data).data)


@_app.command()
def create(
    scope: Annotated[str, typer.Option(help="read, write or admin; each may do what those before it may.")],
    name: Annotated[str, typer.Option(help="Whose it is, or what it is for.", show_default=False)] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a key and show it, once: only its hash is kept. Clients send it as `Authorization: Bearer KEY`."""
    key, text = _keys(data).create(scope, name)  # type: ignore[arg-type]  # it says which scopes there are
    if json:
        print_json({"id": key.id, "name": key.name, "scope": key.scope, "created": key.created, "key": text})
        return
    typer.echo(f"key {key.id} ({key.scope}): it is shown this once", err=True)
    typer.echo(text)


@_app.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The keys there are, without their texts."""
    keys = _keys(data).all()
    if json:
        print_json([{"id": k.id, "name": k.name, "scope": k.scope, "created": k.created} for k in keys])
        return
    rows = ((k.id, k.scope, k.created[:19].replace("T", " "), styled(k.name)) for k in keys)
    Screen().table(rows, (0, 0, 0, 1), ("id", "scope", "made (UTC)", "name"))


@_app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="Its id, as `key list` shows it.", show_default=False)], data: Data = None
) -> None:
    """Take a key back: whoever holds it can do nothing with it from now on."""
    key = _keys(data).revoke(id)
    typer.echo(f"key {key.id} ({key.scope}) is no key any more", err=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(_app, name="key")
