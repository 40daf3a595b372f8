"""SPARQL: `lexer` and `guard` before the engine, `pool` and `worker` around it, `service` as the one way in."""
