// The steps of a state, taken in order under its lens: what each brings to the map. Answers are kept, so that going back
// asks nothing; a step that fails says why, and the others stand.
import type { Edge, Neighbourhood, Paths, Verdict } from "../model";
import type { Thing } from "../graph/canvas";
import { address, get, ServiceError, type Parameters } from "../service";
import type { Between, Lens, Near, State, Step } from "./state";

/** Things on one page of what stands near a thing. */
export const PAGE = 40;
const KEPT = 400;
/** Options of a path search that take several values; in the address they are joined by commas. */
const SEVERAL = new Set(["predicate", "avoid", "avoid_type", "via"]);

/** What one step gave. `total` counts the relations there are, of which a page shows some; `verdict` is of a search
 * between things, `stopped` names what ended it. */
export interface Part {
  readonly step: Step;
  readonly things: readonly Thing[];
  readonly edges: readonly Edge[];
  readonly total: number;
  readonly more: boolean;
  readonly verdict: Verdict | null;
  readonly stopped: string | null;
  readonly problem: ServiceError | null;
  /** The lens in the service's words, and the state of the graph that answered; empty and null where none did. */
  readonly lens: string;
  readonly generation: number | null;
}

const NOTHING = { things: [], edges: [], total: 0, more: false, verdict: null, stopped: null, problem: null, lens: "", generation: null };

export class Replay {
  private readonly answers = new Map<string, Promise<unknown>>();

  /** What every step gives. Raises AbortError when the signal says so, nothing else: a refusal is part of a part. */
  async take(state: Pick<State, "steps" | "lens">, signal?: AbortSignal): Promise<Part[]> {
    return await Promise.all(state.steps.map((step) => this.part(step, state.lens, signal)));
  }

  /** Asks, or remembers the answer. */
  async ask<Answer>(route: string, parameters: Parameters, signal?: AbortSignal): Promise<Answer> {
    const key = address(route, parameters);
    let held = this.answers.get(key);
    if (!held) {
      held = get(route, parameters);
      this.answers.set(key, held);
      held.catch(() => this.answers.delete(key));
      for (const oldest of this.answers.keys()) {
        if (this.answers.size <= KEPT) break;
        this.answers.delete(oldest);
      }
    }
    const answer = (await held) as Answer;
    signal?.throwIfAborted();
    return answer;
  }

  /** Forgets every answer: the next question asks the service. */
  forget(): void {
    this.answers.clear();
  }

  private async part(step: Step, lens: Lens, signal?: AbortSignal): Promise<Part> {
    try {
      if (step.kind === "between") return await this.between(step, lens, signal);
      return await this.near(step.kind === "near" ? step : null, step, lens, signal);
    } catch (error) {
      if (error instanceof ServiceError) return { step, ...NOTHING, problem: error };
      throw error;
    }
  }

  private async near(near: Near | null, step: Exclude<Step, Between>, lens: Lens, signal?: AbortSignal): Promise<Part> {
    const asked = {
      entity: step.id,
      hops: near ? 1 : 0,
      limit: PAGE,
      predicate: near?.predicate,
      direction: near?.direction ? { out: "forward", in: "backward" }[near.direction] : undefined,
      ...lens,
    };
    const things = new Map<string, Thing>();
    const edges: Edge[] = [];
    let total = 0;
    let said: Pick<Part, "lens" | "generation"> = NOTHING;
    let cursor: string | null = null;
    for (let page = 0; page < (near?.pages ?? 1); page += 1) {
      const answer: Neighbourhood = await this.ask("neighbourhood", { ...asked, cursor }, signal);
      for (const node of answer.nodes) things.set(node.id, node);
      edges.push(...answer.edges);
      total = Object.values(answer.counts.by_predicate).reduce((sum, count) => sum + count, 0);
      said = { lens: answer.lens, generation: answer.generation };
      cursor = answer.next;
      if (cursor === null) break;
    }
    return { step, ...NOTHING, things: [...things.values()], edges, total, more: cursor !== null, ...said };
  }

  private async between(step: Between, lens: Lens, signal?: AbortSignal): Promise<Part> {
    const { rows, ...options } = step.options;
    const limits = Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, SEVERAL.has(name) ? value.split(",") : value]),
    );
    if (step.ids.length > 2) {
      const answer = await this.ask<Neighbourhood>("connect", { entity: step.ids, ...limits, ...lens }, signal);
      const { nodes, edges } = answer;
      return { step, ...NOTHING, things: nodes, edges, total: edges.length, verdict: answer.verdict, stopped: answer.stopped_by, lens: answer.lens, generation: answer.generation };
    }
    const [source, target] = step.ids;
    const answer = await this.ask<Paths>("paths", { source, target, ...limits, ...lens }, signal);
    const wanted = rows ? rows.split(".").map(Number) : null;
    const paths = wanted ? answer.paths.filter((_, index) => wanted.includes(index)) : answer.paths;
    const ends = [...answer.source, ...answer.target];
    const things = new Map<string, Thing>([...ends, ...paths.flatMap((path) => path.nodes)].map((thing) => [thing.id, thing]));
    const edges = paths.flatMap((path) => path.edges);
    return {
      step, ...NOTHING, things: [...things.values()], edges, total: edges.length,
      more: answer.next !== null, verdict: answer.verdict, stopped: answer.stopped_by,
      lens: answer.lens, generation: answer.generation,
    };
  }
}
