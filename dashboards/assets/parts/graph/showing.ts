/*
 * Graphs on the page: drawn in place of the server's pictures, read by mouse, touch and keys.
 */

import { readGraph, type GraphData } from "./data";
import { Graph } from "./graph";

const shown = new Set<Graph>();

/** Draw the graphs that are new on the page and let go of those that have left it. */
export function showGraphs(): void {
  for (const graph of shown) if (!graph.figure.isConnected) letGo(graph);
  for (const figure of document.querySelectorAll<HTMLElement>("figure.graph:not(.is-drawn)")) {
    const data = readGraph(figure);
    if (data && data.labels.length > 0) shown.add(show(figure, data));
  }
}

function show(figure: HTMLElement, data: GraphData): Graph {
  const stage = stageFor(figure, data);
  const fallback = pictureOf(figure);
  fallback?.classList.add("graph-fallback");
  figure.classList.add("is-drawn");
  if (fallback) fallback.before(stage);
  else figure.append(stage);
  return new Graph(figure, stage, data);
}

/** Make the place that it is drawn in: what keys read it at, named as the graph and with words on those keys. */
function stageFor(figure: HTMLElement, data: GraphData): HTMLElement {
  const stage = document.createElement("div");
  stage.id = `${figure.id}-stage`;
  stage.className = "graph-stage";
  stage.tabIndex = 0;
  stage.role = "application"; // or a screen reader would keep the arrow keys to itself
  stage.setAttribute("aria-labelledby", figure.getAttribute("aria-labelledby") ?? figure.id);
  stage.setAttribute("aria-description", data.words["keys"] ?? "");
  return stage;
}

function letGo(graph: Graph): void {
  graph.letGo();
  shown.delete(graph);
}

/** Find the server's picture: the figure's own child that holds it. */
function pictureOf(figure: Element): Element | undefined {
  return [...figure.children].find((child) => child.matches("svg") || child.matches(":not(details):has(svg)"));
}

function recolourAll(): void {
  for (const graph of shown) graph.recolour();
}

new MutationObserver(recolourAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolourAll);
