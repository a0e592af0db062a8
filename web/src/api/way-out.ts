import type { Channel } from "./types";

/** Whether what is written in a channel can leave: by its own mail server, or by the relay of the installation. */
export function hasWayOut({ type, outgoing }: Pick<Channel, "type" | "outgoing">, relay: boolean) {
  return relay || type !== "email" || outgoing.way === "smtp";
}
