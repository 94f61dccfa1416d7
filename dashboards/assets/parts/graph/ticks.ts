/*
 * Where an axis is marked, and what stands there: few marks, at round numbers and at the turns of days and months.
 */

import { dayOf, pageLocale, written } from "../locale";
import type { GraphData } from "./data";

type Unit = GraphData["unit"];
type IsMarked = (label: string, place: number) => boolean;
type Write = (label: string, place: number) => string;

interface Marks {
  isMarked: IsMarked;
  write: Write;
  /** The width of a mark's text and the gap beside it, in rem. */
  room: number;
}

const MOST_LINES = 4;
const MOST_MARKS = 8;
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** Give the marks of the axis of values, from 0 to the first round number that leaves nothing above it. */
export function valueTicks(most: number, unit: Unit): number[] {
  const step = stepFor(most / MOST_LINES, unit);
  const lines = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: lines + 1 }, (_, line) => line * step);
}

/** Write a mark of the axis of values. */
export function valueLabel(value: number, { unit, words }: GraphData): string {
  if (unit === "seconds") return durationLabel(value, words);
  const options: Intl.NumberFormatOptions =
    unit === "percent"
      ? { style: "percent", maximumFractionDigits: 1 }
      : { notation: value < 10_000 ? "standard" : "compact", maximumFractionDigits: 2 };
  return new Intl.NumberFormat(pageLocale(), options).format(unit === "percent" ? value / 100 : value);
}

/** Give the places to mark on the axis of time and what to write there, for a width in rem. */
export function timeTicks(data: GraphData, width: number): [places: number[], texts: string[]] {
  const candidates = marksOf(data.labels, data.interval);
  for (const { isMarked, write, room } of candidates) {
    const places = [...data.labels.keys()].filter((place) => isMarked(data.labels[place]!, place));
    if (places.length > 0 && places.length <= Math.min(MOST_MARKS, width / room)) {
      return [places, places.map((place) => write(data.labels[place]!, place))];
    }
  }
  return [[0], [candidates.at(-1)!.write(data.labels[0]!, 0)]];
}

function stepFor(least: number, unit: Unit): number {
  if (unit === "seconds") return SECONDS.find((step) => step >= least) ?? roundUp(least / 86_400) * 86_400;
  return unit === "number" ? Math.max(1, roundUp(least)) : roundUp(least);
}

/** Give the next 1, 2, 2.5 or 5 times a power of ten; 2.5 only where it is whole. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const scale = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const factors = scale >= 10 ? [1, 2, 2.5, 5, 10] : [1, 2, 5, 10];
  return factors.map((factor) => factor * scale).find((step) => step >= value - scale * 1e-9)!;
}

function durationLabel(seconds: number, words: GraphData["words"]): string {
  const amounts: [number, string][] = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ];
  const shown = amounts.filter(([amount]) => amount > 0);
  return (shown.length > 0 ? shown : amounts.slice(-1))
    .map(([amount, unit]) => (words[unit] ?? "{}").replace("{}", String(amount)))
    .join(" ");
}

function marksOf(labels: string[], interval: GraphData["interval"]): Marks[] {
  if (interval === "hour") return isOneDay(labels) ? hours() : midnights(labels);
  if (interval === "month") return months();
  return [...every(interval === "day" ? [1, 2, 4, 7, 14] : [1, 2, 4, 8]), ...firstDays(labels, interval)];
}

function isOneDay(labels: string[]): boolean {
  return dayPart(labels[0]!) === dayPart(labels.at(-1)!);
}

function hours(): Marks[] {
  return [1, 3, 6, 12].map((hours) => ({
    isMarked: (label) => hourOf(label) % hours === 0,
    write: (label) => `${label.slice(11, 13)}:00`,
    room: 2.75,
  }));
}

function midnights(labels: string[]): Marks[] {
  const days = [...new Set(labels.map(dayPart))];
  return [1, 2, 7, 14, 28].map((step) => ({
    isMarked: (label) => hourOf(label) === 0 && days.indexOf(dayPart(label)) % step === 0,
    write: writeDay,
    room: 3.375,
  }));
}

function every(steps: number[]): Marks[] {
  return steps.map((step) => ({ isMarked: (_label, place) => place % step === 0, write: writeDay, room: 3.375 }));
}

/** Mark the point in which a month begins; with the year where one begins, and at the first mark. */
function firstDays(labels: string[], interval: "day" | "week"): Marks[] {
  const longest = interval === "week" ? 7 : 1;
  return monthSteps().map((step) => ({
    isMarked: (label) => dayOf(label).getUTCDate() <= longest && dayOf(label).getUTCMonth() % step === 0,
    write: writeMonth(labels),
    room: 3,
  }));
}

function months(): Marks[] {
  return monthSteps().map((step) => ({
    isMarked: (label) => dayOf(label).getUTCMonth() % step === 0,
    write: (label) => monthText(dayOf(label), dayOf(label).getUTCMonth() === 0),
    room: 3,
  }));
}

function monthSteps(): number[] {
  return [1, 2, 3, 6, 12];
}

function writeMonth(labels: string[]): Write {
  const spansYears = labels[0]!.slice(0, 4) !== labels.at(-1)!.slice(0, 4);
  return (label) => monthText(dayOf(label), spansYears && dayOf(label).getUTCMonth() === 0);
}

function monthText(day: Date, isYear: boolean): string {
  return written(day, isYear ? { year: "numeric" } : { month: "short" });
}

function writeDay(label: string): string {
  return written(dayOf(label), { day: "numeric", month: "short" });
}

function dayPart(label: string): string {
  return label.slice(0, 10);
}

function hourOf(label: string): number {
  return Number(label.slice(11, 13));
}
