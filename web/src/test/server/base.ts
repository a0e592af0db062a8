import type { components } from "@/api/schema";
import type { State } from "./state";

/** What the pretended server's answers are made with. */
type Problem = components["schemas"]["Problem"];
export type Handler = (call: Call) => unknown;

export interface Call {
  state: State;
  id: number;
  /** The second part of the path, where that is a name. */
  name: string;
  body: Record<string, unknown>;
  query: URLSearchParams;
}

export class Refusal extends Error {
  readonly problem: Partial<Problem> & Record<string, unknown>;

  constructor(problem: Partial<Problem> & Record<string, unknown>) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function refuse(
  status: number,
  key: string,
  detail: string,
  more: Partial<Problem> & Record<string, unknown> = {},
): never {
  throw new Refusal({ status, key, detail, request_id: "WQ7PX2M4KD9S", ...more });
}

export const page = <Item>(items: Item[]) => ({ items, next_cursor: "" });

export function find<Item extends { id: number }>(items: Item[], id: number): Item {
  return (
    items.find((item) => item.id === id) ?? refuse(404, "id.unknown", "There is nothing here.")
  );
}

export function change<Item extends { id: number }>(items: Item[], { id, body }: Call): Item {
  return Object.assign(find(items, id), body);
}

export function add<Item extends { id: number }>(items: Item[], item: Item): Item {
  const added = { ...item, id: 1 + Math.max(0, ...items.map(({ id }) => id)) };
  items.push(added);
  return added;
}

export function remove<Item extends { id: number }>(items: Item[], id: number): void {
  items.splice(items.indexOf(find(items, id)), 1);
}
