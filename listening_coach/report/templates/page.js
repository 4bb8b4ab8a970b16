"use strict";
(function () {
  const turns = Array.from(document.querySelectorAll(".said"));
  const tools = document.getElementById("tools");
  const box = document.getElementById("find");
  const found = document.getElementById("found");
  const file = document.getElementById("sound-file");
  const player = document.getElementById("sound");
  const follow = document.getElementById("follow");
  const lit = typeof Highlight === "function" && CSS.highlights ? new Highlight() : null;
  let hits = [];
  let at = -1;
  if (lit) { CSS.highlights.set("found", lit); }
  tools.hidden = false;

  /* Search: turns that hold the words are marked, and one is gone to after the other. */

  function light(text, words) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let whole = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push({ node: node, start: whole.length });
      whole += node.data;
    }
    function place(offset) {
      let last = nodes[0];
      for (const each of nodes) { if (each.start <= offset) { last = each; } }
      return [last.node, Math.min(offset - last.start, last.node.length)];
    }
    const lower = whole.toLowerCase();
    for (let from = lower.indexOf(words); from >= 0; from = lower.indexOf(words, from + words.length)) {
      const range = document.createRange();
      range.setStart(...place(from));
      range.setEnd(...place(from + words.length));
      lit.add(range);
    }
  }

  function search() {
    const words = box.value.trim().toLowerCase();
    hits = [];
    at = -1;
    if (lit) { lit.clear(); }
    for (const turn of turns) {
      const text = turn.querySelector(".text");
      const has = words !== "" && text.textContent.toLowerCase().includes(words);
      turn.classList.toggle("hit", has);
      turn.classList.remove("here");
      if (has) {
        hits.push(turn);
        if (lit) { light(text, words); }
      }
    }
    found.textContent = !words ? "" : !hits.length ? "No turn says that." : hits.length === 1 ? "1 turn" : hits.length + " turns";
  }

  function go(step) {
    if (!hits.length) { return; }
    if (at >= 0) { hits[at].classList.remove("here"); }
    at = at < 0 ? (step > 0 ? 0 : hits.length - 1) : (at + step + hits.length) % hits.length;
    hits[at].classList.add("here");
    hits[at].scrollIntoView({ block: "center" });
    found.textContent = (at + 1) + " of " + hits.length;
  }

  box.addEventListener("input", search);
  box.addEventListener("keydown", function (event) {
    if (event.key === "Enter") { event.preventDefault(); go(event.shiftKey ? -1 : 1); }
  });
  document.getElementById("next").addEventListener("click", function () { go(1); });
  document.getElementById("previous").addEventListener("click", function () { go(-1); });

  /* Sound: it is read from this computer; times play from there, and the turn that is heard is marked. */

  if (!file) { return; }
  const timed = turns.filter(function (turn) { return turn.dataset.at !== undefined; });
  let heard = null;

  function playable() {
    player.closest("#player").hidden = false;
    for (const turn of timed) {
      const shown = turn.querySelector("span.at");
      if (!shown) { continue; }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "at";
      button.textContent = shown.textContent;
      button.setAttribute("aria-label", "Play from " + shown.textContent);
      button.addEventListener("click", function () {
        player.currentTime = Number(turn.dataset.at);
        player.play();
      });
      shown.replaceWith(button);
    }
  }

  file.addEventListener("change", function () {
    if (!file.files.length) { return; }
    if (player.src.startsWith("blob:")) { URL.revokeObjectURL(player.src); }
    player.src = URL.createObjectURL(file.files[0]);
    playable();
  });

  player.addEventListener("timeupdate", function () {
    let now = null;
    for (const turn of timed) { if (Number(turn.dataset.at) <= player.currentTime + 0.05) { now = turn; } }
    if (now === heard) { return; }
    if (heard) { heard.classList.remove("now"); }
    heard = now;
    if (!heard) { return; }
    heard.classList.add("now");
    if (follow.checked && !player.paused) { heard.scrollIntoView({ block: "center" }); }
  });

  window.addEventListener("hashchange", function () {
    const turn = document.getElementById(location.hash.slice(1));
    if (player.src && turn && turn.dataset.at !== undefined) { player.currentTime = Number(turn.dataset.at); }
  });

  if (player.getAttribute("src")) { playable(); }
})();
