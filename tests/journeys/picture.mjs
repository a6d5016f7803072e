// The picture of the README: a report in the middle of its way, as an officer sees it. The tests make it anew each
// time; with PICTURE set it is kept, with its words beside it. Where the page says other words than the picture that
// is kept, the README shows what is no more.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { site } from "../lib/site.mjs";
import { addDevice, answer, begin, involve } from "../lib/steps.mjs";

const WAY = { name: "picture", width: 1280, height: 1000, script: true };
const WORDS = new URL("../../docs/picture.txt", import.meta.url);

const { force } = await site();

/** What is to be read, but for the moment at which it was: days, times of day and what is left until then. */
function timeless(words) {
  const months = "January|February|March|April|May|June|July|August|September|October|November|December";
  return words
    .replaceAll(new RegExp(`\\d{1,2} (${months})( \\d{4})?`, "g"), "(day)")
    .replaceAll(/\d{1,2}:\d\d(am|pm)/g, "(time)")
    .replaceAll(/\d+ (hours?|minutes?)/g, "(while)")
    .replaceAll(/WM-\d{4}-\d{6}/g, "(reference)")
    .replaceAll(/\s*\n\s*/g, "\n")
    .trim();
}

test("the picture of the README shows the page that there is", async () => {
  const officer = await force.visitor("officer", WAY, "picture");
  await begin(officer, { where: "At school", reportedBy: "A school or college", name: "Teacher Example" });
  await involve(officer, [
    { name: "Asha", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] },
    { name: "Ben", age: 15, parts: ["Received it", "Passed it on"] },
  ]);
  await answer(officer, [
    [/^Is there an image/, "Yes"],
    [/know that the image was made/, "Yes"],
    [/willing for the image to be made/, "Yes"],
    [/without the knowledge or against the will/, "Yes"],
    [/^Ben/, "Yes"],
    [/^Why did/, "Not known yet"],
  ]);
  await addDevice(officer, "Black phone with a cracked screen", ["Ben"]);
  // As it is shown: nothing is unfolded.
  await officer.follow(/^WM-\d{4}-\d{6}/);
  const words = timeless(await officer.page.locator("body").innerText());
  const aside = mkdtempSync(join(tmpdir(), "waymark-picture-"));
  const kept = process.env.PICTURE;
  await officer.page.screenshot({ path: kept ?? join(aside, "picture.png") });
  const size = readFileSync(kept ?? join(aside, "picture.png")).readUInt32BE(16);
  rmSync(aside, { recursive: true });
  assert.equal(size, WAY.width, "the width of the picture");
  if (kept) writeFileSync(WORDS, `${words}\n`);
  assert.equal(words, readFileSync(WORDS, "utf8").trim(), "docs/picture.png is of another page: take it anew with `cargo xtask picture`");
});
