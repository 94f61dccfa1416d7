/*
 * The picture: uPlot's options for a line with a soft area, a paler line to compare it with, and few fine axes.
 */

import uPlot from "uplot";
import { divide, lonely, type GraphData } from "./data";
import { timeTicks, valueLabel, valueTicks } from "./ticks";

/** From so many pixels on, a click is a drag. */
export const DRAG = 8;

type Colour = "line" | "area" | "compared" | "grid" | "text";

const FONT_SIZE = 12; // pixels
const LEFT_GAP = 10; // pixels between the values and the plot
const EDGE = 24; // pixels beside the plot, so that a day's name below its end is not cut
const DASH = [4, 4];

/** Who is told what happens on the plot. */
export interface Listener {
  /** A point is read, or none; the crosshair stands so many pixels from the box's left. */
  read(place: number | null, crosshair: number): void;
  /** The points from one place to another were drawn over. */
  choose(first: number, last: number): void;
}

/** Draw a graph into a box, whose size it takes. */
export function plot(box: HTMLElement, data: GraphData, canZoom: boolean, listener: Listener): uPlot {
  const colour = (name: Colour) => () => getComputedStyle(box).getPropertyValue(`--graph-${name}`).trim();
  const [finished, unfinished] = divide(data);
  const values = [data.compared, finished, unfinished].filter((each) => each !== null);
  const most = Math.max(0, ...[...data.now, ...(data.compared ?? [])].map((value) => value ?? 0));
  const marks = valueTicks(most, data.unit);
  const last = data.labels.length - 1;
  const strokes: uPlot.Series[] = [
    { ...lineOf(data.compared ?? [], data.compared ?? [], colour("compared")), width: 1.5 },
    { ...lineOf(finished, data.now, colour("line")), fill: colour("area"), width: 2 },
    { ...lineOf(unfinished, data.now, colour("line")), fill: colour("area"), width: 2, dash: DASH },
  ];
  return new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [FONT_SIZE, EDGE, 0, 0],
      series: [{}, ...strokes.slice(data.compared ? 0 : 1)],
      scales: {
        x: { time: false, range: last === 0 ? [-0.5, 0.5] : [0, last] },
        y: { range: [0, marks.at(-1)!] },
      },
      axes: [timeAxis(box, data, colour), valueAxis(box, data, marks, colour)],
      legend: { show: false },
      cursor: {
        y: false,
        move: (drawn, left, top) => (left < 0 ? [left, top] : [drawn.valToPos(drawn.posToIdx(left), "x"), top]),
        points: { size: 9, width: 2, fill: (drawn, series) => strokeOf(drawn, series) },
        // What is a click is told by showing.ts: uPlot takes the crosshair's step to a point for a drag.
        drag: { x: canZoom, y: false, setScale: false, dist: DRAG, click: () => undefined },
      },
      hooks: {
        setCursor: [(drawn) => listener.read(drawn.cursor.idx ?? null, drawn.over.offsetLeft + drawn.cursor.left!)],
        setSelect: [(drawn) => chooseDrawn(drawn, listener)],
      },
    },
    [[...data.labels.keys()], ...values],
    box,
  );
}

function lineOf(drawn: (number | null)[], together: (number | null)[], stroke: () => string): uPlot.Series {
  return { stroke, points: { show: true, filter: lonely(drawn, together), size: 6, width: 0, fill: stroke } };
}

function timeAxis(box: HTMLElement, data: GraphData, colour: (name: Colour) => () => string): uPlot.Axis {
  const room = (drawn: uPlot) => drawn.width - 2 * EDGE;
  return {
    font: fontOf(box),
    stroke: colour("text"),
    size: 2.5 * FONT_SIZE,
    gap: 8,
    splits: (drawn) => timeTicks(data, room(drawn))[0],
    values: (drawn) => timeTicks(data, room(drawn))[1],
    grid: { show: false },
    ticks: { show: false },
  };
}

function valueAxis(
  box: HTMLElement,
  data: GraphData,
  marks: number[],
  colour: (name: Colour) => () => string,
): uPlot.Axis {
  const texts = marks.map((mark) => valueLabel(mark, data.unit));
  return {
    font: fontOf(box),
    stroke: colour("text"),
    size: Math.max(EDGE, widest(box, texts)) + LEFT_GAP,
    gap: LEFT_GAP,
    splits: () => marks,
    values: () => texts,
    grid: { stroke: colour("grid"), width: 1 },
    ticks: { show: false },
  };
}

function fontOf(box: HTMLElement): string {
  return `${FONT_SIZE}px ${getComputedStyle(box).fontFamily}`;
}

function widest(box: HTMLElement, texts: string[]): number {
  const pen = document.createElement("canvas").getContext("2d")!;
  pen.font = fontOf(box);
  return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width)));
}

function strokeOf(drawn: uPlot, series: number): string {
  const { stroke } = drawn.series[series]!;
  return String(typeof stroke === "function" ? stroke(drawn, series) : stroke);
}

function chooseDrawn(drawn: uPlot, listener: Listener): void {
  const { left, width } = drawn.select;
  if (width === 0) return;
  drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  listener.choose(drawn.posToIdx(left), drawn.posToIdx(left + width));
}
