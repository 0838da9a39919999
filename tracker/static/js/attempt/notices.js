// What the page says about itself: the state line in the bar, one notice below it, and news for everybody to hear.

const line = document.getElementById("save-state");
const problem = document.getElementById("problem");
const news = document.getElementById("news");

const STATES = {
  saving: "Saving…",
  saved: "Saved",
  kept: "Not saved yet: keeping it here",
  unkept: "Not saved yet: leave this page open",
  late: "Kept as late",
  unfit: "Not saved",
};

export function showState(state) {
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.textContent = STATES[state];
}

// Shows the notice of this name, once; `words` fill its slots by name. Gives the notice.
export function showNotice(name, words = {}) {
  if (problem.dataset.notice !== name || Object.keys(words).length) {
    problem.replaceChildren(document.getElementById(`notice-${name}`).content.cloneNode(true));
    problem.dataset.notice = name;
  }
  for (const [slot, text] of Object.entries(words)) {
    for (const part of problem.querySelectorAll(`[data-slot=${slot}]`)) part.textContent = text;
  }
  return problem;
}

export function hideNotice() {
  delete problem.dataset.notice;
  problem.replaceChildren();
}

export const isShown = (name) => problem.dataset.notice === name;

export function tell(text) {
  document.getElementById("news-words").textContent = text;
  news.hidden = false;
}

news.querySelector("button").addEventListener("click", () => { news.hidden = true; });
