// The line to the local Slack: what is to be seen, asked for again and again, and what is done.

const AGAIN_MS = 1_000;

export class Server {
  constructor() {
    this.after = -1;
    this.wanted = {};
    this.aborting = new AbortController();
  }

  // Look at something else: ask at once, not when something changes.
  look(wanted) {
    this.wanted = wanted;
    this.after = -1;
    this.aborting.abort();
  }

  // Calls seen(state) at every change and gone() while there is no server; never ends.
  async watch(seen, gone) {
    for (;;) {
      this.aborting = new AbortController();
      const query = new URLSearchParams({ ...this.wanted, after: this.after });
      try {
        const answer = await fetch(`/web/state?${query}`, { signal: this.aborting.signal });
        const state = await answer.json();
        if (!this.aborting.signal.aborted) {
          this.after = state.version;
          seen(state);
        }
      } catch (error) {
        if (error.name === "AbortError") continue;
        gone();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  // Type, click, dismiss; what went wrong in Slack's words, or "".
  async act(what, given) {
    try {
      const answer = await fetch(`/web/${what}`, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ user: this.wanted.user, ...given }),
      });
      return (await answer.json()).error ?? "";
    } catch {
      return "the local Slack has ended";
    }
  }
}
