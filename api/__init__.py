"""kgraph over HTTP: `create_app(settings)` in `app`."""
