// A Waymark as a force runs it: a settings file, an empty database, and the link to make the first account.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "./server.mjs";
import { Visitor } from "./visitor.mjs";

const SECONDS_TO_START = 60;
const PATIENCE_MS = 30_000;

/** What everybody's password is. */
export const PASSWORD = "heron on the weir";

/** A port that nobody uses at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts it at `http://localhost:PORT`: passkeys need an address with a name.
 * @param {number} port
 * @param {string} more further settings of `[web]`, in TOML
 * @returns {Promise<{address: string, first: string, stop: () => Promise<void>}>}
 */
export async function serve(port, more = "") {
  const folder = await mkdtemp(join(tmpdir(), "waymark-"));
  const file = join(folder, "waymark.toml");
  const address = `http://localhost:${port}`;
  const web = `[web]\naddress = "127.0.0.1:${port}"\npublic_url = "${address}"\nforce_name = "Cloudshire Police"\n`;
  await writeFile(file, `database = "data/waymark.db"\n${web}${more}`);
  const child = spawn(binary, ["serve", "--config", file], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  const first = await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}; it said:\n${said}`));
    const clock = setTimeout(() => fail("it did not start"), SECONDS_TO_START * 1000);
    child.once("error", (why) => fail(why.message));
    child.once("exit", (code) => fail(`it ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        said += text;
        const link = said.match(/http:\/\/\S+\/first-start\S+/)?.[0];
        if (!link) return;
        clearTimeout(clock);
        resolve(link);
      });
    }
  });
  const stop = async () => {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { address, first, stop, said: () => said };
}

/** Somebody in a browser of their own who has not signed in. */
export async function stranger(browser, way, journey) {
  const context = await browser.newContext({
    viewport: { width: way.width, height: way.height },
    javaScriptEnabled: way.script,
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return new Visitor(await context.newPage(), way, journey);
}

/** Makes the first account, a supervisor's, whose user name is "super". */
export async function makeFirst(visitor, server) {
  await visitor.open(server.first);
  await visitor.write("Your name", "Supervisor Example");
  await visitor.write("Your unit", "Safeguarding");
  await visitor.write("User name", "super");
  await visitor.write(/^Password/, PASSWORD);
  await visitor.write("The same password again", PASSWORD);
  await visitor.press("Make the account");
  assert.equal(await visitor.heading(), "People");
}

/** Signs in with a password, and reads what changed where there is something to read. */
export async function signIn(visitor, server, name) {
  await visitor.open(server.address);
  await visitor.write("User name", name);
  await visitor.write("Password", PASSWORD);
  await visitor.press("Sign in");
  await readChanges(visitor);
}

/** Past the page that says what changed, if it is there. */
export async function readChanges(visitor) {
  if ((await visitor.heading()) === "What changed about your account") await visitor.press("I have read this");
}
