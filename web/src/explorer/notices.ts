// What is to be known of a map: that it is empty, cut, too large, or that a step of it failed; each with what would do.
import { MOST_LAID_OUT, type Canvas } from "../graph/canvas";
import { bdi, byId, h, plural, type Child } from "./dom";
import { PAGE, type Part } from "./replay";
import type { Room } from "./room";
import type { Shell } from "./shell";

const MOST_TOLD = 2;

function labelOf(canvas: Canvas, id: string): string {
  const label: unknown = canvas.core.getElementById(id).data("label");
  return typeof label === "string" ? label : id.replace(/^id:/, "");
}

/** Tells of the map that stands now. `again` asks the service once more. */
export function tell(room: Room, shell: Shell, parts: readonly Part[], refused: boolean, again: () => void): void {
  byId("empty").hidden = parts.length > 0;
  const notice = (name: string, ...children: readonly Child[]): void =>
    shell.notice(name, children.length ? h("div", { class: "notice", role: "status" }, ...children) : null);
  const button = (text: string, run: () => void): HTMLElement => h("button", { type: "button", onclick: run }, text);

  const failed = parts.find((part) => part.problem !== null);
  shell.notice("trouble", null);
  if (failed?.problem) {
    const { problem, step } = failed;
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      const rest = room.store.state.steps.filter((other) => other !== step);
      shell.notice("trouble", h("div", { class: "notice bad", role: "alert" }, h("strong", {}, problem.title), h("p", {}, problem.detail),
        button("Take it off", () => room.store.set({ steps: rest }))));
    } else shell.trouble(problem, again);
  }

  const cut = parts.filter((part) => part.more && part.step.kind === "near").slice(-MOST_TOLD);
  notice("cut", ...cut.map(({ step, edges, total }) =>
    step.kind === "near" && h("p", {}, `${edges.length.toLocaleString("en")} of ${plural(total, "relation")} of `, bdi(labelOf(room.canvas, step.id)), " are shown. ",
      button(`Next ${PAGE}`, () => room.acts.expand(step.id, step.predicate, step.direction)))));

  const search = parts.findLast((part) => part.verdict !== null && part.verdict !== "found");
  notice("verdict", ...(search && search.step.kind === "between"
    ? [h("p", {}, search.verdict === "stopped"
        ? `The search for a path was stopped by its limit (${search.stopped ?? "time"}): there may be one.`
        : "There is no path between ", ...(search.verdict === "stopped" ? [] : [...listed(room.canvas, search.step.ids), " within the bound, seen through this lens: everything was looked at."]))]
    : []));

  const bare = parts.length > 0 && !failed && !search && room.canvas.core.edges().empty() && parts.some((part) => part.step.kind === "near");
  const lifted = room.store.state.lens["modality"]?.includes("any");
  notice("bare", ...(bare ? [h("p", {}, "Nothing stands near it through this lens. "),
    !lifted && button("Look through claims of any kind", () => room.store.set({ lens: { ...room.store.state.lens, modality: ["any"], polarity: ["any"] } }))] : []));

  notice("large", ...(refused ? [
    h("strong", {}, `${plural(room.canvas.things().length, "thing")} are too many to be arranged`),
    h("p", {}, `Up to ${MOST_LAID_OUT.toLocaleString("en")} are. These stand in rings. Hide kinds of things or relations, narrow who speaks, or keep only one of them.`),
    button("Filters", () => room.close()), room.store.canUndo && button("Undo", () => room.store.undo()),
  ] : []));
}

function listed(canvas: Canvas, ids: readonly string[]): Child[] {
  return ids.flatMap((id, index): Child[] => [index > 0 && (index === ids.length - 1 ? " and " : ", "), bdi(labelOf(canvas, id))]);
}
