/*
 * A finger on a graph: it reads the point below it, a second touch opens that point, and held still before it is
 * drawn along it chooses a range, as drawing over the graph with a mouse does. Drawn up or down it scrolls the page.
 */

import type { Graph } from "./graph";
import { DRAG } from "./plot";

const LONG = 450; // milliseconds after which a touch is held

/** Listen to fingers and pens, and to the click that any pointer ends with. */
export function listenToPointers(over: HTMLElement, graph: Graph): void {
  let readBefore: number | null = null;
  let pressedAt = 0;
  let holding: ReturnType<typeof setTimeout> | undefined;
  let isChoosing = false;
  let hasChosen = false;
  const hold = () => {
    isChoosing = graph.canZoom && graph.place !== null;
    if (isChoosing) graph.choose(graph.place!);
    over.classList.toggle("is-held", isChoosing);
  };
  const letGo = () => {
    clearTimeout(holding);
    isChoosing = false;
    over.classList.remove("is-held");
  };
  over.addEventListener("pointerdown", (event) => {
    readBefore = graph.place;
    hasChosen = false;
    pressedAt = event.clientX;
    if (event.pointerType === "mouse") return; // uPlot's own matter
    graph.dropRange();
    graph.readAt(event);
    clearTimeout(holding);
    holding = setTimeout(hold, LONG);
  });
  over.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") return;
    if (Math.abs(event.clientX - pressedAt) >= DRAG) clearTimeout(holding);
    graph.readAt(event);
    if (isChoosing && graph.place !== null) graph.choose(graph.place);
  });
  over.addEventListener("pointerup", () => {
    hasChosen = isChoosing;
    letGo();
    if (hasChosen && !graph.openRange()) graph.dropRange();
  });
  // The browser takes the finger to scroll the page.
  over.addEventListener("pointercancel", () => {
    letGo();
    graph.dropRange();
  });
  // While a range is chosen the page stays where it is, and no menu comes over it.
  over.addEventListener("touchmove", (event) => isChoosing && event.preventDefault(), { passive: false });
  over.addEventListener("contextmenu", (event) => isChoosing && event.preventDefault());
  // A finger has to touch a point twice: it cannot read one without touching it.
  over.addEventListener("click", (event) => {
    const isFinger = (event as PointerEvent).pointerType === "touch";
    if (hasChosen || Math.abs(event.clientX - pressedAt) >= DRAG || (isFinger && readBefore !== graph.place)) return;
    graph.openPoint();
  });
}
