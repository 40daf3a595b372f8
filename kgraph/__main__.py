"""`python -m kgraph` is the command line."""

from __future__ import annotations

from kgraph.cli import main

if __name__ == "__main__":
    main()
