// Starts the real binary with made-up reports, and reads what it prints: its address and one sign-in
// link per role.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program under test. */
export const binary = process.env.WAYMARK_BINARY ?? new URL("../../target/debug/waymark", import.meta.url).pathname;
const SECONDS_TO_START = 60;

/**
 * A Waymark of its own, with its own data, on a port that nobody else has.
 * @returns {Promise<{address: string, links: Map<string, string>, stop: () => Promise<void>}>}
 */
export async function start() {
  const data = await mkdtemp(join(tmpdir(), "waymark-"));
  const child = spawn(binary, ["demo", "--port", "0", "--dir", join(data, "demo")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  const links = new Map();
  let address;
  const ready = new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}; it said:\n${said.join("\n")}`));
    const clock = setTimeout(() => fail(`no address after ${SECONDS_TO_START} s`), SECONDS_TO_START * 1000);
    child.once("error", (why) => fail(`${binary} could not be started: ${why.message}`));
    child.once("exit", (code) => fail(`${binary} ended with ${code}`));
    const take = (line) => {
      said.push(line);
      const url = line.match(/https?:\/\/[^\s]+/)?.[0];
      if (!url) return;
      if (url.includes("/sign-in/link/")) {
        const role = line.slice(0, line.indexOf(url)).trim().toLowerCase() || said.at(-2).trim().toLowerCase();
        links.set(role, url);
      } else {
        address ??= url.replace(/\/$/, "");
      }
      // The address and a link for each of the five roles.
      if (address && links.size >= 5) {
        clearTimeout(clock);
        resolve();
      }
    };
    lines(child.stdout, take);
    lines(child.stderr, take);
  });
  const stop = async () => {
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready;
  } catch (why) {
    child.kill("SIGKILL");
    throw why;
  }
  return { address, links, stop };
}

function lines(stream, take) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text) => {
    const all = (rest + text).split("\n");
    rest = all.pop();
    all.forEach((line) => take(line));
  });
}
