// The picture of the README: a report in the middle of its way, as an officer sees it.

import { browser } from "./lib/browser.mjs";
import { start } from "./lib/server.mjs";
import { addDevice, answer, begin, involve } from "./lib/steps.mjs";
import { Force } from "./lib/visitor.mjs";

const way = { name: "picture", width: 1280, height: 1000, script: true };
const [server, chromium] = await Promise.all([start(), browser()]);
try {
  const officer = await new Force(server, chromium).visitor("officer", way, "picture");
  await begin(officer, { where: "At school", reportedBy: "A school or college", name: "Teacher Example" });
  await involve(officer, [
    { name: "Asha", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] },
    { name: "Ben", age: 15, parts: ["Received it", "Passed it on"] },
  ]);
  await answer(officer, [
    [/^Is there an image/, "Yes"],
    [/know that it was made/, "Yes"],
    [/take part willingly/, "Yes"],
    [/without the knowledge or against the will/, "Yes"],
    [/^Ben/, "Yes"],
    [/^Why did/, "Not known yet"],
  ]);
  await addDevice(officer, "Black phone with a cracked screen", ["Ben"]);
  // As it is shown: nothing is unfolded.
  await officer.follow(/^WM-\d{4}-\d{6}/);
  await officer.page.screenshot({ path: process.env.PICTURE ?? "pictures/picture.png" });
} finally {
  await chromium.close();
  await server.stop();
}
