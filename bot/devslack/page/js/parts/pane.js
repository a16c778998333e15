/**
 * The pane beside the conversation: a thread, the guide with its snippets, or the log of calls.
 * @module
 */

import { h, iconButton } from '../dom.js';
import { recall, remember } from '../memory.js';
import { Composer } from './composer.js';
import { unthread } from './conversation.js';
import { snippetCards, welcome } from './guide.js';
import { callLog } from './log.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./surface.js').App} App */

/** What can stand beside the conversation at any time. */
export const PANES = [
  { mode: 'guide', label: 'Guide', title: 'What to try', key: 'G', symbol: 'book', has: hasWelcome },
  { mode: 'snippets', label: 'Snippets', title: 'Snippets to paste', key: 'S', symbol: 'copy', has: hasSnippets },
  { mode: 'log', label: 'Calls', title: 'API calls of the app', key: 'L', symbol: 'log', has: () => true },
];

/** @param {import('../types.js').Workspace} workspace */
function hasWelcome({ welcome: entries = [] }) {
  return entries.length > 0;
}

/** @param {import('../types.js').Workspace} workspace */
function hasSnippets({ snippets }) {
  return snippets.length > 0;
}

const WIDE = matchMedia('(min-width: 1180px)');

export class Pane {
  /**
   * @param {App} app
   * @param {import('../calls.js').Calls} calls
   */
  constructor(app, calls) {
    this.app = app;
    this.mode = '';
    this.title = h('h2');
    this.thread = new Timeline(app, { inThread: true, label: 'Thread' });
    this.reply = new Composer(app, { inThread: true });
    this.log = callLog(calls);
    this.content = h('div.pane-content');
    this.root = h('aside.pane', { hidden: true, 'aria-label': 'Beside' },
      h('header', null, this.title, iconButton('close', 'Close', () => this.close())), this.content);
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.stopPropagation();
      this.close();
    });
  }

  /** Whatever is to be seen at the start. */
  begin() {
    if (WIDE.matches) this.mode = recall('pane', hasWelcome(this.app.store.workspace) ? 'guide' : '');
  }

  /** @param {string} mode of PANES; the one that is shown is put away */
  toggle(mode) {
    const same = this.shown() === mode;
    this.mode = same ? '' : mode;
    remember('pane', this.mode);
    if (this.app.store.route.thread) this.app.go({ thread: '' });
    this.draw();
    if (!same) /** @type {HTMLElement} */ (this.root.querySelector('button')).focus();
  }

  shown() {
    const { thread, tab } = this.app.store.route;
    return thread && tab !== 'home' ? 'thread' : this.mode;
  }

  close() {
    if (this.shown() === 'thread') this.app.go({ thread: '' });
    else {
      this.mode = '';
      remember('pane', '');
      this.draw();
    }
    /** @type {HTMLElement | null} */ (document.querySelector('main textarea'))?.focus();
  }

  draw() {
    const mode = this.shown();
    this.root.hidden = !mode;
    for (const button of document.querySelectorAll('[data-pane]')) {
      button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.pane === mode));
    }
    if (mode !== this.drawn) this.change(mode);
    if (mode === 'thread') this.drawThread();
  }

  /** @param {string} mode */
  change(mode) {
    this.drawn = mode;
    const title = PANES.find((each) => each.mode === mode)?.title ?? 'Thread';
    this.title.textContent = title;
    this.root.setAttribute('aria-label', title);
    this.root.dataset.mode = mode;
    if (mode === 'thread') this.content.replaceChildren(this.thread.root, this.reply.root);
    else if (mode === 'guide') this.content.replaceChildren(welcome(this.app));
    else if (mode === 'snippets') this.content.replaceChildren(h('div.guide', null, snippetCards(this.app)));
    else if (mode === 'log') {
      this.content.replaceChildren(this.log.root);
      this.log.draw();
    }
  }

  drawThread() {
    const { store } = this.app;
    const { channel, thread } = store.route;
    const { replies } = unthread(store.list(channel));
    const parent = store.list(channel).find(({ ts }) => ts === thread);
    this.thread.draw(`${store.me} ${channel} ${thread}`, channel, [...(parent ? [parent] : []), ...(replies.get(thread) ?? [])], new Map());
    this.reply.draw({ channel, thread, label: 'Reply' });
  }
}
