// An experimental report, from the first call to Outcome 21 and closing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";
import { addPlace, agree, answer, askForReview, begin, close, decide, doTasks, involve } from "../lib/steps.mjs";

/** What the officer says where a task asks more than the usual. */
const HOW = [[/advice and support/, [[/services did you offer/, [/^Childline/]]]]];

const { force } = await site();

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
      [/know that the image was made/, "Yes"],
      [/willing for the image to be made/, "Yes"],
      [/^Why did/, /attention/i],
      [/age appropriate/, /^Yes/],
    ]);
    await officer.sees("Experimental");
    const reference = await officer.reference();
    await addPlace(officer, "The school, 1 Example Road");

    await doTasks(officer, HOW, [/supervisor review/]);
    await askForReview(officer);
    const supervisor = await force.visitor("supervisor", way, "experimental");
    await agree(supervisor, reference);
    await supervisor.leave();

    await decide(officer, "21", ["The report as a whole", "Asha", "Ben"]);
    const after = await doTasks(officer, HOW);
    assert.ok(after.some((task) => /outcome/i.test(task)), `what follows an outcome: ${after.join("; ")}`);
    await close(officer);
    await officer.follow("Read the timeline");
    await officer.sees("Timeline");
    await officer.leave();
  });
}
