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


def kernel(
    signature: str | Any, *, lent: bool = False, within: bool = False, inlined: bool = False
) -> Callable[[Kernel], Kernel]:
    """Compile a function for one signature, as `void(int32[::1], int64)` or made of `signatures.py`. Takes what
    numba's `njit` takes.

    `lent`: the function keeps and makes no array, it only works on those it is lent. References are then not counted,
    which would otherwise cost far more than the work itself wherever an array is taken out of a tuple. `within`: lent
    as well, and called by kernels alone. `inlined`: that, and made part of each: to hand over tuples of arrays is many
    copies on the stack.
    """
    compiler: Any = numba.njit
    options = {"nogil": True, "no_cfunc_wrapper": True}
    if lent or within or inlined:
        options["_nrt"] = False
    if within or inlined:
        options["no_cpython_wrapper"] = True
    if inlined:
        options["forceinline"] = True

    def compile_it(function: Kernel) -> Kernel:
        try:
            return cast("Kernel", compiler(signature, cache=True, **options)(function))
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            return cast("Kernel", compiler(signature, **options)(function))

    return compile_it


def direct(kernel: Kernel) -> Kernel:
    """The compiled function itself, called without numba's look at what it is given, which takes longer than many a
    search. So arrays must have the types of its signature and be contiguous: nothing is checked but the size of items.
    """
    (compiled,) = cast("Any", kernel).overloads.values()
    return cast("Kernel", compiled.entry_point)
