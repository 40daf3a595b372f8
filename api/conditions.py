"""Conditions of a request: the tags of If-Match and If-None-Match (RFC 9110, 13.1)."""

from __future__ import annotations

from starlette.requests import Request

from kgraph.changing import Provided


def tags(request: Request, header: str) -> list[str]:
    """The members of If-Match or If-None-Match: tags in their quotes, weak ones with their `W/`, or `*`."""
    given = ",".join(request.headers.getlist(header))
    return [one.strip() for one in given.split(",") if one.strip()]


def provided(request: Request) -> Provided | None:
    """Whether If-Match and If-None-Match (RFC 9110, 13.1) let a graph with a tag be written. A graph has a tag for each
    syntax, and any of them names what it holds; a weak one is never met by If-Match."""
    wanted, unwanted = tags(request, "if-match"), tags(request, "if-none-match")
    if not wanted and not unwanted:
        return None

    def holds(tag: str | None) -> bool:
        def named(one: str) -> bool:
            return tag is not None and (one == "*" or one.startswith(f'"{tag}.'))

        return (not wanted or any(map(named, wanted))) and not any(named(one.removeprefix("W/")) for one in unwanted)

    return holds
