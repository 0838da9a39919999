// What to do about a reply that acknowledges nothing. Nothing that is kept is given up, except what was kept as late.

import { restoreAnswer } from "./answer.js";
import { known } from "./known.js";
import { hideNotice, isShown, showNotice, showState } from "./notices.js";
import { answerForm, lock, url } from "./place.js";
import { ask, useToken } from "./server.js";
import { DONE, WAIT, halt, noteSuccess, pause } from "./work.js";

const SIGNED_OUT_SECONDS = 15;
const PASSING = ["unsaved", "unreachable", "signed-out", "somebody-else"];

let lateMessage = "";
let hasRenewed = false;

export async function onTrouble(reply, entry = null) {
  const { status, data = {} } = reply;
  if (data.error === "stale") return goneElsewhere();
  if (data.error === "closed") return closed(data, entry);
  if (data.error === "outdated-page") return renewToken();
  if (data.error === "full") return full(data, entry);
  if (status === 401) return signedOut();
  if (status === 0 || status === 429 || status >= 500 || reply.isOk) return unreachable(reply);
  return refused(data.message, entry);
}

export function onSuccess() {
  noteSuccess();
  hasRenewed = false;
  if (PASSING.some(isShown)) hideNotice();
}

export function showKept() {
  showState(known.outbox.isDurable ? "kept" : "unkept");
}

function unreachable(reply) {
  if (known.outbox.first) showKept();
  if (reply.status !== 429) showNotice(known.outbox.first ? "unsaved" : "unreachable");
  return pause(reply);
}

// Another tab or device has gone on: nothing here may change anything until the learner wants to go on here.
export function goneElsewhere() {
  lock();
  const kept = known.outbox.last;
  if (kept) showKept();
  if (kept) showNotice("elsewhere-kept", { kept: kept.words || "no answer" });
  else showNotice("elsewhere");
  return halt();
}

async function closed(data, entry) {
  known.isClosed = true;
  if (data.is_kept) lateMessage = data.message;
  if (entry) await known.outbox.drop(entry);
  if (known.outbox.first) return DONE; // the server keeps each as late
  lock();
  if (lateMessage) showState("late");
  showNotice("closed", { message: lateMessage || data.message });
  return halt();
}

// No more answers are taken, but the way to the review and to the end stays open.
async function full({ message }, entry) {
  showNotice("full", { message });
  if (!entry) return refuseLeaving();
  await known.outbox.drop(entry);
  if (answerForm()) restoreAnswer(answerForm(), known.answer);
  showState("saved");
  return DONE;
}

// The forms of this page belong to a session that is over: today's token may be all that is missing.
async function renewToken() {
  let renewed = await ask(url(), null, { isPlace: true });
  if (renewed.goTo) renewed = await ask(renewed.goTo, null, { isPlace: true }); // it is over: the result has a token too
  if (renewed.status === 401) return signedOut();
  if (renewed.status === 404) return somebodyElse();
  if (!renewed.token) return onTrouble(renewed);
  useToken(renewed.token);
  if (hasRenewed) return pause({});
  hasRenewed = true;
  return DONE;
}

function signedOut() {
  if (known.outbox.first) showKept();
  showNotice("signed-out");
  return pause({}, SIGNED_OUT_SECONDS);
}

function somebodyElse() {
  if (known.outbox.first) showKept();
  showNotice("somebody-else");
  return pause({}, SIGNED_OUT_SECONDS);
}

// It can never be saved as it is: it stays where it is until it is changed, and is explained when somebody goes on.
async function refused(message, entry) {
  if (entry) {
    Object.assign(entry, { isRefused: true, isTried: false });
    await known.outbox.put(entry);
    showKept();
  }
  if (known.leaving || !entry) showNotice("refused", { message: message ?? "That could not be taken." });
  return refuseLeaving();
}

function refuseLeaving() {
  known.leaving = null;
  lock(false);
  return WAIT;
}
