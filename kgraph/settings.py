"""One frozen object for everything that can be set, read from `KGRAPH_*` at the edge and passed in."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_DAY = 86_400
_PART = r"[^\s?#<>\"{}|\\^`\x00-\x20]"
_BASE = re.compile(rf"https?://(?![/.:]){_PART}+[/#]")


class Settings(BaseSettings):
    """Settings with safe defaults. Each is read from the environment variable `KGRAPH_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="KGRAPH_", frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder of journal, store and attached texts.")
    base_iri: str = Field(default="https://w3id.org/kgraph/", description="Base of all IRIs kgraph mints.")
    default_graph: Literal["union", "strict"] = Field(
        default="union", description="What a SPARQL query sees by default: all named graphs, or the default graph only."
    )
    query_timeout: float = Field(default=10.0, gt=0, le=_DAY, description="Longest SPARQL query, in seconds.")
    query_rows: int = Field(default=100_000, gt=0, description="Most rows or triples of one SPARQL answer.")
    query_bytes: int = Field(default=64_000_000, gt=0, description="Longest SPARQL answer, in bytes.")
    query_memory: int = Field(
        default=2_000_000_000, ge=1_000_000_000, description="Most memory of a process that answers SPARQL, in bytes."
    )
    readers: int = Field(
        default=2, ge=1, le=64, description="Processes that answer short SPARQL queries, and as many for long ones."
    )
    max_body: int = Field(default=1_000_000, gt=0, description="Longest SPARQL query or JSON body, in bytes.")
    max_upload: int = Field(
        default=64_000_000, gt=0, description="Longest RDF document sent to the graph store, in bytes."
    )
    update_quads: int = Field(
        default=1_000_000, gt=0, description="Most quads that one update or upload adds and removes."
    )
    update_bytes: int = Field(
        default=256_000_000, gt=0, description="Longest change of one update or upload as N-Quads, in bytes."
    )
    max_limit: int = Field(default=1_000, gt=0, description="Largest page a client may ask for.")
    max_ms: int = Field(default=10_000, gt=0, description="Longest path search a client may ask for, in milliseconds.")
    max_edges: int = Field(default=10_000_000, gt=0, description="Most edges a path search may scan.")
    max_hops: int = Field(default=12, gt=0, description="Most hops of a neighbourhood or path search.")
    durability: Literal["full", "fast"] = Field(
        default="full", description="When a write is acknowledged: once it is on the disk, or once it is written."
    )
    store: str | None = Field(
        default=None, description="Address of a SPARQL server that keeps the quads, `sparql+http://host:port/`."
    )
    store_user: str | None = Field(default=None, description="User name for that server.")
    store_password: SecretStr | None = Field(default=None, description="Password for that server.")
    store_timeout: float = Field(default=60.0, gt=0, le=_DAY, description="Longest request to it, in seconds.")
    client_requests: int = Field(
        default=600, ge=0, description="SPARQL queries or files a client may ask for in a minute; 0 for any number."
    )
    client_seconds: float = Field(
        default=60.0, ge=0, description="Seconds of work a client may cause in a minute; 0 for any number."
    )
    client_loopback: bool = Field(default=False, description="Whether clients on this machine have budgets too.")
    trusted_proxies: str = Field(
        default="", description="Proxies whose `X-Forwarded-For` is believed: addresses or networks, with commas."
    )
    log: Literal["problems", "requests"] = Field(
        default="problems",
        description="What the log of the service tells: what went wrong, or every request and commit.",
    )
    log_queries: bool = Field(default=False, description="Whether the log also has the query strings of requests.")
    stop_grace: float = Field(
        default=8.0,
        ge=0,
        le=3600,
        description="Seconds that requests under way have to end when the service is stopped.",
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the service listens on.")

    @property
    def proxies(self) -> tuple[str, ...]:
        """The addresses and networks of `trusted_proxies`."""
        return tuple(one.strip() for one in self.trusted_proxies.split(",") if one.strip())

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, given: str) -> str:
        for one in given.split(","):
            try:
                ipaddress.ip_network(one.strip() or "::", strict=False)
            except ValueError as error:
                raise ValueError("give addresses or networks such as 10.0.0.0/8, with commas between") from error
        return given

    @field_validator("base_iri")
    @classmethod
    def _base(cls, iri: str) -> str:
        if not _BASE.fullmatch(iri):
            raise ValueError("give an absolute http or https IRI that ends in / or #")
        return iri
