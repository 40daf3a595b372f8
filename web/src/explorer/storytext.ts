// A story as text: steps over one map, each a state of the explorer with a caption, written so that an address can hold
// it. What comes in an address comes from strangers: it is read strictly, and no more than a story can be.

export interface StoryStep {
  /** The state, as the explorer's address writes it. */
  readonly query: string;
  readonly caption: string;
  /** What is lit: ids of things and keys of relations. */
  readonly lit: readonly string[];
}

export interface Story {
  readonly title: string;
  readonly steps: readonly StoryStep[];
}

export const NO_STORY: Story = { title: "", steps: [] };

/** Most characters of a story in an address: servers and mail programs cut what is much longer. */
export const LONGEST = 6_000;
export const MOST_STEPS = 40;
export const LONGEST_CAPTION = 600;
const LONGEST_TITLE = 120;
const MOST_BYTES = 200_000;

type Written = [string, [string, string, string[]][]];

/** The text of a story, for an address: JSON, deflated where that is shorter. */
export async function write(story: Story): Promise<string> {
  const written: Written = [story.title, story.steps.map(({ query, caption, lit }) => [query, caption, [...lit]])];
  const bytes = new TextEncoder().encode(JSON.stringify(written));
  const small = await through(bytes, new CompressionStream("deflate-raw"));
  return small.length < bytes.length ? `z${base64url(small)}` : `j${base64url(bytes)}`;
}

/** The story of a text; null where it is none. */
export async function read(text: string): Promise<Story | null> {
  try {
    const bytes = Uint8Array.from(atob(text.slice(1).replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
    if (text[0] !== "z" && text[0] !== "j") return null;
    const plain = text[0] === "z" ? await through(bytes, new DecompressionStream("deflate-raw")) : bytes;
    return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
  } catch {
    return null;
  }
}

function checked(value: unknown): Story | null {
  if (!Array.isArray(value) || typeof value[0] !== "string" || !Array.isArray(value[1])) return null;
  const steps: StoryStep[] = [];
  for (const step of value[1].slice(0, MOST_STEPS) as unknown[]) {
    if (!Array.isArray(step) || typeof step[0] !== "string" || typeof step[1] !== "string" || !Array.isArray(step[2])) return null;
    const lit = (step[2] as unknown[]).filter((id): id is string => typeof id === "string");
    steps.push({ query: step[0], caption: cut(step[1], LONGEST_CAPTION), lit });
  }
  return { title: cut(value[0], LONGEST_TITLE), steps };
}

export const cut = (text: string, longest: number): string => [...text].slice(0, longest).join("");

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError("longer than a story can be");
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
