/**
 * Starts the page: waits for the server, loads what there is, and puts the page together.
 * @module
 */

import { Unreachable } from './api.js';
import { Gallery } from './gallery.js';
import { Page } from './page.js';
import { applyTheme } from './parts/theme.js';
import { Store } from './store.js';

const AGAIN = 1000; // milliseconds between tries while the server is not there

async function start() {
  applyTheme();
  const store = new Store();
  const waiting = /** @type {HTMLElement} */ (document.getElementById('waiting'));
  for (;;) {
    try {
      await store.load();
      break;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      waiting.classList.add('late');
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
  waiting.remove();
  if (/\/gallery\/?$/.test(location.pathname)) await new Gallery(store).begin();
  else await new Page(store).begin();
}

void start();
