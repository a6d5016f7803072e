// An experimental report, from the first call to Outcome 21 and closing.

import { after, before, test } from "node:test";
import { WAYS, browser } from "../lib/browser.mjs";
import { start } from "../lib/server.mjs";
import { answer, begin, doTasks, involve } from "../lib/steps.mjs";
import { Force } from "../lib/visitor.mjs";

let server;
let chromium;
let force;

before(async () => {
  [server, chromium] = await Promise.all([start(), browser()]);
  force = new Force(server, chromium);
});
after(async () => {
  await chromium?.close();
  await server?.stop();
});

for (const way of WAYS) {
  test(`two friends, both willing, to Outcome 21 and closed: ${way.name}`, async () => {
    const officer = await force.visitor("officer", way, "experimental");
    await begin(officer, { where: "At school", reportedBy: "A school or college", name: "Teacher Example" });
    await involve(officer, [
      { name: "Asha", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] },
      { name: "Ben", age: 15, parts: ["Received it"] },
    ]);
    await answer(officer, [
      [/^Is there an image/, "Yes"],
      [/know that it was made/, "Yes"],
      [/take part willingly/, "Yes"],
      [/^Why did/, /attention/i],
      [/age appropriate/, /^Yes/],
    ]);
    await officer.sees("Experimental");
    const done = await doTasks(officer, [[/signpost|advice and support/i, [[/services did you offer/, [/Childline/]]]]], [/supervisor review/]);
    console.log(done);
    await officer.leave();
  });
}
