/*
 * The picture: uPlot's options for a line with a soft area, a paler line to compare it with, and few fine axes.
 */

import uPlot from "uplot";
import { divide, lonely, type GraphData } from "./data";
import { timeTicks, valueLabel, valueTicks } from "./ticks";

/** From so many pixels on, a click is a drag. */
export const DRAG = 8;

type Colour = "line" | "area" | "compared" | "grid" | "text";

// All of it grows with the page's letters, so these are in rem.
const FONT_SIZE = 0.75;
const LINE = 0.125;
const FINE_LINE = 0.09375;
const DOT = 0.375;
const CURSOR = 0.5625;
const LEFT_GAP = 0.625; // between the values and the plot
const EDGE = 1.5; // beside the plot, so that a day's name below its end is not cut
const BELOW = 1.875; // for the time axis
const BELOW_GAP = 0.5;
const DASH = [4, 4];

/** Who is told what happens on the plot. */
export interface Listener {
  /** A point is read, or none; the crosshair stands so many pixels from the box's left. */
  read(place: number | null, crosshair: number): void;
  /** The points from one place to another were drawn over. */
  choose(first: number, last: number): void;
}

/** Give the size of the page's letters, in pixels. */
export function pixelsOfRem(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Draw a graph into a box, whose size it takes. */
export function plot(box: HTMLElement, data: GraphData, canZoom: boolean, listener: Listener): uPlot {
  const rem = pixelsOfRem();
  const font = fontOf(box, rem);
  const colour = (name: Colour) => () => getComputedStyle(box).getPropertyValue(`--graph-${name}`).trim();
  const [finished, unfinished] = divide(data);
  const values = [data.compared, finished, unfinished].filter((each) => each !== null);
  const most = Math.max(0, ...[...data.now, ...(data.compared ?? [])].map((value) => value ?? 0));
  const marks = valueTicks(most, data.unit);
  const last = data.labels.length - 1;
  const strokes: uPlot.Series[] = [
    { ...lineOf(data.compared ?? [], data.compared ?? [], colour("compared")), width: FINE_LINE * rem },
    { ...lineOf(finished, data.now, colour("line")), fill: colour("area"), width: LINE * rem },
    { ...lineOf(unfinished, data.now, colour("line")), fill: colour("area"), width: LINE * rem, dash: DASH },
  ];
  return new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [FONT_SIZE * rem, EDGE * rem, 0, 0],
      series: [{}, ...strokes.slice(data.compared ? 0 : 1)],
      scales: {
        x: { time: false, range: last === 0 ? [-0.5, 0.5] : [0, last] },
        y: { range: [0, marks.at(-1)!] },
      },
      axes: [timeAxis(data, rem, font, colour), valueAxis(data, marks, rem, font, colour)],
      legend: { show: false },
      cursor: {
        y: false,
        move: (drawn, left, top) => (left < 0 ? [left, top] : [drawn.valToPos(drawn.posToIdx(left), "x"), top]),
        points: { size: CURSOR * rem, width: LINE * rem, fill: (drawn, series) => strokeOf(drawn, series) },
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
  const size = DOT * pixelsOfRem();
  return { stroke, points: { show: true, filter: lonely(drawn, together), size, width: 0, fill: stroke } };
}

function timeAxis(data: GraphData, rem: number, font: string, colour: (name: Colour) => () => string): uPlot.Axis {
  const room = (drawn: uPlot) => drawn.width / rem - 2 * EDGE;
  return {
    font,
    stroke: colour("text"),
    size: BELOW * rem,
    gap: BELOW_GAP * rem,
    splits: (drawn) => timeTicks(data, room(drawn))[0],
    values: (drawn) => timeTicks(data, room(drawn))[1],
    grid: { show: false },
    ticks: { show: false },
  };
}

function valueAxis(
  data: GraphData,
  marks: number[],
  rem: number,
  font: string,
  colour: (name: Colour) => () => string,
): uPlot.Axis {
  const texts = marks.map((mark) => valueLabel(mark, data));
  return {
    font,
    stroke: colour("text"),
    size: Math.max(EDGE * rem, widest(font, texts)) + LEFT_GAP * rem,
    gap: LEFT_GAP * rem,
    splits: () => marks,
    values: () => texts,
    grid: { stroke: colour("grid"), width: 1 },
    ticks: { show: false },
  };
}

/** Name the letters of the axes, in whole pixels: uPlot reads no others. */
function fontOf(box: HTMLElement, rem: number): string {
  return `${Math.round(FONT_SIZE * rem)}px ${getComputedStyle(box).fontFamily}`;
}

function widest(font: string, texts: string[]): number {
  const pen = document.createElement("canvas").getContext("2d")!;
  pen.font = font;
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
