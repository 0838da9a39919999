// What this page knows and has in hand; every module reads it, those that send change it.

export const known = {
  seq: 0, // the attempt's newest number: whoever knows an older one is refused
  answer: [], // what is saved at the place that is shown
  outbox: null, // answers that are not acknowledged yet
  leaving: null, // a form to send as soon as everything is saved
  isClosed: false, // the attempt is over: nothing is left to decide, what is kept is sent as it is
  isTimeOver: false,
  isHalted: false, // this page sends nothing more
  isSending: false, // a request that may change the number is on its way
};

// A key of a request's own, also where there is no secure context and so no crypto.randomUUID.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
