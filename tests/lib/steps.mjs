// What officers do, step by step, in the words of the pages.

import assert from "node:assert/strict";

/** More questions than this would never end. */
const MOST_QUESTIONS = 80;

/** Starts a report from the first page. */
export async function begin(officer, { where, reportedBy, name }) {
  await officer.follow("Start a report");
  await officer.sees("Do not view, copy, screenshot, forward or film the image");
  await officer.choose("Is anybody in immediate danger?", "No");
  await officer.write("Where is the child now?", where);
  await officer.choose("Is it safe for them to talk?", "Yes");
  await officer.write("Who is with them?", "A teacher they chose");
  await officer.write("A safe number to call back", "01632 960123");
  await officer.choose("Who reports this?", reportedBy);
  await officer.write("Name of the person reporting", name);
  await officer.write("Incident log reference", "LOG-1001");
  await officer.press("Start the report");
}

/** Adds everybody who is in it. */
export async function involve(officer, people) {
  for (const [at, person] of people.entries()) {
    for (const part of person.parts) await officer.choose("What part does this person have in this?", part);
    if (typeof person.age === "number") await officer.write(/How old was this person/, String(person.age));
    else await officer.choose("Or, if the age itself is not known", person.age);
    await officer.choose("Do we know who this person is?", "Yes, it is known who this is");
    await officer.write("Known as", person.name);
    await officer.press(at + 1 < people.length ? "Save and add another person" : "Save and go on");
  }
}

/**
 * Answers whatever is asked until nothing is. `answers` says what to answer to which question; to
 * everything else the answer is no.
 */
export async function answer(officer, answers) {
  const asked = [];
  for (let count = 0; count < MOST_QUESTIONS; count += 1) {
    const groups = await officer.questions();
    if (groups.length === 0) return asked;
    for (const question of groups) {
      asked.push(question);
      const [, given] = answers.find(([words]) => words.test(question)) ?? [null, "No"];
      await officer.choose(question, given);
    }
    await officer.press("Save and go on");
  }
  assert.fail(`still asked after ${MOST_QUESTIONS} pages: ${asked.slice(-3).join(" ")}`);
}
