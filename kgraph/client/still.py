"""A drawn graph as HTML that stands alone: for pages made of a notebook, where no kernel answers."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from gzip import compress
from html import escape

import orjson

from kgraph.client.rows import Json

# The script travels packed: a third of its size. It is a blob then, for there is no address to load a module from.
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' blob:; \
style-src 'unsafe-inline'; img-src data: blob:">
<style>html,body{margin:0;height:100%%;overflow:hidden;background:transparent}</style>
<body><script type="application/json" id="graph">%s</script><script type="module">
const packed = Uint8Array.from(atob("%s"), (sign) => sign.charCodeAt(0));
const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const text = await new Response(stream).text();
const widget = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
const held = JSON.parse(document.getElementById("graph").textContent);
const model = { get: (name) => held[name], set: (name, value) => { held[name] = value; },
  save_changes() {}, on() {}, off() {}, send() {} };
widget.default.render({ model, el: document.body });
</script></body></html>"""


def page(graph: Json, height: int, script: str) -> str:
    """An iframe with all in it: `graph` as the widget's trait has it, `height` in pixels, the widget's module.

    It may run its own script and save files, and reaches neither the page around nor any other host.
    """
    held = orjson.dumps({"graph": graph, "selected": [], "height": height, "live": False}).decode()
    inner = _PAGE % (held.replace("<", "\\u003c"), _packed(script))
    label = f"Graph of {len(graph['nodes'])} things and {len(graph['edges'])} relations"
    return (
        f'<iframe title="{label}" sandbox="allow-scripts allow-downloads" loading="lazy" '
        f'style="width:100%;height:{height + 2}px;border:0" srcdoc="{escape(inner)}"></iframe>'
    )


@lru_cache(1)
def _packed(script: str) -> str:
    return b64encode(compress(script.encode(), 9, mtime=0)).decode()
