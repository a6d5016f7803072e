// What has to hold on every page, whoever looks at it and however.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pages run no script no timer ever goes off, and axe waits for one. Its own goes off at once; the long ones only give up. */
const axeWithoutTimers = `(function (setTimeout, clearTimeout) {${axeSource}\n}).call(
  globalThis, (next, wait) => { if (!(wait > 5)) Promise.resolve().then(() => next()); return 0; }, () => {})`;

/** The narrowest screen that content has to fit without scrolling sideways (WCAG 1.4.10). */
const NARROWEST = 320;

/**
 * What a page is made of: its elements and their attributes, whether they have text, what is chosen. Of several alike one after
 * another one. Not which words they are, where links lead and what stands in fields, of which no rule of axe says anything;
 * and of ids whether there is exactly one of them.
 */
function shape() {
  const one = (id) => document.querySelectorAll(`[id="${CSS.escape(id)}"]`).length;
  const told = ({ name, value }) => {
    if (/^(href|value|action|src|name|data-.*)$/.test(name)) return name;
    if (/^(title|alt)$/.test(name)) return `${name} ${value.trim() !== ""}`;
    if (/^(id|for|aria-(labelledby|describedby|controls))$/.test(name)) return `${name} ${value.split(/\s+/).map(one)}`;
    return `${name} ${value}`;
  };
  const made = (node) => {
    if (node.nodeType !== 1) return node.nodeType === 3 && node.data.trim() ? "text" : "";
    // Headings name landmarks, of which each has to have a name of its own.
    const name = /^H[1-6]$/.test(node.tagName) ? node.textContent.replaceAll(/\d+/g, "#") : "";
    const inside = [...node.childNodes].map(made).filter((part) => part);
    const parts = inside.filter((part, at) => part !== inside[at - 1]);
    return `<${node.tagName} ${name} ${[...node.attributes].map(told).sort()} ${node.checked} ${node.open}>${parts.join("")}</>`;
  };
  return made(document.documentElement);
}

/** Shapes of pages that axe went through, each in its way of looking: a folder of this run, since every file of journeys is a process. */
const GONE_THROUGH = process.env.WAYMARK_LOOKED_AT ?? mkdtempSync(join(tmpdir(), "looked-at-"));

/**
 * No violation, and nothing that axe could not decide; with JavaScript and without.
 * @param way looked at in this way; a page of the same shape is not gone through twice in one. Without it each is
 */
export async function accessible(page, where, way = null) {
  const digest = way && createHash("sha256").update(`${way} ${await page.evaluate(shape)}`).digest("hex");
  if (digest && existsSync(join(GONE_THROUGH, digest))) return;
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeWithoutTimers);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      resultTypes: ["violations", "incomplete"],
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const told = (list) =>
    list.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${rule.help})\n    ${node.html}`));
  assert.deepEqual(told(found.violations), [], `axe violations on ${where}`);
  assert.deepEqual(told(found.incomplete), [], `axe could not decide on ${where}`);
  if (digest) writeFileSync(join(GONE_THROUGH, digest), "");
}

/** What goes wrong on pages that nobody sees: a script that throws, something asked for from elsewhere. Filled in as it happens. */
export function wrongs(page) {
  const wrong = [];
  page.on("pageerror", (why) => wrong.push(`script failed: ${why.message}`));
  page.on("console", (said) => {
    // An answer of 403, 409, 410 or 422 brings a page that says what was wrong; the browser notes it as an error.
    if (said.type() === "error" && !/status of (403|409|410|422)/.test(said.text())) wrong.push(`console: ${said.text()}`);
  });
  page.on("request", (asked) => {
    const url = new URL(asked.url());
    if (!["127.0.0.1", "localhost"].includes(url.hostname)) wrong.push(`asked ${url.hostname} for ${url.pathname}`);
  });
  return wrong;
}

/** Nothing reaches past the edge of the screen, at the width in use and at the narrowest. */
export async function fits(page, where) {
  const size = page.viewportSize();
  for (const width of new Set([size.width, size.width <= 360 ? NARROWEST : size.width])) {
    await page.setViewportSize({ ...size, width });
    const wide = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= edge) return [];
      const over = [...document.querySelectorAll("body *")].filter((it) => it.getBoundingClientRect().right > edge + 1);
      return over.map((it) => `${it.tagName.toLowerCase()}.${it.className} "${it.textContent.trim().slice(0, 40)}"`);
    });
    assert.deepEqual(wide, [], `${where} scrolls sideways at ${width} pixels`);
  }
  await page.setViewportSize(size);
}

/** Everything that can be used is reached by the Tab key alone, and shows that it has the focus. */
export async function reachable(page, where) {
  const wanted = await page.evaluate(() => {
    const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const shown = [...document.querySelectorAll(usable)].filter(
      (it) => !it.disabled && it.checkVisibility({ visibilityProperty: true }),
    );
    // A group of radio buttons is one stop: the arrow keys move inside it.
    shown.forEach((it, at) => {
      it.dataset.stop = it.type === "radio" ? `radio ${it.name}` : `${at} ${it.outerHTML.slice(0, 80)}`;
    });
    // What has the focus is noted in the page itself: asking after every key takes longer than all the keys.
    const stops = (globalThis.waymarkStops = {});
    document.addEventListener("focusin", ({ target: it }) => {
      if (!it.dataset?.stop) return;
      const style = getComputedStyle(it);
      // GOV.UK radios and checkboxes draw their ring on the label's box.
      const ring = it.nextElementSibling ? getComputedStyle(it.nextElementSibling, "::before") : style;
      const marked = [style, ring].some((s) => s.outlineStyle !== "none" || s.boxShadow !== "none");
      // Inside a date field the ring of the whole may give way to that of its part.
      stops[it.dataset.stop] = marked || stops[it.dataset.stop] === null ? null : it.outerHTML.slice(0, 120);
    });
    document.activeElement?.blur();
    globalThis.scrollTo(0, 0);
    return [...new Set(shown.map((it) => it.dataset.stop))];
  });
  // A date or a time is several stops of the browser's own: day, month, year, and the calendar.
  const ownStops = 4 * (await page.locator("input[type=date]:visible, input[type=time]:visible").count());
  for (let step = 0; step < wanted.length + ownStops + 3; step += 1) await page.keyboard.press("Tab");
  const seen = await page.evaluate(() => globalThis.waymarkStops);
  const missed = wanted.filter((stop) => !(stop in seen));
  assert.deepEqual(missed, [], `not reached by keyboard on ${where}`);
  const dark = Object.values(seen).filter((unmarked) => unmarked !== null);
  assert.deepEqual(dark, [], `shows no focus on ${where}`);
}
