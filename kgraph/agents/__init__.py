"""The graph for language models: compact answers that can be cited, offered over the Model Context Protocol.

`compact` makes of an answer what a model reads; `server` offers it, and alone knows the protocol's library (the extra
`mcp`).
"""
