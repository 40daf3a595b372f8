"""The ten bytes by which a claim is found: those that its IRI says, or what stands for them."""

from __future__ import annotations

import hashlib

ID_BYTES = 10
_HEX = 2 * ID_BYTES


def claim_id(iri: str, space: str) -> bytes:
    """The ten bytes of a claim's IRI: those that its name says, else the first of its SHA-256 (`odd_ids` has those)."""
    name = iri.removeprefix(f"{space}claim-")
    if len(name) == _HEX and name != iri:
        try:
            id_ = bytes.fromhex(name)
        except ValueError:
            id_ = b""
        if len(id_) == ID_BYTES and id_.hex() == name:
            return id_
    return hashlib.sha256(iri.encode()).digest()[:ID_BYTES]


def is_odd(iri: str, space: str) -> bool:
    """Whether a claim's IRI does not say its id."""
    return f"{space}claim-{claim_id(iri, space).hex()}" != iri
