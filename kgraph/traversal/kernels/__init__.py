"""Searches on integer arrays, compiled by numba: integers in, integers out, nothing known of claims.

    topology = Topology.from_edges(nodes, source, target)       # topology.py; int32 arrays, built by counting sort
    searcher = Searcher(topology, direction="forward")          # searcher.py; safe to share between threads
    searcher.shortest(3, 7)                -> Answer(verdict, [3, 5, 7], edges scanned)
    searcher.distances(3, cutoff=2)        -> Reached(verdict, nodes, levels, edges scanned)
    searcher.all_shortest(3, 7)            -> Dag; iterate it for the paths in order          # dag.py
    SimplePaths(searcher, 3, 7)            -> loopless paths, shorter first                   # simple.py

Under a lens, the same on relations with their claims:

    table = StepTable.of(nodes, subject, object, records)           # steptable.py
    lens, walk = LensArrays.of(…), WalkArrays.of(…)                 # asked.py: what is seen, where a walk may go
    searcher = LensedSearcher(table, lens, quotation, workspaces)   # lensedsearcher.py
    searcher.shortest(walk, [3], [7])      -> LensedPath(verdict, nodes, steps, forward, edges)
    searcher.ranked(walk, [3], [7])        -> the best of all shortest paths
    searcher.corridor(walk, [3], [7], 4)   -> Corridor(verdict, steps, edges)
    searcher.around(walk, 3, 2)            -> Around(verdict, nodes, distances, steps, …)
    searcher.degrees([3]); searcher.evidence([0, 1]); searcher.seen(0, 10); searcher.kept(0, 10)

The one home of numba. It is imported when the first searcher is made, not before; every kernel has an explicit
signature and is kept compiled on disk (`compiling.py`), releases the interpreter's lock, counts the edges it looks
at, and obeys `Limits(max_edges, deadline)` while it runs. The same question has the same answer on every run: ties
fall by the order of a node's neighbours, which from `from_edges` is the order of their numbers.
"""
