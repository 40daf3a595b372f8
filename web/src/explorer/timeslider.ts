// Two thumbs over the dates that the claims name: the lens's `valid_from` and `valid_until`. Each stop is a date that
// stands in the graph, so the arrows of the keyboard go from one to the next.
import { h, plural } from "./dom";
import type { Room } from "./room";
import type { Lens } from "./state";

export function timeSlider(room: Room, stops: readonly string[], lens: Lens): HTMLElement | null {
  const from = lens["valid_from"]?.[0];
  const until = lens["valid_until"]?.[0];
  const all = [...new Set([...stops, ...[from, until].filter((date): date is string => Boolean(date))])].sort();
  const published = h("input", { type: "date", "data-row": "published", value: lens["published_until"]?.[0] ?? "", "aria-label": "Published until", onchange: () => room.acts.lens("published_until", published.value ? [published.value] : []) });
  const last = h("label", { class: "published" }, "Published by ", published);
  if (all.length < 2) {
    return h("fieldset", {}, h("legend", {}, "When it was"),
      h("p", { class: "quiet" }, all.length ? `The only time named here is ${all[0]}.` : "No claim on this map names a time."), last);
  }
  const end = all.length - 1;
  const thumb = (name: string, at: number): HTMLInputElement => {
    const range = h("input", { type: "range", min: 0, max: end, step: 1, value: at, "aria-label": name, "data-row": `time ${name}` });
    range.addEventListener("input", () => tell());
    range.addEventListener("change", () => commit());
    return range;
  };
  const low = thumb("From", from ? all.indexOf(from) : 0);
  const high = thumb("Until", until ? all.indexOf(until) : end);
  const words = h("p", { class: "times", "aria-live": "polite" });
  const ends = (): [number, number] => [Math.min(Number(low.value), Number(high.value)), Math.max(Number(low.value), Number(high.value))];
  const tell = (): void => {
    const [first, final] = ends();
    low.setAttribute("aria-valuetext", all[Number(low.value)] ?? "");
    high.setAttribute("aria-valuetext", all[Number(high.value)] ?? "");
    words.textContent = first === 0 && final === end
      ? `All times, ${all[0]} to ${all[end]}`
      : first === final ? `What was on ${all[first]}` : `What was from ${all[first]} to ${all[final]}`;
  };
  const commit = (): void => {
    const [first, final] = ends();
    const { valid_from: _, valid_until: __, ...rest } = room.store.state.lens;
    room.store.set({ lens: { ...rest, ...(first > 0 ? { valid_from: [all[first] ?? ""] } : {}), ...(final < end ? { valid_until: [all[final] ?? ""] } : {}) } });
  };
  tell();
  return h("fieldset", { class: "time" }, h("legend", {}, "When it was"), words,
    h("div", { class: "thumbs" }, low, high),
    h("p", { class: "quiet" }, `${plural(all.length, "date")} named. Claims that name no time stay on the map.`), last);
}
