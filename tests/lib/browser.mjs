// One real browser for a file of journeys, and the ways of looking at pages that each journey is
// walked in.

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Every journey is walked with and without JavaScript, on a phone and at a desk. */
export const WAYS = [
  { name: "phone, with JavaScript", width: 360, height: 740, script: true },
  { name: "phone, without JavaScript", width: 360, height: 740, script: false },
  { name: "desk, with JavaScript, by keyboard", width: 1280, height: 900, script: true, keyboard: true },
  { name: "desk, without JavaScript", width: 1280, height: 900, script: false },
];

/** Starts Chromium with a profile that nobody used before. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.BROWSER ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
}
