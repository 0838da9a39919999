// Asks the server every few seconds where the attempt is: more time, another page that went on, or the end.

import { isTimeOver, setClock } from "./clock.js";
import { known } from "./known.js";
import { isShown, showNotice, showState } from "./notices.js";
import { lock, url } from "./place.js";
import { ask } from "./server.js";
import { goneElsewhere, onSuccess, onTrouble } from "./trouble.js";
import { halt, hasHalted, hurry, work } from "./work.js";

const SECONDS = 10;
const SECONDS_HIDDEN = 30;
const SECONDS_AT_THE_END = 2;

let timer = null;

export async function beat() {
  clearTimeout(timer);
  if (hasHalted()) return;
  const reply = await ask(url("/clock"));
  if (reply.isOk && reply.data.seq) onPulse(reply);
  else if (reply.status === 401 && !known.isSending) onTrouble(reply);
  clearTimeout(timer);
  timer = setTimeout(beat, 1000 * (isTimeOver() ? SECONDS_AT_THE_END : document.hidden ? SECONDS_HIDDEN : SECONDS));
}

function onPulse(reply) {
  const { data } = reply;
  setClock(reply);
  if (data.is_finished) return onFinished();
  if (isUncertain()) hurry();
  else if (data.seq > known.seq) goneElsewhere();
  else onSuccess();
}

// Whether something is on its way of which this page does not know whether it has arrived.
const isUncertain = () => known.isSending || Boolean(known.outbox?.first || known.leaving);

async function onFinished() {
  known.isClosed = true;
  const unfit = known.outbox?.entries.filter((entry) => entry.isRefused) ?? [];
  for (const entry of unfit) await known.outbox.drop(entry);
  if (unfit.length) showUnfit(unfit);
  if (known.outbox?.first) return work(); // it is refused, but kept as late
  halt();
  if (!isShown("unfit")) location.assign(url("/result"));
}

function showUnfit(entries) {
  lock();
  showState("unfit");
  showNotice("unfit", { kept: entries.map((entry) => entry.words).join(" · ") });
}
