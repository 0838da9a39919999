// Requests to the server. Whatever comes back, also nothing at all, is one plain reply: `status` 0 means no answer.

const TIMEOUT_MS = 10_000;

let token = document.querySelector("[name=csrf_token]").value;

// Gets or, with fields, posts. With `isPlace`, `place` of the reply is the place to show and
// `token` today's; else `data` is what it says.
export async function ask(url, fields = null, { isPlace = false } = {}) {
  const headers = { Accept: "application/json" };
  if (isPlace) headers["HX-Request"] = "true"; // asks for the part of the page that changes
  if (fields) headers["X-CSRFToken"] = token;
  const asked = performance.now();
  try {
    const response = await fetch(url, {
      method: fields ? "POST" : "GET",
      headers,
      body: fields && new URLSearchParams(fields),
      redirect: "manual",
      keepalive: fields !== null, // arrives also when the page is closed meanwhile
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ...(await read(response)), at: (asked + performance.now()) / 2 };
  } catch {
    return { status: 0 };
  }
}

// Sends an answer as it is kept: it stays at its place.
export function sendAnswer(url, { seq, position, item, key, answer }) {
  const fields = [["seq", seq], ["position", position], ["item", item], ["then", position], ["key", key]];
  return ask(url, [...fields, ...answer.map((value) => ["answer", value])]);
}

// Only a reply that names a number beyond the answer's says that it is saved.
export const isAcknowledged = (reply, entry) => reply.isOk && reply.data.seq > entry.seq;

async function read(response) {
  const text = await response.text();
  const isData = response.headers.get("Content-Type")?.startsWith("application/json");
  const page = response.ok && !isData ? new DOMParser().parseFromString(text, "text/html") : null;
  return {
    status: response.status,
    isOk: response.ok,
    isRedirect: response.type === "opaqueredirect",
    goTo: response.headers.get("HX-Redirect"),
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
    data: isData ? JSON.parse(text) : {},
    place: page?.getElementById("item"),
    token: page?.querySelector("[name=csrf_token]")?.value,
  };
}

// Takes the token of a page of today's session.
export function useToken(fresh) {
  token = fresh;
}
