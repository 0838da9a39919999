// What the server has not acknowledged yet, in order. It lives in the browser's database, so that it outlives the page;
// where there is none, in memory, and `isDurable` says so.

const DATABASE = "skillmark";
const STORE = "answers";
const PATIENCE_MS = 2000; // nobody waits longer for the database

export class Outbox {
  static async of(attemptId) {
    const { database, all } = await inTime(read()).catch(() => ({ database: null, all: [] }));
    const own = all.filter((entry) => entry.attemptId === attemptId).sort((one, other) => one.at - other.at);
    return new Outbox(database, own);
  }

  constructor(database, entries) {
    this.database = database;
    this.entries = entries;
    this.isLate = false;
  }

  get isDurable() {
    return this.database !== null && !this.isLate;
  }

  get first() {
    return this.entries[0];
  }

  get last() {
    return this.entries.at(-1);
  }

  // Keeps an entry or, when it is there already, what has changed of it.
  put(entry) {
    if (!this.entries.includes(entry)) {
      entry.at = Math.max(Date.now(), (this.last?.at ?? 0) + 1); // in order also when the device's clock goes back
      this.entries.push(entry);
    }
    return this.#write((store) => store.put(entry));
  }

  // Forgets an entry and keeps what has changed of those after it, both or neither; what another tab has made of them
  // stays as that tab left it.
  drop(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    return this.#write((store) => {
      unlessChanged(store, entry, () => store.delete(entry.id));
      for (const other of this.entries) unlessChanged(store, other, () => store.put(other));
    });
  }

  // Waits for a change to be written, but not for a database that is late with an earlier one.
  async #write(change) {
    if (!this.database) return;
    const written = this.#transact(change);
    if (!this.isLate) await inTime(written).catch(() => { this.isLate = true; });
  }

  async #transact(change) {
    try {
      const transaction = this.database.transaction(STORE, "readwrite");
      change(transaction.objectStore(STORE));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = reject;
      });
      this.isLate = false;
    } catch {
      this.database = null; // closed, full or cleared: from now on in memory
    }
  }
}

// Does something to an entry if it is still stored with the key that is known here.
function unlessChanged(store, entry, change) {
  const stored = store.get(entry.id);
  stored.onsuccess = () => { if (stored.result?.key === entry.key) change(); };
}

async function read() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await finished(request);
  return { database, all: await finished(database.transaction(STORE).objectStore(STORE).getAll()) };
}

function inTime(promise) {
  const late = new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS); });
  return Promise.race([promise, late]);
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = reject;
  });
}
