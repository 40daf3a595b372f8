// Labels come from strangers: only as text, cut where they are long, without the marks that turn the reading direction.

const LONGEST = 60;
const TURNING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const LINE = 19; // letters of a line of the map
const SIGNS = /(?<=\p{L}[-–/_])(?=\p{L}{3})/u;

/** The same with places to break in words that are longer than a line of the map: at their own hyphens, and else anywhere
 * (those of addresses, or made to do harm). */
export function breakable(label: string): string {
  return label.replace(/\S{19,}/gu, (word) => word.split(SIGNS).map(pieces).join("\u200b"));
}

function pieces(word: string): string {
  if (word.length < LINE) return word;
  const parts = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word)].map((part) => part.segment);
  return parts.map((part, at) => (at > 0 && at % 10 === 0 ? `\u200b${part}` : part)).join("");
}

/** A label as a map draws it: at most `longest` characters (of what a reader counts as one), an ellipsis after. */
export function drawn(label: string, longest = LONGEST): string {
  const clean = label.replace(TURNING, " ").trim();
  const characters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(clean)];
  if (characters.length <= longest) return clean;
  return `${characters.slice(0, longest - 1).map((part) => part.segment).join("").trimEnd()}…`;
}
