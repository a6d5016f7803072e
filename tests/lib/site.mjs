// What the tests of one file share: a Waymark, and a browser to visit it with.

import { after } from "node:test";
import { browser } from "./browser.mjs";
import { start } from "./server.mjs";
import { Force } from "./visitor.mjs";

/**
 * Starts both, and stops them once the tests of the file that asked for them are over; what did start is also stopped where the
 * other did not.
 * @param {() => Promise<{stop: () => Promise<void>}>} begin starts the Waymark; the one with made-up reports unless told otherwise
 * @returns the server, the browser, and the people of its force who visit
 */
export async function site(begin = start) {
  const started = Promise.allSettled([begin(), browser()]);
  after(async () => {
    const [server, chromium] = await started;
    await chromium.value?.close();
    await server.value?.stop();
  });
  const [server, chromium] = (await started).map(({ reason, value }) => {
    if (reason) throw reason;
    return value;
  });
  return { server, chromium, force: new Force(server, chromium) };
}
