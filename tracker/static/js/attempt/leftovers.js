// What an earlier page could not send. It is sent before this page takes the attempt over, as it was made; what somebody
// has since gone on without is compared with what is saved, and where the two differ the learner decides.

import { inWords, isSame, readAnswer, restoreAnswer } from "./answer.js";
import { known, newKey } from "./known.js";
import { hideNotice, isShown, showNotice } from "./notices.js";
import { answerForm, isAdaptive, lock, noteSeq, shownPosition, shownSeq, url } from "./place.js";
import { acknowledge, enter } from "./saving.js";
import { ask, isAcknowledged, sendAnswer } from "./server.js";
import { goneElsewhere, onSuccess, onTrouble, showKept } from "./trouble.js";
import { DONE, IDLE, WAIT, work } from "./work.js";

const openingKey = newKey(); // the same for every try, so that a reply that was lost makes no other page of this one

let leftovers = [];
let disputed = [];
let asked = null;
let isOutdated = false;
let isOpened = false;
let hasMoved = false;
let onOpened = () => {};

export function takeLeftovers(entries, whenOpened) {
  leftovers = [...entries];
  onOpened = whenOpened;
  lock(leftovers.length > 0);
}

// ---- Steps of the work ----

export async function leftoverStep() {
  leftovers = leftovers.filter((each) => known.outbox.entries.includes(each));
  const [entry] = leftovers;
  if (!entry) return IDLE;
  const reply = await sendAnswer(url("/responses"), entry);
  if (isAcknowledged(reply, entry)) await acknowledge(entry);
  else if (reply.data?.error === "stale") await dispute(entry);
  else if (isRefusal(reply)) await dispute(Object.assign(entry, { isRefused: true }));
  else return onTrouble(reply, entry);
  leftovers.shift();
  isOutdated = true;
  return DONE;
}

// Makes this page the newest one: from now on older ones are told that they are.
export async function openStep() {
  if (isOpened) return IDLE;
  const reply = await ask(url("/opened"), [["key", openingKey]]);
  if (reply.data?.error === "closed") return showResult();
  if (!(reply.isOk && reply.data.seq)) {
    isOpened = reply.status === 400 && reply.data.error !== "outdated-page"; // too many changes: it can still be finished
    return onTrouble(reply);
  }
  onSuccess();
  isOpened = true;
  isOutdated ||= reply.data.seq !== shownSeq() + 1;
  for (const entry of known.outbox.entries) entry.seq = reply.data.seq;
  known.seq = reply.data.seq;
  noteSeq(known.seq);
  onOpened();
  return DONE;
}

// Shows the place anew where something was saved since the server made this page.
export async function refreshStep() {
  if (!isOutdated) return IDLE;
  const isTyped = known.outbox.entries.some((entry) => !disputed.includes(entry));
  if (isTyped) return goneElsewhere();
  lock();
  const reply = await ask(url(), null, { isPlace: true });
  if (reply.goTo) return showResult();
  if (!reply.place) return onTrouble(reply);
  isOutdated = false;
  enter(reply.place);
  return DONE;
}

export async function disputeStep() {
  const [entry] = disputed;
  if (!entry || known.isClosed) return IDLE;
  if (entry.position !== shownPosition() && isAdaptive) return askAbout(entry, "passed");
  if (entry.position !== shownPosition()) return moveTo(entry.position);
  const saved = readAnswer(answerForm());
  if (isSame(saved, entry.answer)) return decide(entry, false);
  if (entry.isRefused || (isSame(saved, entry.base) && !hasMoved)) return decide(entry, true);
  return askAbout(entry, "differs");
}

// ---- Two answers ----

// Of what was kept for one place the newest alone is worth asking about.
async function dispute(entry) {
  const older = disputed.find((other) => other.position === entry.position);
  disputed = disputed.filter((other) => other !== older);
  if (older) await known.outbox.drop(older);
  disputed.push(entry);
}

async function moveTo(position) {
  lock();
  const reply = await ask(url("/moves"), [["seq", known.seq], ["then", position]], { isPlace: true });
  if (!reply.place) return onTrouble(reply);
  hasMoved = true;
  enter(reply.place);
  return DONE;
}

function askAbout(entry, notice) {
  if (asked === entry && isShown(notice)) return WAIT;
  asked = entry;
  lock();
  showKept();
  const saved = answerForm() ? inWords(answerForm()) : "";
  const shown = showNotice(notice, {
    number: entry.position + 1,
    kept: entry.words || "no answer",
    saved: saved || "no answer",
  });
  shown.querySelector("button").focus();
  shown.onclick = async ({ target }) => {
    if (!target.matches("[data-use]")) return;
    hideNotice();
    await decide(entry, target.dataset.use === "kept");
    work();
  };
  return WAIT;
}

// Uses what was kept, as an answer of this page, or gives it up.
async function decide(entry, isUsed) {
  disputed = disputed.filter((other) => other !== entry);
  lock(disputed.length > 0);
  if (!isUsed) {
    await known.outbox.drop(entry);
    return DONE;
  }
  restoreAnswer(answerForm(), entry.answer);
  Object.assign(entry, { key: newKey(), seq: known.seq, base: known.answer, isTried: false });
  await known.outbox.put(entry);
  showKept();
  return DONE;
}

const isRefusal = ({ status, data }) => [400, 404, 413, 422].includes(status) && data.error !== "outdated-page";

function showResult() {
  location.reload();
  return WAIT;
}
