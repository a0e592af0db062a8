import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema";
import type { Channel, Contact } from "@/api/types";
import { pointsOf, reachQuery } from "../model/use-start";

type Point = components["schemas"]["PointReach"];

export interface Reach {
  points: readonly Point[];
  /** Which of them is written to; empty where none can be. */
  point: string;
  /** Why the contact can't be written to on the channel; empty where they can. */
  why: components["schemas"]["ChannelReach"]["reason"];
}

/** Where a contact can be written to on a channel. Until the server has said so, what the contact has. */
export function useReach(contact: Contact | null, channel: Channel, chosen: string): Reach {
  const id = contact?.id ?? 0;
  const found = useQuery({ ...reachQuery(id), enabled: contact !== null });
  if (!contact) return { points: [], point: "", why: "" };
  const known = found.data?.find((one) => one.channel_id === channel.id);
  const points =
    known?.points ??
    pointsOf(contact, channel.type).map((value): Point => ({ value, ok: true, reason: "" }));
  const open = points.filter(({ ok }) => ok);
  const { value: point = "" } = open.find(({ value }) => value === chosen) ?? open[0] ?? {};
  const none = channel.type === "email" ? "no_email" : "no_phone";
  return { points, point, why: known?.reason ?? (points.length > 0 ? "" : none) };
}
