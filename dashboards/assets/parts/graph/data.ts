/*
 * What the server tells of a graph, in `<script type="application/json" class="graph-data">`.
 */

export interface GraphData {
  interval: "hour" | "day" | "week" | "month";
  metric: string;
  unit: "number" | "percent" | "seconds" | "decimal";
  /** When each point begins: "2026-05-17T13", "2026-05-17" or "2026-05". */
  labels: string[];
  /** The points' names in words: "Sunday, 17 May 2026". */
  names: string[];
  /** The values; null lies ahead or is withheld. */
  now: (number | null)[];
  /** The points that are not complete, by their places. */
  unfinished: number[];
  compared: (number | null)[] | null;
  comparedNames: string[] | null;
  formatted: (string | null)[];
  comparedFormatted: (string | null)[] | null;
  /** The address that a point opens. */
  links: (string | null)[] | null;
  words: Record<string, string>;
}

/** Read the data of a graph, or null if the figure has none. */
export function readGraph(figure: Element): GraphData | null {
  const text = figure.querySelector("script.graph-data")?.textContent;
  return text ? (JSON.parse(text) as GraphData) : null;
}

/** Tell which points can be read: those with a value of their own or of the range they are compared with. */
export function isReadable(data: GraphData, place: number): boolean {
  return isValue(data.now[place]) || isValue(data.compared?.[place]);
}

/**
 * Divide values into finished ones, joined by a line, and those of the dashed line: the unfinished ones and their
 * neighbours, from which it comes and to which it goes.
 */
export function divide(data: GraphData): [finished: (number | null)[], unfinished: (number | null)[]] {
  const isOpen = new Set(data.unfinished);
  const finished = data.now.map((value, place) => (isOpen.has(place) ? null : value));
  const unfinished = data.now.map((value, place) =>
    [place - 1, place, place + 1].some((near) => isOpen.has(near)) ? value : null,
  );
  return [finished, unfinished];
}

/**
 * Give the places of values that no line reaches, since both neighbours are missing: they need a dot to be seen.
 * Values may be drawn by two lines; those are looked at that both draw together.
 */
export function lonely(drawn: (number | null)[], together: (number | null)[]): number[] {
  return [...drawn.keys()].filter(
    (place) => isValue(drawn[place]) && !isValue(together[place - 1]) && !isValue(together[place + 1]),
  );
}

function isValue(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}
