// Notes that the page was left, and that something was pasted: signals for a lead, never for the score.

import { item, shownPosition, url } from "./place.js";
import { ask } from "./server.js";

const SHORTEST_MS = 1000;

let leftAt = null;

export function startSignals() {
  addEventListener("blur", onLeft);
  addEventListener("focus", onBack);
  document.addEventListener("visibilitychange", () => (document.hidden ? onLeft() : onBack()));
  document.addEventListener("paste", ({ target }) => { if (item().contains(target)) note("pasted"); });
}

function onLeft() {
  leftAt ??= performance.now();
}

function onBack() {
  if (leftAt === null) return;
  const away = performance.now() - leftAt;
  leftAt = null;
  if (away >= SHORTEST_MS) note("left", Math.round(away / 1000));
}

function note(type, seconds = 0) {
  const fields = [["type", type], ["position", shownPosition()], ["seconds", Math.min(seconds, 86_400)]];
  ask(url("/signals"), fields);
}
