/*
 * A graph that is drawn, read and chosen from: what keys, fingers and mice may do with it.
 */

import type uPlot from "uplot";
import { open } from "../opening";
import type { GraphData } from "./data";
import { listenToPointers } from "./fingers";
import { press } from "./keys";
import { pixelsOfRem, plot } from "./plot";
import { Range } from "./range";
import { Reading } from "./reading";
import { canZoom, zoomAddress } from "./zoom";

export class Graph {
  readonly figure: HTMLElement;
  readonly data: GraphData;
  readonly canZoom: boolean;
  readonly #stage: HTMLElement;
  readonly #reading: Reading;
  readonly #range: Range;
  readonly #watcher = new ResizeObserver(() => this.#fit());
  #drawn: uPlot;
  #rem = pixelsOfRem();

  constructor(figure: HTMLElement, stage: HTMLElement, data: GraphData) {
    this.figure = figure;
    this.data = data;
    this.canZoom = canZoom(data);
    this.#stage = stage;
    this.#reading = new Reading(data, figure, stage);
    this.#range = new Range(data);
    this.#drawn = this.#draw();
    stage.addEventListener("keydown", (event) => {
      if (press(event, this)) event.preventDefault();
    });
    stage.addEventListener("blur", () => {
      this.dropRange();
      this.leave();
    });
    this.#watcher.observe(stage);
    this.#watcher.observe(this.#ruler());
  }

  /** The point that is read, or null. */
  get place(): number | null {
    return this.#reading.place;
  }

  /** Read a point, and choose none any more. */
  read(place: number): void {
    this.dropRange();
    this.#moveTo(place);
  }

  /** Read the point next to a pointer. */
  readAt({ clientX, clientY }: PointerEvent): void {
    const { left, top } = this.#drawn.over.getBoundingClientRect();
    this.#drawn.setCursor({ left: clientX - left, top: clientY - top });
  }

  /** Read a point and choose all from where choosing began, which is the one that was read before. */
  choose(place: number): void {
    if (this.#range.begun === null) this.#range.begin(this.place ?? place);
    this.#moveTo(place);
    this.#range.extend(place, this.#drawn);
  }

  /** Say what is chosen, or else read. */
  say(): void {
    this.#reading.say(this.#range.words);
  }

  /** Open the days that are chosen, and tell whether any were. */
  openRange(): boolean {
    const { span } = this.#range;
    if (span) this.#zoom(...span);
    return this.dropRange();
  }

  /** Choose nothing any more, and tell whether something was chosen. */
  dropRange(): boolean {
    return this.#range.drop(this.#drawn);
  }

  /** Open the point that is read, and tell whether there is something to open. */
  openPoint(): boolean {
    const address = this.place === null ? null : this.data.links?.[this.place];
    if (address) open(this.figure, address);
    return Boolean(address);
  }

  /** Read no point any more, and tell whether one was read. */
  leave(): boolean {
    const wasRead = this.place !== null;
    this.#drawn.setCursor({ left: -10, top: -10 });
    return wasRead;
  }

  /** Draw it in the colours that the page has now. */
  recolour(): void {
    this.#drawn.redraw(false);
  }

  letGo(): void {
    this.#watcher.disconnect();
    this.#drawn.destroy();
  }

  #draw(): uPlot {
    const drawn = plot(this.#stage, this.data, this.canZoom, {
      read: (place, crosshair) => this.#reading.show(place, crosshair),
      choose: (first, last) => this.#zoom(first, last),
    });
    listenToPointers(drawn.over, this);
    return drawn;
  }

  #zoom(first: number, last: number): void {
    open(this.figure, zoomAddress(this.data, first, last, location.search, new Date()));
  }

  /** Something of the width of a letter, to see when letters grow. */
  #ruler(): Element {
    const ruler = document.createElement("span");
    ruler.className = "graph-ruler";
    this.#stage.append(ruler);
    return ruler;
  }

  /** Follow the size of the stage, and of the page's letters: uPlot takes those only when it begins. */
  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (width === 0) return;
    const { place } = this;
    if (this.#rem === pixelsOfRem()) this.#drawn.setSize({ width, height });
    else {
      this.#rem = pixelsOfRem();
      this.#drawn.destroy();
      this.#drawn = this.#draw();
    }
    queueMicrotask(() => this.#restore(place)); // once uPlot, which waits as long, has found the plot's new width
  }

  /** Read a point at its new place, and shade the range there. */
  #restore(place: number | null): void {
    if (place !== null) this.#moveTo(place);
    this.#range.draw(this.#drawn);
  }

  #moveTo(place: number): void {
    this.#drawn.setCursor({ left: this.#drawn.valToPos(place, "x"), top: 0 });
  }
}
