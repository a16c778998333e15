/**
 * What the person at the page gets to see, as it happens: the server's events. A page nobody looks at does not listen, because
 * browsers allow only six connections to one host, and people keep several windows as several people.
 * @module
 */

import { EVENTS } from './api.js';

/** @typedef {{type: string, channel?: string, ts?: string, view_id?: string}} Happening */

const AGAIN = 1500; // milliseconds until the next try when the browser has given up

export class Live {
  /**
   * @param {(event: Happening) => void} happened
   * @param {(connected: boolean) => void} connection told whenever the stream opens, and when it is lost
   */
  constructor(happened, connection) {
    this.happened = happened;
    this.connection = connection;
    this.user = '';
    /** @type {EventSource | null} */
    this.source = null;
    document.addEventListener('visibilitychange', () => this.listen());
  }

  /** @param {string} user whose events to hear */
  follow(user) {
    if (user === this.user) return;
    this.user = user;
    this.listen();
  }

  listen() {
    this.source?.close();
    this.source = null;
    if (document.visibilityState === 'hidden' || !this.user) return;
    const source = new EventSource(`${EVENTS}?user=${encodeURIComponent(this.user)}`);
    this.source = source;
    source.addEventListener('open', () => this.connection(true));
    source.addEventListener('message', ({ data }) => this.happened(JSON.parse(data)));
    source.addEventListener('error', () => {
      if (source !== this.source) return;
      this.connection(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => source === this.source && this.listen(), AGAIN);
    });
  }
}
