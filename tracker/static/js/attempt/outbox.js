// What the server has not acknowledged yet, in order. It lives in the browser's database, so that it outlives the page;
// where there is none, in memory, and `isDurable` says so.

const DATABASE = "skillmark";
const STORE = "answers";

export class Outbox {
  static async of(attemptId) {
    const database = await opened().catch(() => null);
    const all = database ? await finished(database.transaction(STORE).objectStore(STORE).getAll()).catch(() => []) : [];
    const own = all.filter((entry) => entry.attemptId === attemptId).sort((one, other) => one.at - other.at);
    return new Outbox(database, own);
  }

  constructor(database, entries) {
    this.database = database;
    this.entries = entries;
  }

  get isDurable() {
    return this.database !== null;
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

  // Forgets an entry and keeps what has changed of those after it, both or neither.
  drop(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    return this.#write((store) => {
      store.delete(entry.id);
      for (const other of this.entries) store.put(other);
    });
  }

  async #write(change) {
    if (!this.database) return;
    try {
      const transaction = this.database.transaction(STORE, "readwrite");
      change(transaction.objectStore(STORE));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = reject;
      });
    } catch {
      this.database = null; // closed, full or cleared: from now on in memory
    }
  }
}

async function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return finished(request);
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
