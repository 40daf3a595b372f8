"""Lets a request pass while its client has a budget left (`budget.py`), as pure ASGI, before its body is read."""

from __future__ import annotations

import re
import time
from ipaddress import ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.keys import Keys
from kgraph.settings import Settings

from . import errors
from .authorization import given_key
from .budget import SHARE, Budgets, BudgetSpentError
from .client import Clients, told_apart

_FREE = re.compile(r"/(?:livez|readyz|metrics|docs|openapi\.json|static/.*|docs/.*)?\Z")
"""What costs next to nothing, or must be answered to whoever watches the service."""
_WHOLE = re.compile(r"/(?:(?:sparql|update|graphs|export)(?:[./].*)?|reconcile)\Z")
"""What may cost much. Of any other question five count as one request."""


def is_free(settings: Settings, peer: str) -> bool:
    """Whether everything is free that comes from there, whatever its headers say. `peer` is an address."""
    if not Budgets.of(settings).budgets:
        return True
    return not settings.proxies and not settings.client_loopback and ip_address(peer).is_loopback


class Budgeting:
    """Counts requests and time of clients from elsewhere. Programs on this machine are free, unless a setting says
    that they are not.
    """

    def __init__(self, app: ASGIApp, settings: Settings, keys: Keys) -> None:
        self.app = app
        self._keys = keys
        self._clients = Clients(settings.proxies)
        self._budgets = Budgets.of(settings)
        self._here_too = settings.client_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = self._client(scope) if scope["type"] == "http" and self._budgets.budgets else None
        if client is None:
            await self.app(scope, receive, send)
            return
        budgets, began = self._budgets, time.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = time.monotonic()
                budgets.took(client, now - began, now)
                told = [(b"ratelimit", budgets.left(client, now)), (b"ratelimit-policy", budgets.policy)]
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        path = scope["path"].removeprefix(scope.get("root_path", ""))
        try:
            budgets.take(client, 1.0 if _WHOLE.match(path) else SHARE, began)
        except BudgetSpentError as error:
            await errors.refusal(Request(scope), error)(scope, receive, counted)
            return
        await self.app(scope, receive, counted)

    def _client(self, scope: Scope) -> str | None:
        """Whose budget a request is taken from: that of its key, or of its address. None for a request that is free."""
        address = self._clients.address(scope)
        if address is None or (address.is_loopback and not self._here_too):
            return None
        if _FREE.match(scope["path"].removeprefix(scope.get("root_path", ""))):
            return None
        text = given_key(Request(scope))
        key = self._keys.find(text) if text else None
        return f"key {key.id}" if key else told_apart(address)
