// Going through everything that somebody can reach: by every link, and to the pages that need no link.

import assert from "node:assert/strict";
import { accessible, fits, wrongs } from "./look.mjs";
import { routeOf } from "./routes.mjs";

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
const SIZES = [PHONE, DESK];

/** Fewer pages than an account may ask for in a minute; the others wait for the browser. */
const MOST_PAGES = 240;
const PAUSE_MS = 1000;
/** Pages of one kind, over all who look: the next would be like these. */
const ENOUGH = 12;
/** Where an address ends like this, each is a page of its own: reports in all their states, duties, questions. */
const TELLING = /\/\{reference\}$|\{duty\}$|questions\/\{fact\}$/;

/** Pages of one kind are much alike: those of one route, unless its address says more than whom it is about. */
function kind(route, at) {
  const [path, query = ""] = at.split("?");
  const last = TELLING.test(route.path) ? decodeURIComponent(path.split("/").at(-1)).replace(/:.*|(?<=\.)[A-Z]+\./g, "") : "";
  return `${route.path} ${last} ${query.replaceAll(/WM-\d+-\d+/g, "")}`;
}

/** Whoever asked for too many pages in a minute waits for a moment. */
async function patiently(ask) {
  const answer = await ask();
  if (answer.status() !== 429) return answer;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return patiently(ask);
}

/** The parts that a page is made of, whatever its words are. */
function parts(html) {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  const tags = main.matchAll(/<(\w+)(?:[^>]*? type="(\w+)")?(?:[^>]*? class="([^"]*)")?/g);
  return [...new Set([...tags].map(([, name, type = "", classes = ""]) => `${name} ${type} ${classes}`))];
}

const plain = (text) => text.replaceAll("&#38;", "&").replaceAll("&amp;", "&");

function links(html) {
  return [...html.matchAll(/<a [^>]*?href="(\/[^"#]*)/g)].map(([, href]) => plain(href));
}

/** The routes that the forms of a page are sent to. */
function forms(all, html, path) {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  const actions = [...main.matchAll(/<form method="post"(?:[^>]*? action="([^"?]*))?/g)].map(([, action]) => plain(action ?? path));
  return [...new Set(actions.map((action) => routeOf(all, action, "post").path))];
}

/** Somebody opens a report they do not work on: they say why, as the page asks. */
async function saysWhy(request, address, html) {
  const form = html.slice(html.indexOf("<main")).match(/<form[^>]*action="([^"]+\/why)"[^]*?<\/form>/);
  if (!form) return null;
  const fields = {};
  for (const [tag] of form[0].matchAll(/<input[^>]*>/g)) {
    const name = tag.match(/name="([^"]*)"/)?.[1];
    fields[name] ??= plain(tag.match(/value="([^"]*)"/)?.[1] ?? "");
  }
  return request.post(address + form[1], { form: fields });
}

/**
 * Asks for pages as one person until there are no more, those first of whose kind the fewest were seen by anybody.
 * @param {Map<string, number>} counts how many of each kind were asked for by anybody so far
 * @returns {Promise<{found: {at: string, route: object, parts: string[]}[], lost: string[]}>} pages, and links that lead nowhere
 */
export async function crawl({ request, address, all, begin, counts, open, most = MOST_PAGES }) {
  const found = [];
  const lost = [];
  const known = new Map();
  const listed = "the list of routes";
  const add = (at, from) => {
    if (known.has(at)) return;
    const route = routeOf(all, at.split("?")[0]);
    if (!route && from !== listed) lost.push(`${at}, which ${from} leads to, is no route`);
    known.set(at, route && { at, route, from, kind: kind(route, at), asked: false });
  };
  begin.forEach((at) => add(at, listed));
  const mine = new Map();
  const rank = (one) => (one.from === listed ? 0 : 1000 * (mine.get(one.kind) ?? 0) + (counts.get(one.kind) ?? 0));
  for (let asked = 0; asked < most; asked += 1) {
    const waiting = [...known.values()].filter((one) => one && !one.asked && (most > MOST_PAGES || !mine.has(one.kind) || counts.get(one.kind) < ENOUGH));
    if (waiting.length === 0) break;
    const next = waiting.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    next.asked = true;
    for (const count of [mine, counts]) count.set(next.kind, (count.get(next.kind) ?? 0) + 1);
    const answer = await patiently(() => request.get(address + next.at));
    let html = await answer.text();
    const came = new URL(answer.url());
    if (answer.status() === 200 && /html/.test(answer.headers()["content-type"])) {
      const keep = ({ pathname, search }) =>
        found.push({ at: pathname + search, route: routeOf(all, pathname), parts: parts(html), forms: forms(all, html, pathname) });
      keep(came);
      if (open && came.pathname.endsWith("/why")) {
        const opened = await saysWhy(request, address, html);
        html = await opened.text();
        keep(new URL(opened.url()));
      }
    } else if (answer.status() !== 200 && (next.from !== listed || answer.status() !== 403)) {
      lost.push(`${next.at}, which ${next.from} leads to: ${answer.status()}`);
    }
    links(html).forEach((at) => add(at, next.at));
  }
  return { found, lost };
}

/** The first page greets people, and is called what everybody calls it. */
const HOME = "Home - Waymark";

/** Does the title of the tab say what the page says? It shares a word with it, or the reader may be lost among tabs. */
function untitled(title, about) {
  const words = (text) => text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
  const said = words(about);
  if (title === HOME) return !said.includes("hello");
  return !/^(Error: )?.+ - Waymark$/.test(title) || !words(title.replace(/ - Waymark$/, "")).some((word) => said.includes(word));
}

/** Whoever may add to reports: a child in danger is one press away, wherever they are. */
const ADDS = /^(call handler|officer|supervisor) /;

/** What is wrong with the page that is open, on a phone and at a desk, for whoever looks at it. */
export async function examine(page, where, who) {
  const wrong = [];
  if (ADDS.test(who) && !(await page.getByRole("link", { name: "Immediate concern", exact: true }).isVisible())) {
    wrong.push(`${where} has no way to an immediate concern`);
  }
  const note = (why) => wrong.push(why.message);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await accessible(page, `${where}, ${size.width} wide`).catch(note);
    await fits(page, where).catch(note);
  }
  await page.setViewportSize(PHONE);
  const headings = await page.locator("h1").count();
  if (headings !== 1) wrong.push(`${where} has ${headings} main headings`);
  const title = await page.title();
  const said = (await page.locator("h1, main [aria-current=page]").allInnerTexts()).join(" ");
  if (untitled(title, said)) wrong.push(`${where} is called "${title}" and is about "${said}"`);
  return wrong;
}

/** Opens a page of this route, and says why it is opened where that is asked first; null, or where it led instead. */
export async function arrive(page, address, route) {
  await page.goto(address);
  const is = () => route.fits.test(new URL(page.url()).pathname);
  const purpose = page.getByRole("button", { name: "Open the report" });
  if (!is() && (await purpose.count())) {
    await page.locator("main form input[type=radio]").first().check({ force: true });
    await purpose.click();
    await page.waitForLoadState("load");
  }
  return is() ? null : page.url();
}

/** Opens a page and says what is wrong with it. */
export async function look(page, address, route, where, who) {
  const aside = wrongs(page);
  const led = await arrive(page, address, route);
  if (led) return [`${where}: led to ${led}`];
  return [...(await examine(page, where, who)), ...aside.map((why) => `${where}: ${why}`)];
}

/** Sends the form of the page that is open to this route with nothing in it; null where nothing is wrong with that. */
export async function sendEmpty(page, route, where, who) {
  const forms = page.locator("main form[method=post]");
  const actions = await forms.evaluateAll((all) => all.map((form) => (form.getAttribute("action") ?? location.pathname).split("?")[0]));
  const at = actions.findIndex((action) => route.fits.test(action));
  if (at < 0) return [`${where}: the form is not there`];
  const form = forms.nth(at);
  // A form that is seldom wanted is folded away: whoever sends it has unfolded it.
  const fold = form.locator("xpath=ancestor::details[not(@open)]/summary");
  if (await fold.count()) await fold.click();
  await form.evaluate((it) => {
    for (const field of it.querySelectorAll("input:not([type=hidden]), textarea")) {
      if (/radio|checkbox/.test(field.type)) field.checked = false;
      else field.value = "";
    }
  });
  const [answer] = await Promise.all([
    page.waitForResponse((answer) => answer.request().isNavigationRequest() && answer.request().method() === "POST"),
    form.locator("button").first().click(),
  ]).catch((why) => assert.fail(`${where}: ${why.message}`));
  await page.waitForLoadState("load");
  if (answer.status() !== 422) return null;
  const wrong = await examine(page, where, who);
  if (!(await page.title()).startsWith("Error: ")) wrong.push(`the title of ${where} does not say that there is an error`);
  const away = await page.locator(".govuk-error-summary a").evaluateAll((all) => all.filter((it) => !document.querySelector(`[id="${it.hash.slice(1)}"]`)).map((it) => it.outerHTML));
  wrong.push(...away.map((link) => `${link} leads nowhere on ${where}`));
  return wrong;
}
