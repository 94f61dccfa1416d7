/*
 * A range of points that is being chosen, by keys or a finger, from the point where it began to the one that is read.
 */

import type uPlot from "uplot";
import type { GraphData } from "./data";

export class Range {
  /** The point where it began, or null while none is chosen. */
  begun: number | null = null;
  #ended = 0;
  readonly #data: GraphData;

  constructor(data: GraphData) {
    this.#data = data;
  }

  /** Its first and last point, or null while there are not two. */
  get span(): [first: number, last: number] | null {
    if (this.begun === null || this.begun === this.#ended) return null;
    return this.begun < this.#ended ? [this.begun, this.#ended] : [this.#ended, this.begun];
  }

  /** What it is, in words; "" while there are not two points. */
  get words(): string {
    const { names, words } = this.#data;
    if (!this.span) return "";
    const [first, last] = this.span.map((place) => names[place]!);
    return (words["chosen"] ?? "{first} – {last}").replace("{first}", first!).replace("{last}", last!);
  }

  begin(place: number): void {
    this.begun = place;
    this.#ended = place;
  }

  extend(place: number, drawn: uPlot): void {
    this.#ended = place;
    this.draw(drawn);
  }

  /** Choose nothing any more, and tell whether something was chosen. */
  drop(drawn: uPlot): boolean {
    const wasChosen = this.span !== null;
    this.begun = null;
    this.draw(drawn);
    return wasChosen;
  }

  /** Shade it. */
  draw(drawn: uPlot): void {
    const [left, right] = this.span?.map((place) => drawn.valToPos(place, "x")) ?? [0, 0];
    const height = this.span ? drawn.over.clientHeight : 0;
    drawn.setSelect({ left: left!, top: 0, width: right! - left!, height }, false);
  }
}
