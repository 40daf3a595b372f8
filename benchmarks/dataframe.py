"""100,000 rows to a DataFrame: the client beside `pandas.read_csv` on the same bytes plus the raw transfer.

    .venv/bin/python benchmarks/dataframe.py [--rows 100000] [--rounds 15]

Whoever reads SPARQL's answers with pandas alone fetches bytes and calls `read_csv`; both are timed apart, on the bytes
that the client fetches (TSV, as the service writes it). They come from a server in a process of its own that has them
ready, so that no evaluation hides what the client costs. The answers take turns, the median counts; each is asked for
once before. Five columns: IRI, text with language, integer, date, truth.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import time

import httpx2
import pandas as pd

from kgraph.client import Client

XSD = "http://www.w3.org/2001/XMLSchema#"
SERVER = """
import http.server, sys
body = sys.stdin.buffer.read()
class Ready(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/tab-separated-values; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ready)
print(server.server_port, flush=True)
server.serve_forever()
"""


def answer(rows: int) -> bytes:
    lines = ["?s\t?label\t?n\t?when\t?ok"]
    for i in range(rows):
        day = f"20{10 + i % 15}-{1 + i % 12:02}-{1 + i % 28:02}"
        lines.append(
            f'<https://example.org/thing/{i}>\t"Thing number {i}"@en\t{i * 7919 % 1000003}\t"{day}"^^<{XSD}date>\t'
            f"{'true' if i % 3 else 'false'}"
        )
    return "\n".join([*lines, ""]).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(answer(given.rows))
        process.stdin.close()
        measure(f"http://127.0.0.1:{int(process.stdout.readline())}", given.rows, given.rounds)
    finally:
        process.terminate()
        process.wait(timeout=30)


def measure(url: str, rows: int, rounds: int) -> None:
    times: list[tuple[float, float, float]] = []
    with Client(url) as client, httpx2.Client() as raw:
        for number in range(rounds + 1):
            begun = time.perf_counter()
            body = raw.post(f"{url}/sparql", data={"query": "SELECT"}).raise_for_status().content
            fetched = time.perf_counter()
            frame = pd.read_csv(io.BytesIO(body), sep="\t")
            read = time.perf_counter()
            typed = client.sparql("SELECT").df
            done = time.perf_counter()
            assert frame.shape == typed.shape == (rows, 5)
            assert [str(kind) for kind in typed.dtypes] == ["str", "str", "Int64", "datetime64[s]", "boolean"]
            if number:
                times.append((fetched - begun, read - fetched, done - read))
    transfer, parse, whole = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
    print(f"{rows:,} rows, {len(body):,} bytes, {rounds} rounds, pandas {pd.__version__}")
    print(f"raw transfer {transfer:.0f} ms, read_csv {parse:.0f} ms, client with transfer {whole:.0f} ms")
    print(f"client / (transfer + read_csv) = {whole / (transfer + parse):.2f}")


if __name__ == "__main__":
    main()
