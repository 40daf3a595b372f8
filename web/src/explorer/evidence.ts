// The evidence of a relation: each claim with who says so, through whom, where and how, and the claims against it.
import type { Claim, Edge } from "../model";
import { address } from "../service";
import { trouble } from "./card";
import { bdi, fill, h, plain, plural, type Child } from "./dom";
import type { Replay } from "./replay";
import { named, placeOf, quantity, speakers, standing, when } from "./say";

const FIRST = 8;

/** The drawer of a relation. Claims come one by one; more than a few are asked for. */
export function evidence(replay: Replay, edge: Edge, ends: { source: string; target: string }): HTMLElement {
  const list = h("ol", { class: "evidence" });
  const more = h("button", { type: "button", onclick: () => reveal() }, "");
  let shown = 0;
  const reveal = (): void => {
    const next = edge.claims.slice(shown, shown + FIRST);
    shown += next.length;
    for (const claim of next) list.append(item(replay, claim.id));
    more.hidden = shown >= edge.claims.length;
    more.textContent = `${plural(edge.claims.length - shown, "more claim")}`;
  };
  reveal();
  return h("article", { class: "card" },
    h("p", { class: "relation" }, bdi(ends.source), " ", h("b", {}, bdi(edge.predicate_label)), " ", bdi(ends.target)),
    edge.claims.length
      ? h("p", { class: "quiet" }, `${saying(edge)} That it is said does not make it so.`)
      : h("p", { class: "quiet" }, "This relation stands in the graph without a claim: nobody is named who says so."),
    list,
    more,
  );
}

/** How many claims say so, how many say it otherwise than as a plain report, how many deny it. */
function saying(edge: Edge): string {
  const denied = edge.claims.filter((claim) => claim.polarity === "negated").length;
  const other = edge.claims.filter((claim) => claim.polarity !== "negated" && claim.modality !== "reported").length;
  const told = (count: number, one: string, many: string): string[] => (count ? [`${plural(count, "claim")} ${count === 1 ? one : many}`] : []);
  const parts = [
    ...told(edge.claims.length - denied - other, "reports it", "report it"),
    ...told(other, "speaks of it otherwise, as it tells", "speak of it otherwise, as they tell"),
    ...told(denied, "denies it", "deny it"),
  ];
  return `${parts.join(", ")}.`;
}

function item(replay: Replay, id: string): HTMLElement {
  const row = h("li", { "aria-busy": "true" }, h("p", { class: "quiet" }, "Fetching the claim…"));
  void load(replay, id, row);
  return row;
}

async function load(replay: Replay, id: string, row: HTMLElement): Promise<void> {
  try {
    const claim = await replay.ask<Claim>("claim", { id });
    const against = await Promise.all(claim.conflicts_with.map((other) => replay.ask<Claim>("claim", { id: other })));
    fill(row, ...told(claim, against));
  } catch (error) {
    fill(row, trouble(error, () => void load(replay, id, row)));
  } finally {
    row.removeAttribute("aria-busy");
  }
}

function told(claim: Claim, against: readonly Claim[]): Child[] {
  const how = standing(claim);
  const rows: [string, Child[]][] = [
    ["Said by", named(claim.said_by)],
    ["Through", named(claim.via)],
    ["Article", claim.article ? named([claim.article]) : []],
    ["Where", claim.where.length ? [claim.where.map(placeOf).join("; ")] : []],
    ["Voice", [plain(claim.voice)]],
    ["Modality", [plain(claim.modality)]],
    ["Polarity", [plain(claim.polarity)]],
    ["Number", claim.quantity ? [bdi(quantity(claim.quantity))] : []],
    ["Period", claim.period ? [bdi(when(claim.period))] : []],
    ["When", claim.when ? [bdi(when(claim.when))] : ["not stated"]],
    ["Role", claim.role ? [bdi(plain(claim.role))] : []],
    ["Certainty of the source", claim.source_certainty ? [plain(claim.source_certainty)] : []],
    ["Read with confidence", claim.confidence === null ? [] : [`${Math.round(claim.confidence * 100)} %`]],
    ["Status", claim.status === "current" ? [] : [plain(claim.status)]],
  ];
  return [
    h("p", { class: "sentence" }, how && h("span", { class: "how" }, how), bdi(claim.sentence)),
    h("dl", {}, ...rows.flatMap(([name, value]) => (value.length ? [h("dt", {}, name), h("dd", {}, ...value)] : []))),
    ...claim.notes.map((note) => h("p", { class: "note" }, h("b", {}, `Note (${plain(note.kind)}): `), bdi(note.text))),
    against.length > 0 && h("section", { class: "against" },
      h("h3", {}, against.length === 1 ? "A claim in conflict with this" : "Claims in conflict with this"),
      h("ul", {}, ...against.map((other) => h("li", {}, h("a", { href: address("claim", { id: other.id }) }, bdi(other.sentence)),
        h("span", { class: "who" }, ...speakers(other), standing(other) && `, ${standing(other)}`)))),
    ),
    turtle(claim.id),
    h("p", {}, h("a", { href: address("claim", { id: claim.id }) }, "Page of this claim")),
  ];
}

function turtle(id: string): HTMLElement {
  const text = h("pre", { tabindex: "0", "aria-label": "The claim as Turtle" }, "Fetching…");
  const copy = h("button", { type: "button", hidden: true, onclick: () => void navigator.clipboard.writeText(text.textContent ?? "").then(() => (copy.textContent = "Copied")) }, "Copy");
  const details = h("details", { class: "turtle" }, h("summary", {}, "The claim as Turtle"), text, copy);
  const fetchIt = async (): Promise<void> => {
    const answer = await fetch(address("claim", { id }), { headers: { Accept: "text/turtle" } }).catch(() => null);
    text.textContent = answer?.ok ? await answer.text() : "The service did not give it. Close this and open it again to ask once more.";
    copy.hidden = !answer?.ok;
    asked = Boolean(answer?.ok);
  };
  let asked = false;
  details.addEventListener("toggle", () => {
    if (details.open && !asked) void fetchIt();
  });
  return details;
}
