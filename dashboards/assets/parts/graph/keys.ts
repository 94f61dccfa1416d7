/*
 * The keys of a graph: arrows, Home and End read its points; with Shift they choose a range, which Enter opens.
 */

import { isReadable, type GraphData } from "./data";
import type { Graph } from "./graph";

const STEPS = ["ArrowLeft", "ArrowRight", "Home", "End"];

/** Do what a key means on the graph, and tell whether it means anything. */
export function press({ key, shiftKey }: KeyboardEvent, graph: Graph): boolean {
  if (key === "Enter") return graph.openRange() || graph.openPoint();
  if (key === "Escape") return drop(graph) || graph.leave();
  if (!STEPS.includes(key)) return false;
  const place = placeFor(key, graph.data, graph.place);
  if (place === undefined) return false;
  if (shiftKey && graph.canZoom) graph.choose(place);
  else graph.read(place);
  graph.say();
  return true;
}

function drop(graph: Graph): boolean {
  const wasChosen = graph.dropRange();
  if (wasChosen) graph.say();
  return wasChosen;
}

/** Give the point that a key leads to; undefined where none can be read. */
function placeFor(key: string, data: GraphData, from: number | null): number | undefined {
  const readable = [...data.labels.keys()].filter((place) => isReadable(data, place));
  if (key === "Home") return readable[0];
  if (key === "End" || from === null) return readable.at(-1);
  if (key === "ArrowLeft") return readable.findLast((place) => place < from) ?? readable[0];
  return readable.find((place) => place > from) ?? readable.at(-1);
}
