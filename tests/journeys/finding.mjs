// Finding a person, and saying that somebody was in an earlier report: their name was spelt another way there.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";

const { force } = await site();

/** Says of the two whether they are one; a way before may have said so already, then it is changed. */
async function say(officer, verdict, reason) {
  const undecided = await officer.offers(/^Compare, and say/);
  if (undecided) await officer.sees("Kasey Specimin");
  await officer.follow(undecided ? /^Compare, and say/ : /^Change it/);
  await officer.sees("Kasey Specimin");
  await officer.sees("Same telephone number, ending 142");
  await officer.choose("Is it the same person?", verdict);
  await officer.write("What does it rest on?", reason);
  await officer.press("Save");
  await officer.sees("Recorded. You can change it when more is known");
  await officer.sees(reason);
}

for (const way of WAYS) {
  describe(`finding a person: ${way.name}`, () => {
    test("an officer finds somebody, and says that they were in an earlier report", async () => {
      const officer = await force.visitor("officer", way, "finding");
      await officer.follow("Find a person");
      await officer.write("Family name", "Specimen");
      await officer.press("Find");
      assert.match(await officer.mistakes(), /Enter a given name or a date of birth as well/);
      assert.match(await officer.mistakes(), /Select why you are looking/);
      await officer.write("Given name", "Casey");
      await officer.choose("Why are you looking?", "They are in a report that I work on");
      await officer.press("Find");
      await officer.sees("Who it may be");
      await officer.sees("Kasey Specimin");
      await officer.sees("Family name is the same but for one letter");
      await officer.follow(/^WM-/);

      await officer.follow("Who and what is involved");
      await officer.follow("Earlier involvement of Casey Specimen");
      await say(officer, "Same person", `The same number, and the school says so (${way.name})`);
      await officer.sees("It is not answered for you");
      await officer.report();
      await officer.sees(/Earlier involvement\s+Casey Specimen: report WM-/);
      await officer.follow(/^Casey Specimen: report WM-/);
      await say(officer, "Not the same person", "A cousin at the same school who shares the telephone");
      await officer.misses("It is not answered for you");
      await officer.report();
      await officer.misses("Earlier involvement");
      await officer.follow("Timeline");
      await officer.sees("Casey Specimen is not the same person as somebody in another report");
      await officer.leave();
    });
  });
}
