/*
 * The map of the world beside the list of countries: paths from the build, shaded by the report's numbers. It repeats
 * what the list says, so for screen readers and keys it is one picture, and the list is what they use.
 */

import { onArrival } from "./arrivals";
import { pageLocale } from "./locale";
import { open } from "./opening";

const SHADES = 5;
const SVG = "http://www.w3.org/2000/svg";
const GAP = 12; // pixels between a finger or pointer and the box

/** What the build makes: see world/make.mjs. */
interface World {
  width: number;
  height: number;
  countries: Record<string, string>;
}

/** What the report says of a country. */
interface Place {
  name: string;
  value: number;
  formatted: string;
  /** Its part of all visitors, from 0 to 1. */
  share: number | null;
  href: string | null;
}

type Places = Record<string, Place>;

const worlds = new Map<string, Promise<World>>();

onArrival(() => {
  for (const box of document.querySelectorAll<HTMLElement>("#map[data-source]:not(.is-drawn)")) {
    box.classList.add("is-drawn");
    void draw(box);
  }
});

async function draw(box: HTMLElement): Promise<void> {
  const data = box.querySelector(".map-data") ?? box.parentElement?.querySelector(".map-data");
  const places = JSON.parse(data?.textContent ?? "{}") as Places;
  const world = await fetchWorld(box.dataset["source"]!);
  const picture = pictureOf(world, places);
  picture.setAttribute("aria-label", box.dataset["label"] ?? "");
  box.append(picture);
  listen(box, picture, places);
}

/** Fetch the paths once; every map that comes by a swap is drawn from them. */
function fetchWorld(source: string): Promise<World> {
  let world = worlds.get(source);
  if (!world) {
    world = fetch(source).then((answer) => answer.json() as Promise<World>);
    world.catch(() => worlds.delete(source));
    worlds.set(source, world);
  }
  return world;
}

function pictureOf(world: World, places: Places): SVGElement {
  const picture = element("svg", { viewBox: `0 0 ${world.width} ${world.height}`, role: "img", class: "map-picture" });
  const shadeOf = shades(Object.values(places).map((place) => place.value));
  for (const [code, path] of Object.entries(world.countries)) {
    const place = places[code];
    const shade = place && place.value > 0 ? ` shade-${shadeOf(place.value)}` : "";
    const isLink = place?.href ? " is-link" : "";
    picture.append(element("path", { d: path, class: `country${shade}${isLink}`, "data-country": code }));
  }
  return picture;
}

/** Give the shade of a value, 1 to 5. Steps are those of a logarithm: a few countries have most visitors. */
function shades(values: number[]): (value: number) => number {
  const seen = values.filter((value) => value > 0);
  const [least, most] = [Math.log(Math.min(...seen)), Math.log(Math.max(...seen))];
  return (value) => {
    if (least === most) return SHADES;
    return 1 + Math.min(SHADES - 1, Math.floor((SHADES * (Math.log(value) - least)) / (most - least)));
  };
}

function listen(box: HTMLElement, picture: SVGElement, places: Places): void {
  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.ariaHidden = "true";
  tip.hidden = true;
  box.append(tip);
  let shown = "";
  let shownBefore = "";
  const codeAt = (event: Event) => (event.target as Element).getAttribute("data-country") ?? "";
  const show = (event: PointerEvent) => {
    shown = codeAt(event);
    const place = places[shown];
    tip.hidden = !place;
    if (place) fill(tip, place, event, box);
  };
  picture.addEventListener("pointerdown", (event) => {
    shownBefore = shown;
    show(event);
  });
  picture.addEventListener("pointermove", show);
  picture.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") tip.hidden = true;
  });
  // A finger has to touch a country twice: it cannot read one without touching it.
  picture.addEventListener("click", (event) => {
    const isFinger = (event as PointerEvent).pointerType === "touch";
    const address = places[codeAt(event)]?.href;
    if (address && (!isFinger || shownBefore === shown)) open(box, address);
  });
}

function fill(tip: HTMLElement, place: Place, at: PointerEvent, box: HTMLElement): void {
  const share = new Intl.NumberFormat(pageLocale(), { style: "percent", maximumFractionDigits: 1 });
  const number = document.createElement("b");
  number.textContent = place.formatted;
  const part = place.share === null ? "" : ` · ${share.format(place.share)}`;
  tip.replaceChildren(`${place.name} `, number, part);
  const { left, top, width } = box.getBoundingClientRect();
  const x = at.clientX - left;
  const beside = x + GAP + tip.offsetWidth <= width ? x + GAP : x - GAP - tip.offsetWidth;
  tip.style.left = `${Math.max(0, beside)}px`;
  tip.style.top = `${Math.max(0, at.clientY - top - GAP - tip.offsetHeight)}px`;
}

function element(name: "svg" | "path", attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}
