// The page that takes an attempt. The server decides about time and answers; without this file the forms work all the same.

import { isSame, readAnswer, readRendered } from "./answer.js";
import { startClock } from "./clock.js";
import { startKeys } from "./keys.js";
import { known } from "./known.js";
import { disputeStep, leftoverStep, openStep, refreshStep, takeLeftovers } from "./leftovers.js";
import { Outbox } from "./outbox.js";
import { answerForm, attempt, item, shownSeq } from "./place.js";
import { beat } from "./pulse.js";
import { keep, leave, leaveStep, saveStep, sendKept } from "./saving.js";
import { startSignIn } from "./sign_in.js";
import { startSignals } from "./signals.js";
import { goneElsewhere } from "./trouble.js";
import { hasHalted, hurry, setSteps, work } from "./work.js";

const siblings = new BroadcastChannel("skillmark-attempts"); // tabs of this browser tell each other who is the newest

function onSiblingOpened({ data }) {
  if (data.attemptId === attempt.dataset.attemptId && data.seq > known.seq && !hasHalted()) goneElsewhere();
}

function tellSiblings() {
  siblings.postMessage({ attemptId: attempt.dataset.attemptId, seq: known.seq });
}

function onSubmit(event) {
  if (!item().contains(event.target)) return;
  event.preventDefault();
  leave(event.target, event.submitter);
}

// A choice is made at once; a text grows by letters, an order of lines by moves.
function onInput({ target }) {
  if (answerForm()?.contains(target)) keep({ isGrowing: target.matches("textarea, [type=text], .lines") });
}

function onClick({ target }) {
  if (target.matches("[data-retry]")) work();
  if (target.matches("[data-go-on-here]")) location.reload();
}

function onVisibility() {
  if (document.hidden) return sendKept();
  hurry();
  beat();
}

async function start() {
  const saved = answerForm() ? readRendered(answerForm()) : [];
  Object.assign(known, { seq: shownSeq(), answer: saved });
  known.outbox = await Outbox.of(attempt.dataset.attemptId);
  const hasLeftovers = Boolean(known.outbox.first);
  if (answerForm() && !isSame(readAnswer(answerForm()), saved)) keep(); // was chosen before this script had come
  takeLeftovers(hasLeftovers ? known.outbox.entries : [], tellSiblings);
  setSteps([leftoverStep, openStep, refreshStep, disputeStep, saveStep, leaveStep]);
  document.addEventListener("input", onInput);
  await work();
  attempt.dataset.state = "ready";
}

startClock(sendKept, beat);
startKeys();
startSignIn();
startSignals();
siblings.addEventListener("message", onSiblingOpened);
document.addEventListener("submit", onSubmit);
document.addEventListener("click", onClick);
document.addEventListener("change", ({ target }) => { if (target.matches("textarea, [type=text]")) sendKept(); });
document.addEventListener("focusin", ({ target }) => { // browsers show no more of a field than its first line
  if (target.matches("textarea, [type=text]")) target.scrollIntoView({ block: "nearest" });
});
document.addEventListener("visibilitychange", onVisibility);
addEventListener("online", onVisibility);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("beforeunload", (event) => {
  if (known.outbox?.first && !known.outbox.isDurable) event.preventDefault();
});
start();
setTimeout(beat, 10_000);
