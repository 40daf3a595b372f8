// The service's verbs, asked from a page of the service itself. Addresses are relative to the page's root, which the
// page names in `<html data-root>` (a proxy may serve kgraph below another path).
import type { Neighbourhood, Paths } from "./model";

/** What the service said when it refused, in its own words (RFC 9457), or what a network that failed looks like. */
export class ServiceError extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    readonly status: number,
    readonly retryAfter: number | null = null,
  ) {
    super(detail || title);
    this.name = "ServiceError";
  }
}

export type Parameters = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

const TIMEOUT_MS = 30_000;

export function root(): string {
  return document.documentElement.dataset["root"] ?? "";
}

export function address(route: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  const text = query.toString();
  return `${root()}/${route}${text ? `?${text}` : ""}`;
}

/** GETs JSON. Raises ServiceError with what the service says; an AbortError passes as it is. */
export async function get<Answer>(route: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<Answer> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(address(route, parameters), {
      headers: { Accept: "application/json" },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    throw new ServiceError(
      slow ? "The service did not answer in time" : "The service cannot be reached",
      slow ? `No answer came within ${TIMEOUT_MS / 1000} seconds.` : "It may be starting again; try once more in a moment.",
      0,
    );
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
    const wait = Number(response.headers.get("Retry-After"));
    throw new ServiceError(
      problem.title ?? `The service answered ${response.status}`,
      problem.detail ?? "",
      response.status,
      wait > 0 ? wait : null,
    );
  }
  return (await response.json()) as Answer;
}

export const neighbourhood = (parameters: Parameters, signal?: AbortSignal): Promise<Neighbourhood> =>
  get("neighbourhood", parameters, signal);

export const paths = (parameters: Parameters, signal?: AbortSignal): Promise<Paths> => get("paths", parameters, signal);
