"""Search by name: labels, aliases, misprints and slugs; prefixes from two letters; accents, case and typos forgiven.

Scores run from 0 to 100. A whole name scores 100, the beginning of a name 90 to 99, the beginnings of its words
in any order 80 to 89, a name in which every word asked for is close to some word less than 80; a part of a slug
scores 5 less than the same part of a name. Where no name holds every word, those that hold most are found, with
scores that fall with each missing word.

Names are kept as columns (`table.py`), made at once (`building.py`) and put together when they change (`merging.py`):
an index of a million names is a score of arrays, which may lie in a mapped file. What is printed of a hit is asked of
whoever knows it, for the hits that are shown.
"""

from kgraph.search.index import Resolve, Search
from kgraph.search.names import Name, fold

__all__ = ["Name", "Resolve", "Search", "fold"]
