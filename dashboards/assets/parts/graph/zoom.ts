/*
 * Zooming: the address of the days between two points of a graph.
 */

import { dayOf, daysLater, isoDay, monthsLater } from "../locale";
import type { GraphData } from "./data";

/** Tell whether part of the graph can be a period of its own: periods are made of days. */
export function canZoom(data: GraphData): boolean {
  return isoDay(dayOf(data.labels[0]!)) !== isoDay(lastDay(data, data.labels.length - 1, null));
}

/** Give the address of the days of two points and those between them; everything else stays as it is. */
export function zoomAddress(data: GraphData, first: number, last: number, search: string, today: Date): string {
  const [from, to] = [isoDay(dayOf(data.labels[first]!)), isoDay(lastDay(data, last, today))];
  const query = new URLSearchParams(search);
  for (const name of ["date", "from", "to", "interval"]) query.delete(name);
  query.set("period", from === to ? "day" : "custom");
  if (from === to) query.set("date", from);
  else {
    query.set("from", from);
    query.set("to", to);
  }
  return `?${query.toString().replaceAll("%2C", ",")}`;
}

/** Give the last day of a point; of one that is not complete yet, the present day. */
function lastDay(data: GraphData, place: number, today: Date | null): Date {
  const first = dayOf(data.labels[place]!);
  const end = daysLater(afterwards(first, data.interval), -1);
  return today && data.unfinished.includes(place) && today < end ? today : end;
}

function afterwards(first: Date, interval: GraphData["interval"]): Date {
  if (interval === "month") return monthsLater(first, 1);
  return daysLater(first, interval === "week" ? 7 : 1);
}
