/*
 * A graph on the page: drawn in place of the server's picture, read by mouse, touch and keys.
 */

import type uPlot from "uplot";
import { open } from "../opening";
import { isReadable, readGraph, type GraphData } from "./data";
import { DRAG, plot } from "./plot";
import { Reading } from "./reading";
import { canZoom, zoomAddress } from "./zoom";

interface Shown {
  figure: HTMLElement;
  drawn: uPlot;
  watcher: ResizeObserver;
}

const shown = new Set<Shown>();

/** Draw the graphs that are new on the page and let go of those that have left it. */
export function showGraphs(): void {
  for (const graph of shown) if (!graph.figure.isConnected) letGo(graph);
  for (const figure of document.querySelectorAll<HTMLElement>("figure.graph:not(.is-drawn)")) {
    const data = readGraph(figure);
    if (data && data.labels.length > 0) shown.add(show(figure, data));
  }
}

function show(figure: HTMLElement, data: GraphData): Shown {
  const stage = document.createElement("div");
  stage.className = "graph-stage";
  const fallback = pictureOf(figure);
  fallback?.classList.add("graph-fallback");
  figure.classList.add("is-drawn");
  if (fallback) fallback.before(stage);
  else figure.append(stage);

  const reading = new Reading(data, figure, stage);
  const drawn = plot(stage, data, canZoom(data), {
    read: (place, crosshair) => reading.show(place, crosshair),
    choose: (first, last) => open(figure, zoomAddress(data, first, last, location.search, new Date())),
  });
  listenToPointers(figure, data, drawn, reading);
  figure.addEventListener("keydown", (event) => {
    if (event.target === figure && press(event.key, figure, data, drawn, reading)) event.preventDefault();
  });
  figure.addEventListener("blur", () => leave(drawn, reading));
  const watcher = new ResizeObserver(() => {
    if (stage.clientWidth > 0) drawn.setSize({ width: stage.clientWidth, height: stage.clientHeight });
  });
  watcher.observe(stage);
  return { figure, drawn, watcher };
}

function letGo(graph: Shown): void {
  graph.watcher.disconnect();
  graph.drawn.destroy();
  shown.delete(graph);
}

/** Find the server's picture: the figure's own child that holds it. */
function pictureOf(figure: Element): Element | undefined {
  return [...figure.children].find((child) => child.matches("svg") || child.matches(":not(details):has(svg)"));
}

function listenToPointers(figure: HTMLElement, data: GraphData, drawn: uPlot, reading: Reading): void {
  let readBefore: number | null = null;
  let pressedAt = 0;
  const follow = (event: PointerEvent) => {
    if (event.pointerType === "mouse") return; // uPlot's own matter
    const { left, top } = drawn.over.getBoundingClientRect();
    drawn.setCursor({ left: event.clientX - left, top: event.clientY - top });
  };
  drawn.over.addEventListener("pointerdown", (event) => {
    readBefore = reading.place;
    pressedAt = event.clientX;
    follow(event);
  });
  drawn.over.addEventListener("pointermove", follow);
  // A finger has to touch a point twice: it cannot read one without touching it.
  drawn.over.addEventListener("click", (event) => {
    const isFinger = (event as PointerEvent).pointerType === "touch";
    if (Math.abs(event.clientX - pressedAt) >= DRAG || (isFinger && readBefore !== reading.place)) return;
    openPoint(figure, data, reading);
  });
}

/** Do what a key means on the graph, and tell whether it means anything. */
function press(key: string, figure: HTMLElement, data: GraphData, drawn: uPlot, reading: Reading): boolean {
  if (key === "Enter") return openPoint(figure, data, reading);
  if (key === "Escape") return leave(drawn, reading);
  const place = placeFor(key, data, reading.place);
  if (place === undefined) return false;
  drawn.setCursor({ left: drawn.valToPos(place, "x"), top: 0 });
  reading.say();
  return true;
}

/** Give the point that a key leads to, undefined if it is no key of the graph's. */
function placeFor(key: string, data: GraphData, from: number | null): number | undefined {
  const readable = [...data.labels.keys()].filter((place) => isReadable(data, place));
  const latest = readable.at(-1);
  if (key === "Home") return readable[0];
  if (key === "End" || (from === null && (key === "ArrowLeft" || key === "ArrowRight"))) return latest;
  if (key === "ArrowLeft") return readable.findLast((place) => place < from!) ?? readable[0];
  if (key === "ArrowRight") return readable.find((place) => place > from!) ?? latest;
  return undefined;
}

function openPoint(figure: HTMLElement, data: GraphData, reading: Reading): boolean {
  const address = reading.place === null ? null : data.links?.[reading.place];
  if (address) open(figure, address);
  return Boolean(address);
}

/** Read no point any more, and tell whether one was read. */
function leave(drawn: uPlot, reading: Reading): boolean {
  const wasRead = reading.place !== null;
  drawn.setCursor({ left: -10, top: -10 });
  return wasRead;
}

function redrawAll(): void {
  for (const { drawn } of shown) drawn.redraw(false);
}

new MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
