// The only script. Every page works without it.
// 1. A page that comes back with mistakes puts the reader at the list of them.
const summary = document.querySelector(".govuk-error-summary");
if (summary) summary.focus();
// 2. A second tap on a button that changes something is dropped for a second.
let last = 0;
document.addEventListener("submit", (event) => {
  const now = Date.now();
  if (now - last < 1000) event.preventDefault();
  else last = now;
});
