"""How a kernel is compiled: with a signature, without the interpreter's lock, once per installation.

numba keeps compiled kernels beside the source where that can be written, else in the user's cache folder, else where
`NUMBA_CACHE_DIR` says. Where nothing can be written it refuses to cache; the kernel is then compiled for this process
only, which takes some seconds and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(signature: str) -> Callable[[Kernel], Kernel]:
    """Compile a function for one signature, as `void(int32[::1], int64)`. Takes what numba's `njit` takes."""

    def compile_it(function: Kernel) -> Kernel:
        try:
            return cast("Kernel", numba.njit(signature, nogil=True, cache=True)(function))
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            return cast("Kernel", numba.njit(signature, nogil=True)(function))

    return compile_it
