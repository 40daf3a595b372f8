// Who says so and where, in words: the wording of `kgraph/client/rows.py`, so that a picture and a table say the same.
import type { ClaimRef, Span } from "../model";

/** The code alone, as people read it: `kgs:article-voice` is *article voice*. */
export const plain = (code: string): string => (code.split(":").at(-1) ?? code).replaceAll("-", " ");

/** *Reuters through AP; Article 01, P16 s2 [alleged]*. */
export function evidence(claim: ClaimRef): string {
  const own = claim.said_by.length === 1 && claim.said_by[0]?.id === claim.article?.id;
  const named = claim.said_by.map((one) => one.label).join(", ") || "not attributed";
  const who = own ? "the article's own voice" : named;
  const through = claim.via.map((one) => one.label).join(", ");
  const where = places(claim).map(place).filter(Boolean).join(", ");
  const marks = [claim.modality, claim.polarity]
    .map((code) => code.split(":").at(-1))
    .filter((mark) => mark !== "reported" && mark !== "affirmed");
  return (
    `${who}${through ? ` through ${through}` : ""}; ${claim.article?.label ?? "no article"}${where ? `, ${where}` : ""}` +
    marks.map((mark) => ` [${mark}]`).join("")
  );
}

/** How it is said, and when it is said to have been. */
export function manner(claim: ClaimRef): string {
  const said = [plain(claim.voice), plain(claim.modality), plain(claim.polarity)].join(", ");
  return claim.when ? `${said}; ${claim.when.text}` : said;
}

function places(claim: ClaimRef): Span[] {
  return ([] as (Span | null)[]).concat(claim.where).filter((span) => span !== null);
}

function place(span: Span): string {
  if (span.row != null) return `row ${span.row}`;
  if (span.paragraph == null) return "";
  return span.sentence == null ? `P${span.paragraph}` : `P${span.paragraph} s${span.sentence}`;
}
