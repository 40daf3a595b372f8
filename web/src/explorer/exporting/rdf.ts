// The map as RDF, from the service: its claims are asked for by name, so the file holds them as the graph does.
import { address, ServiceError } from "../../service";
import { rows, type Seen } from "../seen";
import { construction } from "./sparql";

export type Syntax = "text/turtle" | "application/ld+json";

export interface Rdf {
  readonly text: string;
  /** Claims of the map that the file does not hold: the graph has changed since the map's state. */
  readonly missing: number;
}

/** Raises ServiceError with what the service says. */
export async function rdf(map: Seen, syntax: Syntax, signal?: AbortSignal): Promise<Rdf> {
  let response: Response;
  try {
    response = await fetch(address("sparql"), {
      method: "POST",
      headers: { Accept: syntax, "Content-Type": "application/sparql-query" },
      body: construction(map),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServiceError("The service cannot be reached", "It may be starting again; try once more in a moment.", 0);
  }
  const text = await response.text();
  if (!response.ok) throw refused(response.status, text);
  const wanted = new Set(rows(map).flatMap(({ claim }) => (claim ? [claim.id] : []))).size;
  const held = syntax === "text/turtle" ? (text.match(/^\S+ a kg:Claim\b/gm)?.length ?? 0) : claimsIn(JSON.parse(text));
  return { text, missing: Math.max(0, wanted - held) };
}

function claimsIn(document: unknown): number {
  const nodes = Array.isArray(document) ? (document as { "@type"?: unknown; [name: string]: unknown }[]) : [];
  const type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
  return nodes.filter((node) => JSON.stringify(node["@type"] ?? node[type] ?? "").includes("ns#Claim")).length;
}

function refused(status: number, text: string): ServiceError {
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return new ServiceError(title ?? `The service answered ${status}`, detail ?? "", status);
  } catch {
    return new ServiceError(`The service answered ${status}`, "", status);
  }
}
