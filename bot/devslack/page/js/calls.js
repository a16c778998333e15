/**
 * The app's calls, fetched as they come: for whoever is curious, and to learn that somebody else was told something, which the
 * events of the person at the page do not say.
 * @module
 */

import { get, Unreachable } from './api.js';

const SEEN = 1500; // milliseconds between looks while somebody looks at the page
const HIDDEN = 6000;
const KEPT = 2000;

/** @typedef {{n: number, at: number, method: string, args: any, answer: any, ms?: number, status?: number}} Call */

export class Calls extends EventTarget {
  constructor() {
    super();
    /** @type {Call[]} oldest first */
    this.list = [];
    this.timer = 0;
  }

  /** Begin anew: another server counts its calls from one. */
  forget() {
    this.list = [];
  }

  /** Look now, and again and again. */
  async watch() {
    clearTimeout(this.timer);
    try {
      await this.look();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error; // the event stream notices too, and says so
    }
    this.timer = window.setTimeout(() => void this.watch(), document.visibilityState === 'visible' ? SEEN : HIDDEN);
  }

  async look() {
    const last = this.list.at(-1)?.n ?? 0;
    const answer = await get('log', { since: String(last) });
    /** @type {Call[]} */
    const fresh = (answer.calls ?? []).filter((/** @type {Call} */ call) => call.n > last);
    if (!fresh.length) return;
    this.list = [...this.list, ...fresh].slice(-KEPT);
    this.dispatchEvent(new CustomEvent('called', { detail: fresh }));
  }
}
