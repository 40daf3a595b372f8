// Who says a thing, where and how, as one line: the words that go with every claim.
import type { Claim, ClaimRef, EntityRef, Quantity, Span, TimeSpan } from "../model";
import { address } from "../service";
import { bdi, h, plain, type Child } from "./dom";

/** Names with commas, each a link to its page. */
export function named(refs: readonly EntityRef[]): Child[] {
  return refs.flatMap((ref, index) => [
    index > 0 && ", ",
    h("a", { href: address(ref.type === "kg:Article" || ref.type === "kg:Dataset" ? "source" : "entity", { id: ref.id }) }, bdi(ref.label)),
  ]);
}

export function placeOf(span: Span): string {
  if (span.paragraph !== null) return `paragraph ${span.paragraph}${span.sentence === null ? "" : `, sentence ${span.sentence}`}`;
  if (span.row !== null) return `row ${span.row} of the table`;
  return "place not stated";
}

/** "alleged", "denied", "planned, denied"; empty for a plain report. */
export function standing(claim: Pick<Claim, "modality" | "polarity">): string {
  return [
    claim.modality === "reported" ? "" : plain(claim.modality),
    claim.polarity === "affirmed" ? "" : claim.polarity === "negated" ? "denied" : plain(claim.polarity),
  ].filter(Boolean).join(", ");
}

/** The speakers of a claim in words. The article's own voice is said so. */
export function speakers(claim: ClaimRef | Claim): Child[] {
  const who = claim.said_by.length ? named(claim.said_by) : ["nobody named"];
  return claim.via.length ? [...who, ", through ", ...named(claim.via)] : who;
}

export function when(time: TimeSpan): string {
  const bounds = [time.earliest, time.latest].every((bound) => bound !== null)
    ? time.earliest === time.latest ? time.earliest : `${time.earliest} to ${time.latest}`
    : time.earliest ? `from ${time.earliest}` : time.latest ? `until ${time.latest}` : null;
  return bounds ? `${time.text} (${bounds})` : time.text;
}

const APPROXIMATIONS: Readonly<Record<string, string>> = { exact: "", unstated: "" };

/** A number as the source gives it, its qualifier kept: "more than 300 organisations". */
export function quantity(value: Quantity): string {
  const qualifier = APPROXIMATIONS[value.approximation] ?? plain(value.approximation);
  const text = value.text.toLowerCase().includes(qualifier) ? value.text : `${qualifier} ${value.text}`;
  const unit = value.unit && !text.includes(value.unit) ? ` ${plain(value.unit)}` : "";
  return `${text}${unit}`;
}
