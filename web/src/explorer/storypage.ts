// A story as one HTML file: a picture, a caption and the evidence of each step, arrow keys to go through them, and a
// policy of its own by which the file asks nobody for anything. Without scripts all steps stand below one another.
import type { ClaimRef } from "../model";
import { manner, place, rows, speakers, words, type Seen } from "./seen";
import { text } from "./exporting/graphml";

export interface Scene {
  readonly caption: string;
  /** An SVG of our own (`graph/svg`), whose texts are escaped already. */
  readonly picture: string;
  readonly map: Seen;
  /** What the map was seen through, in words. */
  readonly lens: string;
  /** The address of this map in the service. */
  readonly address: string;
}

export interface Page {
  readonly title: string;
  readonly scenes: readonly Scene[];
  readonly generation: number | null;
  readonly day: string;
}

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fdfcf9; color: #1b1f24; font: 17px/1.55 "Source Serif 4", Charter, Georgia, serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1.5rem 0 .25rem; }
.standing { color: #5a6470; margin: 0 0 1rem; font-size: .9rem; }
section { border-top: 1px solid #d9d4c7; padding: 1rem 0 2rem; }
.step { color: #5a6470; font-size: .85rem; margin: 0; }
.caption { font-size: 1.2rem; line-height: 1.45; margin: .25rem 0 1rem; white-space: pre-line; overflow-wrap: anywhere; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; max-height: 68vh; border: 1px solid #d9d4c7; border-radius: .4rem; }
h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
ul { margin: 0; padding-left: 1.2rem; font-size: .92rem; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
.who { color: #5a6470; }
a { color: #0b5c8a; overflow-wrap: anywhere; }
nav { position: sticky; bottom: 0; display: none; gap: .75rem; align-items: center; justify-content: center; padding: .6rem;
  background: #f3f0e8; border-top: 1px solid #d9d4c7; }
button { font: inherit; padding: .35rem 1rem; border: 1px solid #0b5c8a; border-radius: .4rem; background: #0b5c8a; color: #fdfcf9; }
button:disabled { background: #f3f0e8; color: #5a6470; border-color: #d9d4c7; }
button:focus-visible, section:focus-visible { outline: 3px solid #0b5c8a; outline-offset: 2px; }
.playing nav { display: flex; }
.playing section { display: none; border: 0; padding-top: .25rem; }
.playing section.now { display: block; }
footer { color: #5a6470; font-size: .85rem; padding-top: .75rem; padding-bottom: 1.5rem; border-top: 1px solid #d9d4c7; }
@media print { nav { display: none !important; } .playing section { display: block !important; break-inside: avoid; } }
`;

const SCRIPT = `
const steps = [...document.querySelectorAll("section")];
const [back, on] = document.querySelectorAll("nav button");
const where = document.querySelector("nav output");
let now = Math.min(Math.max(Number(location.hash.slice(1)) - 1 || 0, 0), steps.length - 1);
function show(next) {
  now = Math.min(Math.max(next, 0), steps.length - 1);
  steps.forEach((step, index) => step.classList.toggle("now", index === now));
  back.disabled = now === 0;
  on.disabled = now === steps.length - 1;
  where.textContent = "Step " + (now + 1) + " of " + steps.length;
  scrollTo(0, 0);
}
back.addEventListener("click", () => show(now - 1));
on.addEventListener("click", () => show(now + 1));
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const go = { ArrowRight: now + 1, ArrowLeft: now - 1, PageDown: now + 1, PageUp: now - 1, Home: 0, End: steps.length - 1 }[event.key];
  if (go === undefined) return;
  event.preventDefault();
  show(go);
});
document.body.classList.add("playing");
show(now);
`;

/** The file. Every text is escaped; scripts and styles run by a nonce made for this file alone. */
export function page({ title, scenes, generation, day }: Page): string {
  const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  const state = generation === null ? "" : `, state ${generation} of its graph`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${text(title)}</title>`,
    `<style nonce="${nonce}">${STYLE}</style>`,
    "</head>",
    "<body>",
    `<header><h1><bdi>${text(title)}</bdi></h1>`,
    '<p class="standing">What sources say, not what we say: every line of a picture is a claim, and stands below it with who says so.</p></header>',
    "<main>",
    ...scenes.map((scene, index) => section(scene, index + 1, scenes.length)),
    "</main>",
    '<nav aria-label="Steps"><button type="button">Back</button><output aria-live="polite"></output><button type="button">Next</button></nav>',
    `<footer>Made with kgraph on ${text(day)}${state}. The arrow keys go through the steps.</footer>`,
    `<script nonce="${nonce}">${SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** The article, where it does not speak itself. */
function article({ article: held, said_by }: ClaimRef): string {
  return held && !said_by.some(({ id }) => id === held.id) ? `, in <bdi>${text(held.label)}</bdi>` : "";
}

function section({ caption, picture, map, lens, address }: Scene, step: number, of: number): string {
  const evidence = rows(map).map((row) => {
    const said = row.claim
      ? `says <bdi>${text(speakers(row.claim))}</bdi>${article(row.claim)}, ${text(place(row.claim.where))} (${text(manner(row.claim))})`
      : "held by the graph without a claim";
    return `<li><bdi>${text(words(row))}</bdi> <span class="who">${said}</span></li>`;
  });
  const label = `Map of step ${step}: ${map.things.length} things and ${map.edges.length} relations, which are listed below`;
  const drawing = picture.replace("<svg ", `<svg role="img" aria-label="${text(label)}" `);
  return [
    `<section aria-label="Step ${step}">`,
    `<p class="step">Step ${step} of ${of} · seen through ${text(lens)}</p>`,
    caption ? `<p class="caption"><bdi>${text(caption)}</bdi></p>` : "",
    `<figure>${drawing}</figure>`,
    `<h2>Who says so</h2>`,
    evidence.length ? `<ul>${evidence.join("")}</ul>` : "<p>There are no relations on this map.</p>",
    `<p class="who">This map in the service: <a href="${text(address)}" rel="noreferrer">open it</a></p>`,
    "</section>",
  ].join("\n");
}
