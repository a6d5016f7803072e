// Somebody who uses Waymark by what can be read on its pages: labels, buttons, links, headings.
// Nothing here knows an address or a class of the style sheet.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { accessible, fits, reachable, wrongs } from "./look.mjs";

const PATIENCE_MS = 30_000;
/** A picture of every page that somebody comes to, for whoever wants to look; they take a sixth of the time. */
const PICTURES = process.env.PICTURES === "1";

/** Signs somebody in by the link that Waymark printed, and hands back who then acts. */
export class Force {
  #server;
  #browser;
  #cookies = new Map();

  constructor(server, browser) {
    this.#server = server;
    this.#browser = browser;
  }

  /** A visitor in this role ("officer", "supervisor"…). A link works once, so the session is kept. */
  async visitor(role, way, journey) {
    const context = await this.#browser.newContext({
      viewport: { width: way.width, height: way.height },
      javaScriptEnabled: way.script,
      storageState: this.#cookies.get(role),
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(await context.newPage(), way, `${journey}/${role}`);
    if (this.#cookies.has(role)) {
      await visitor.open(this.#server.address);
    } else {
      const link = [...this.#server.links].find(([name]) => name.includes(role))?.[1];
      assert.ok(link, `no sign-in link for ${role}; there are ${[...this.#server.links.keys()]}`);
      await visitor.open(link);
      await visitor.press(/sign in/i);
      this.#cookies.set(role, await context.storageState());
    }
    return visitor;
  }

  /** Somebody proved again who they are: from then on their session has another name. */
  async keep(role, context) {
    this.#cookies.set(role, await context.storageState());
  }
}

export class Visitor {
  #way;
  #folder;
  #picture = 0;

  constructor(page, way, journey) {
    this.page = page;
    this.#way = way;
    this.#folder = join("pictures", journey, way.name.replaceAll(/[^a-z]+/gi, "-"));
    if (PICTURES) mkdirSync(this.#folder, { recursive: true });
    // A page that throws or asks for something from elsewhere is a failure, not a footnote.
    this.#wrong = wrongs(page);
  }

  #wrong;

  /** Goes to an address: only for what Waymark printed. Pages are reached by links and buttons. */
  async open(address) {
    await this.page.goto(address);
    await this.#arrived();
  }

  /** The one heading of the page. */
  async heading() {
    return (await this.page.getByRole("heading", { level: 1 }).first().innerText()).trim();
  }

  /** Is this text to be read on the page? */
  async reads(text) {
    return (await this.page.getByText(text).count()) > 0;
  }

  /** The page has this text; otherwise the journey ends with what the page said instead. */
  async sees(text) {
    const main = await this.page.locator("main").innerText();
    const found = text instanceof RegExp ? text.test(main) : main.includes(text);
    assert.ok(found, `${text} is not on "${await this.heading()}" (${this.page.url()}); it says:\n${main}`);
  }

  /** The page does not have this text. */
  async misses(text) {
    const main = await this.page.locator("main").innerText();
    const found = text instanceof RegExp ? text.test(main) : main.includes(text);
    assert.ok(!found, `${text} is on "${await this.heading()}"; it says:\n${main}`);
  }

  /** Answers a question: the group, or its legend, and the label of the answer. */
  async choose(group, answer) {
    const named = typeof group === "string" || group instanceof RegExp;
    const all = named ? this.page.getByRole("group", { name: group }) : group;
    const input = all.getByLabel(answer, typeof answer === "string" ? { exact: true } : {}).first();
    if ((await input.count()) === 0) {
      assert.fail(`"${answer}" is no answer here: ${(await all.allInnerTexts()).join(" / ")}`);
    }
    if (this.#way.keyboard) {
      await input.focus();
      await this.page.keyboard.press("Space");
    } else {
      await input.check({ force: true });
    }
    assert.ok(await input.isChecked(), `${answer} could not be chosen`);
  }

  /** The questions of this page that are answered by choosing one answer, with the answer so far. */
  async questions() {
    const innermost = this.page.locator("main form fieldset:not(:has(fieldset)):visible");
    const all = [];
    for (const group of await innermost.filter({ has: this.page.locator("input[type=radio]") }).all()) {
      const words = (await group.locator("legend").innerText()).trim();
      all.push({ words, group, answered: (await group.locator("input:checked").count()) > 0 });
    }
    return all;
  }

  /** The fields of this page that are written into, with what stands in them. */
  async fields() {
    const all = [];
    for (const field of await this.page.locator("main form").locator("input, textarea").all()) {
      const kind = (await field.getAttribute("type")) ?? "text";
      if (["hidden", "radio", "checkbox"].includes(kind) || !(await field.isVisible())) continue;
      const id = await field.getAttribute("id");
      const words = (await this.page.locator(`label[for="${id}"]`).innerText()).trim();
      all.push({ words, field, kind, value: await field.inputValue() });
    }
    return all;
  }

  /** Opens what is folded away under these words, if it is not open already. */
  async unfold(words) {
    const summary = this.page.locator("main summary", { hasText: words }).first();
    if (!(await summary.locator("xpath=parent::details[@open]").count())) await this.#open(summary);
  }

  async #open(summary) {
    if (this.#way.keyboard) {
      await summary.focus();
      await this.page.keyboard.press("Enter");
    } else {
      await summary.click();
    }
  }

  /** Is there a link with this name? */
  async offers(name) {
    return (await this.page.getByRole("link", { name }).count()) > 0;
  }

  /** What has to be put right, as the page says it. */
  async mistakes() {
    const summary = this.page.getByRole("alert").filter({ hasText: "There is a problem" });
    return (await summary.count()) ? summary.innerText() : "";
  }

  /** Goes to the page of the report, by the link that stands on all of its pages, and unfolds what there is to do. */
  async report() {
    await this.follow(/^WM-\d{4}-\d{6}/);
    const folded = this.page.getByRole("region", { name: "What else to do" }).locator("details:not([open]) > summary").filter({ hasNotText: /^Done/ });
    while ((await folded.count()) > 0) await this.#open(folded.first());
  }

  /** The reference of the report that this page is about. */
  async reference() {
    return (await this.page.getByRole("link", { name: /^WM-\d{4}-\d{6}/ }).first().innerText()).trim();
  }

  /** The list of what to do, on the page of the report. */
  async tasks() {
    const items = this.page.getByRole("region", { name: /^(Do now|What (else )?to do)$/ }).getByRole("listitem");
    const all = [];
    for (const item of await items.all()) {
      const name = (await item.getByRole("link").first().innerText()).trim();
      // The state stands last, as a tag or as plain words.
      const state = (await item.innerText()).trim().split("\n").at(-1).trim();
      all.push({ name, state });
    }
    return all;
  }

  /** Writes into the field with this label. */
  async write(label, text) {
    await this.page.getByLabel(label).first().fill(text);
  }

  /** Picks from a list with this label. */
  async pick(label, option) {
    await this.page.getByLabel(label).first().selectOption(option);
  }

  /** Presses a button and waits for the page that it brings. */
  async press(name) {
    const button = this.page.getByRole("button", { name }).first();
    await this.#go(button);
  }

  /** Follows a link and waits for the page that it leads to. */
  async follow(name) {
    const link = this.page.getByRole("link", { name }).first();
    await this.#go(link);
  }

  async #go(target) {
    const before = await this.page.evaluate(() => performance.timeOrigin);
    if (this.#way.keyboard) {
      await target.focus();
      await this.page.keyboard.press("Enter");
    } else {
      await target.click();
    }
    await this.page.waitForFunction((then) => performance.timeOrigin !== then, before).catch(async () => {
      const main = await this.page.locator("main").innerText();
      assert.fail(`${target} brought no new page; still "${await this.heading()}":\n${main}`);
    });
    await this.#arrived();
  }

  /** Whatever page this is: it is well made. */
  async #arrived() {
    await this.page.waitForLoadState("load");
    const heading = await this.heading();
    const where = `"${heading}" (${new URL(this.page.url()).pathname})`;
    if (PICTURES) await this.#keepPicture(heading);
    assert.equal(await this.page.getByRole("heading", { level: 1 }).count(), 1, `one main heading on ${where}`);
    assert.match(await this.page.title(), /Waymark$/, `title of ${where}`);
    await fits(this.page, where);
    await accessible(this.page, where, this.#way.name);
    if (this.#way.keyboard) await reachable(this.page, where);
    assert.deepEqual(this.#wrong, [], `on the way to ${where}`);
  }

  async #keepPicture(heading) {
    this.#picture += 1;
    const name = heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").slice(0, 50);
    const file = `${String(this.#picture).padStart(3, "0")}-${name}.png`;
    await this.page.screenshot({ path: join(this.#folder, file), fullPage: true });
  }

  /** The session is over for this visitor. */
  async leave() {
    await this.page.context().close();
  }
}
