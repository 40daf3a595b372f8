// Asks the service's own /sparql, and nobody else.
import { address, ServiceError } from "../service";
import { parsed } from "./ntriples";
import type { Row, Triple } from "./terms";

export type Answer = (
  | { kind: "rows"; variables: readonly string[]; rows: readonly Row[] }
  | { kind: "boolean"; value: boolean }
  | { kind: "graph"; triples: readonly Triple[] }
) & { ms: number; verdicts: readonly string[] };

/** A query the service did not answer; with the place in the query, where it names one (both from 1). */
export class Refused extends ServiceError {
  constructor(
    title: string,
    detail: string,
    status: number,
    retryAfter: number | null,
    readonly line: number | null = null,
    readonly column: number | null = null,
  ) {
    super(title, detail, status, retryAfter);
    this.name = "Refused";
  }
}

const ROWS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
/** A longer query goes in the body: not every proxy takes long addresses. */
const LONGEST_ADDRESS = 4000;

async function sent(query: string, accept: string, signal?: AbortSignal, seconds?: number): Promise<Response> {
  const parameters = { query, ...(seconds ? { timeout: seconds } : {}) };
  const short = address("sparql", parameters);
  const headers = { Accept: accept };
  const options = signal ? { signal } : {};
  let response: Response;
  try {
    response =
      short.length <= LONGEST_ADDRESS
        ? await fetch(short, { headers, ...options })
        : await fetch(address("sparql"), {
            method: "POST",
            headers,
            body: new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
            ...options,
          });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused("The service cannot be reached", "It may be starting again; ask once more in a moment.", 0, null);
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>;
  const wait = Number(response.headers.get("Retry-After"));
  throw new Refused(
    String(problem["title"] ?? `The service answered ${response.status}`),
    String(problem["detail"] ?? ""),
    response.status,
    wait > 0 ? wait : null,
    typeof problem["line"] === "number" ? problem["line"] : null,
    typeof problem["column"] === "number" ? problem["column"] : null,
  );
}

/** Raises Refused; an AbortError passes as it is. */
export async function ask(query: string, signal?: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const response = await sent(query, `${ROWS}, ${TRIPLES}`, signal);
  const verdicts = response.headers.get("X-KGraph-Verdict")?.split(", ") ?? [];
  const text = await response.text();
  const common = { ms: performance.now() - began, verdicts };
  if (response.headers.get("Content-Type")?.startsWith(TRIPLES)) return { kind: "graph", triples: parsed(text), ...common };
  const found = JSON.parse(text) as { head: { vars?: string[] }; boolean?: boolean; results?: { bindings: Row[] } };
  if (found.boolean !== undefined) return { kind: "boolean", value: found.boolean, ...common };
  return { kind: "rows", variables: found.head.vars ?? [], rows: found.results?.bindings ?? [], ...common };
}

/** The rows of a question of the page's own; `seconds` is the most it may cost the service. */
export async function rows(query: string, signal?: AbortSignal, seconds?: number): Promise<readonly Row[]> {
  const response = await sent(query, ROWS, signal, seconds);
  return ((await response.json()) as { results: { bindings: Row[] } }).results.bindings;
}

/** The answer as text in a format, by its media type. */
export async function text(query: string, accept: string, signal?: AbortSignal): Promise<string> {
  return (await sent(query, accept, signal)).text();
}

/** Where the answer can be had as a file; null where the query is too long for an address. */
export function file(query: string, format: string): string | null {
  const link = address("sparql", { query, format });
  return link.length <= LONGEST_ADDRESS ? link : null;
}
