/*
 * Draws the map of the world at build time: `node make.mjs world.json`.
 *
 * The pages then need neither the projection nor the topology, only a path for each country. The file holds
 * `{"width": …, "height": …, "countries": {"DE": "m…z", …}}`: sizes in the units of the paths, countries by their
 * ISO 3166 alpha-2 codes, which is how reports name them. Countries too small for Natural Earth's 1:110m are not on
 * it, and stand in the list beside the map only.
 */

import { writeFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoNaturalEarth1, geoPath } from "d3-geo";
import { feature, mergeArcs } from "topojson-client";

/** Units: half a pixel where the map is at its largest. */
const WIDTH = 1500;

const ANTARCTICA = "AQ";

// Reports count places with the countries that ISO 3166 counts them with, as the country database does. Natural Earth
// draws who holds the ground, so three places are put back. Kosovo has a code that ISO leaves to its users.
const CODES_BY_NAME = { Kosovo: "XK", "N. Cyprus": "CY", Somaliland: "SO" };
const CRIMEA = { from: "RU", to: "UA", longitude: [32, 37], latitude: [44, 47] };

const world = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("world-atlas/countries-110m.json"), "utf8"));
writeFileSync(process.argv[2], JSON.stringify(draw(countries())));

/** Give each country's parts by its code, as a topology has them. */
function countries() {
  const found = new Map();
  for (const shape of world.objects.countries.geometries) {
    const parts = shape.type === "Polygon" ? [shape.arcs] : shape.arcs;
    for (const arcs of parts) {
      const part = { type: "Polygon", arcs };
      const code = lies(part, CRIMEA) && codeOf(shape) === CRIMEA.from ? CRIMEA.to : codeOf(shape);
      found.set(code, [...(found.get(code) ?? []), part]);
    }
  }
  found.delete(ANTARCTICA);
  return found;
}

/** Give a country's code. CLDR, which Node.js holds, knows ISO's three digits as another name of its two letters. */
function codeOf(shape) {
  const code = shape.id ? new Intl.Locale(`und-${shape.id}`).region : CODES_BY_NAME[shape.properties.name];
  if (!/^[A-Z]{2}$/.test(code ?? "")) {
    throw new Error(`There is no ISO 3166 code for ${shape.properties.name} (${shape.id}): add it to make.mjs.`);
  }
  return code;
}

function lies(part, { longitude, latitude }) {
  const [ring] = feature(world, part).geometry.coordinates;
  return ring.every(([x, y]) => between(x, longitude) && between(y, latitude));
}

function between(value, [least, most]) {
  return least <= value && value <= most;
}

function draw(parts) {
  const shapes = new Map([...parts].map(([code, polygons]) => [code, mergeArcs(world, polygons)]));
  const all = [...parts.values()].flat().map((part) => feature(world, part));
  const projection = geoNaturalEarth1().fitWidth(WIDTH, { type: "FeatureCollection", features: all });
  const [, [, bottom]] = geoPath(projection).bounds({ type: "FeatureCollection", features: all });
  const inOrder = [...shapes].sort(([one], [other]) => (one < other ? -1 : 1));
  const paths = inOrder.map(([code, shape]) => [code, pathOf(feature(world, shape), projection)]);
  return { width: WIDTH, height: Math.ceil(bottom), countries: Object.fromEntries(paths) };
}

/**
 * Write a shape as whole steps from point to point, which is the shortest that gzip can be given. What follows a "m"
 * without a letter is a line.
 */
function pathOf(shape, projection) {
  let path = "";
  let at = [0, 0];
  let begin = at;
  const step = (x, y) => {
    const to = [Math.round(x), Math.round(y)];
    const [right, down] = [to[0] - at[0], to[1] - at[1]];
    at = to;
    return right === 0 && down === 0 ? "" : signed(right) + signed(down);
  };
  const context = {
    moveTo(x, y) {
      path += "m" + (step(x, y) || "0 0").trimStart();
      begin = at;
    },
    lineTo(x, y) {
      path += step(x, y);
    },
    closePath() {
      path += "z";
      at = begin;
    },
  };
  geoPath(projection, context)(shape);
  return path;
}

/** Write a number so that it can follow another: a minus is a separator too. */
function signed(number) {
  return number < 0 ? `${number}` : ` ${number}`;
}
