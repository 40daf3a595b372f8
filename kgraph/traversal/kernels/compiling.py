"""How a kernel is compiled: with a signature, without the interpreter's lock, once per installation.

numba keeps compiled kernels beside the source where that can be written, else in the user's cache folder, else where
`NUMBA_CACHE_DIR` says. Where nothing can be written it refuses to cache; the kernel is then compiled for this process
only, which takes some seconds and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(signature: str | Any, *, lent: bool = False) -> Callable[[Kernel], Kernel]:
    """Compile a function for one signature, as `void(int32[::1], int64)` or made of `signatures.py`. Takes what
    numba's `njit` takes.

    `lent`: the function keeps and makes no array, it only works on those it is lent. References are then not counted,
    which would otherwise cost far more than the work itself wherever an array is taken out of a tuple.
    """

    def compile_it(function: Kernel) -> Kernel:
        compiler: Any = numba.njit
        options = {"_nrt": False} if lent else {}
        try:
            return cast("Kernel", compiler(signature, nogil=True, cache=True, **options)(function))
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            return cast("Kernel", compiler(signature, nogil=True, **options)(function))

    return compile_it
