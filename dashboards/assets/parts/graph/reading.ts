/*
 * What a graph says of one point: in a box beside the crosshair, and in words for screen readers.
 */

import { isReadable, type GraphData } from "./data";

const GAP = 14; // pixels between the crosshair and the box

export class Reading {
  /** The point that is read, or null. */
  place: number | null = null;
  readonly #data: GraphData;
  readonly #box = made("div", "graph-tip");
  readonly #spoken = made("p", "graph-spoken");

  constructor(data: GraphData, figure: Element, stage: Element) {
    this.#data = data;
    this.#box.hidden = true;
    this.#box.ariaHidden = "true";
    this.#box.classList.toggle("is-low", isHigh(data));
    this.#spoken.ariaLive = "polite";
    stage.append(this.#box);
    figure.append(this.#spoken);
  }

  /** Show a point beside the crosshair, which stands at a place of the stage, both in its pixels. */
  show(place: number | null, crosshair: number): void {
    this.place = place !== null && isReadable(this.#data, place) ? place : null;
    this.#box.hidden = this.place === null;
    if (this.place === null) return;
    this.#box.replaceChildren(...this.#lines(this.place));
    const width = (this.#box.parentElement as HTMLElement).clientWidth;
    const fits = crosshair + GAP + this.#box.offsetWidth <= width;
    const left = fits ? crosshair + GAP : Math.max(0, crosshair - GAP - this.#box.offsetWidth);
    this.#box.style.left = `${Math.round(left)}px`;
  }

  /** Say the point that is read, or something else. Only keys ask for it: a mouse would never let the voice end. */
  say(otherwise = ""): void {
    this.#spoken.textContent = otherwise || (this.place === null ? "" : this.#words(this.place));
  }

  #lines(place: number): Element[] {
    const { names, formatted, comparedNames, comparedFormatted } = this.#data;
    const lines = [line("now", this.#named(names[place]!, place), formatted[place] || this.#nothing(place))];
    if (comparedFormatted) {
      lines.push(line("compared", comparedNames?.[place] ?? "", comparedFormatted[place] || this.#nothing(place)));
    }
    return [made("p", "graph-tip-metric", this.#metric()), ...lines];
  }

  #words(place: number): string {
    const { names, formatted, comparedNames, comparedFormatted } = this.#data;
    const value = formatted[place] || this.#nothing(place);
    const said = [`${this.#named(names[place]!, place)}: ${value} ${this.#metric()}`];
    if (comparedFormatted?.[place]) said.push(`${comparedNames?.[place] ?? ""}: ${comparedFormatted[place]}`);
    return said.join("; ");
  }

  #named(name: string, place: number): string {
    return this.#data.unfinished.includes(place) ? `${name} (${this.#data.words["soFar"] ?? "…"})` : name;
  }

  /** What stands for a value that is not told; one that lies ahead needs no word. */
  #nothing(place: number): string {
    const isAhead = place > this.#data.now.findLastIndex((value) => value !== null);
    return isAhead ? "–" : (this.#data.words["noValue"] ?? "–");
  }

  #metric(): string {
    return this.#data.words[this.#data.metric] ?? this.#data.metric;
  }
}

/** Tell whether most of the line runs through the upper half, where a box would hide it. */
function isHigh(data: GraphData): boolean {
  const values = data.now.filter((value) => value !== null);
  const sum = values.reduce((total, value) => total + value, 0);
  return sum / values.length > Math.max(...values) / 2;
}

function line(kind: string, name: string, value: string): Element {
  const row = made("p", `graph-tip-line is-${kind}`);
  row.append(made("span", "graph-tip-name", name), made("b", "graph-tip-value", value));
  return row;
}

function made<Name extends "div" | "p" | "span" | "b">(
  name: Name,
  className: string,
  text = "",
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}
