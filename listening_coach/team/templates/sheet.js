"use strict";
(function () {
  const sheet = document.getElementById("sheet");
  const status = document.getElementById("status");
  const name = document.getElementById("name");
  const key = "listening-coach-name";
  let unsaved = false;
  try { name.value = window.localStorage.getItem(key) || ""; } catch (error) { /* some browsers keep nothing for files */ }

  function say(text) { status.textContent = text; }

  function gathered() {
    const role = sheet.querySelector("input[name=role]:checked").value;
    const at = new Date().toISOString();
    const found = [];
    for (const part of sheet.querySelectorAll("fieldset[data-about]")) {
      const chosen = part.querySelector("input[type=radio]:checked");
      const comment = part.querySelector("textarea").value.trim();
      let verdict = chosen ? chosen.value : "";
      if (!verdict && !comment) { continue; }
      const review = Object.assign({ call: sheet.dataset.call, by: name.value.trim(), at: at, verdict: verdict || "comment" }, JSON.parse(part.dataset.about));
      if (role !== "coach") { review.role = role; }
      if (comment) { review.comment = comment; }
      if (verdict === "score") {
        const field = part.querySelector("input[type=number]");
        const score = Number(field.value);
        if (field.value === "" || !(score >= 0 && score <= 100)) {
          field.focus();
          say("Give a score from 0 to 100, or choose another verdict.");
          return null;
        }
        review.score = score;
      }
      found.push(review);
    }
    return found;
  }

  sheet.addEventListener("input", function (event) {
    unsaved = true;
    const part = event.target.closest("fieldset[data-about]");
    /* What has been filled in is printed. */
    if (part) { part.classList.add("filled"); }
    if (part && event.target.type === "number" && event.target.value !== "") { part.querySelector("input[value=score]").checked = true; }
  });

  sheet.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!name.value.trim()) { name.focus(); say("Give your name first."); return; }
    const reviews = gathered();
    if (reviews === null) { return; }
    if (!reviews.length) { say("There is nothing to save yet."); return; }
    try { window.localStorage.setItem(key, name.value.trim()); } catch (error) { /* as above */ }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify({ reviews: reviews }, null, 1)], { type: "application/json" }));
    link.download = sheet.dataset.file;
    document.body.append(link);
    link.click();
    link.remove();
    unsaved = false;
    say(reviews.length + (reviews.length === 1 ? " review" : " reviews") + " saved as " + sheet.dataset.file + ". Take the file in with: listening-coach reviews add");
  });

  window.addEventListener("beforeunload", function (event) { if (unsaved) { event.preventDefault(); } });
})();
