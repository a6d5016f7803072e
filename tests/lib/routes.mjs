// Every route that the product has, read from the screen of code that lists them: nobody has to remember to add a page here.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const LIST = new URL("../../crates/web/src/routes.rs", import.meta.url);

/** @returns {{method: "get" | "post", path: string, fits: RegExp, fresh: boolean}[]} fresh: only for whoever proved a moment ago who they are */
export function routes() {
  const text = readFileSync(LIST, "utf8");
  const paths = new Map([...text.matchAll(/const (\w+): &str =\s*"([^"]+)";/g)].map(([, name, path]) => [name, path]));
  const listed = [...text.matchAll(/\.(get|post)\(\s*(\w+)(?:\(\w+\))?,\s*(\w+),/g)];
  const lines = text.match(/\.(get|post)\(/g).length;
  assert.equal(listed.length, lines, `of ${lines} routes in ${LIST.pathname} only ${listed.length} could be read`);
  return listed.map(([, method, door, name]) => {
    const path = paths.get(name);
    assert.ok(path, `no address for ${name} in ${LIST.pathname}`);
    return { method, path, fits: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`), fresh: door.startsWith("Fresh") };
  });
}

/** The route that an address belongs to: what is written out goes before what is filled in. */
export function routeOf(all, path, method = "get") {
  const fitting = all.filter((route) => route.method === method && route.fits.test(path));
  return fitting.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
}
