/**
 * The page as a whole: its parts, who is at it and where, and what makes it draw anew.
 * @module
 */

import { Calls } from './calls.js';
import { append, h, icon, iconButton } from './dom.js';
import { Live } from './live.js';
import { onRemembered, remember } from './memory.js';
import { Conversation } from './parts/conversation.js';
import { snippetCards } from './parts/guide.js';
import { announcer, LastField } from './parts/last_field.js';
import { keyboard } from './parts/keyboard.js';
import { Modal } from './parts/modal.js';
import { Pane, PANES } from './parts/pane.js';
import { rail } from './parts/rail.js';
import { destinations, isHere, sidebar } from './parts/sidebar.js';
import { keysDialog, switcher } from './parts/switcher.js';
import { themeButton } from './parts/theme.js';
import { toaster } from './parts/toast.js';
import { possible, readRoute, writeRoute } from './route.js';

/** @typedef {import('./route.js').Route} Route */
/** @typedef {import('./parts/surface.js').App} App */

const WIDE = matchMedia('(min-width: 900px)');

export class Page {
  /** @param {import('./store.js').Store} store with everything loaded */
  constructor(store) {
    this.store = store;
    /** @type {Map<string, Route>} where each person was last */
    this.places = new Map();
    this.due = false;
    this.field = new LastField();
    this.calls = new Calls();
    const { root: toasts, toast } = toaster();
    /** @type {App} */
    this.app = {
      store,
      toast,
      go: (change) => this.go(change),
      become: (user) => this.become(user),
      compose: (text) => this.compose(text),
      insert: (text) => this.insert(text),
    };
    const { app } = this;
    this.modal = new Modal(app, this.stageAside());
    this.pane = new Pane(app, this.calls);
    this.keys = keysDialog();
    this.quick = switcher(app);
    this.people = rail(app);
    this.theme = h('button.icon-button', { type: 'button' });
    this.sidebar = sidebar(app, this.foot());
    this.conversation = new Conversation(app, { menu: () => document.body.classList.toggle('nav-open') });
    this.lost = h('div.lost', { role: 'status', hidden: true }, h('span.spinner'), 'The workspace is not answering. Trying to reach it again…');
    this.spoken = h('div.visually-hidden', { 'aria-live': 'polite' });
    append(this.conversation.tools, this.paneButtons());
    const veil = h('div.veil', { onclick: () => document.body.classList.remove('nav-open') });
    document.body.append(
      h('div.workspace', null, h('div.nav', null, this.people.root, this.sidebar.root), this.conversation.root, this.pane.root),
      veil, this.lost, this.spoken, this.modal.root, this.quick.root, this.keys, toasts);
  }

  /** Show the first thing, and listen from here on. */
  async begin() {
    const { store } = this;
    store.route = possible(store, readRoute());
    writeRoute(store.route, true);
    this.pane.begin();
    this.follow();
    this.arrived();
    await Promise.all([store.catchUp(), this.calls.watch()]);
  }

  follow() {
    const { store } = this;
    const live = new Live((event) => store.happened(event), (connected) => {
      store.connection(connected);
      if (connected) void store.catchUp();
    });
    this.calls.addEventListener('called', (event) => store.called(/** @type {CustomEvent} */ (event).detail));
    store.on(['route', 'messages', 'channels', 'people'], () => this.drawSoon());
    store.on(['views'], () => this.drawViews());
    store.on(['messages'], announcer(store, this.spoken));
    store.on(['connection'], () => {
      this.lost.hidden = store.connected;
      if (store.connected) this.calls.forget();
    });
    store.on(['route'], () => {
      live.follow(store.me);
      queueMicrotask(() => this.focusComposer()); // after it is drawn
    });
    onRemembered((key) => {
      if (key.startsWith('read.')) store.tell('people');
    });
    addEventListener('popstate', () => {
      store.route = possible(store, readRoute());
      this.arrived();
      void store.refreshViews();
    });
    document.addEventListener('visibilitychange', () => this.conversation.timeline.scrolled());
    keyboard({
      switcher: () => this.quick.open(),
      help: () => this.keys.showModal(),
      person: (place) => store.people[place] && this.become(store.people[place].id),
      walk: (by) => this.walk(by),
      slash: () => this.conversation.composer.slash(),
      pane: (mode) => this.pane.toggle(mode),
    });
  }

  /** Draw once for everything that changed together. */
  drawSoon() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      this.draw();
    });
  }

  draw() {
    const { store } = this;
    this.people.draw();
    this.sidebar.draw();
    this.conversation.draw();
    this.pane.draw();
    const waiting = store.people.reduce((sum, person) => sum + (person.id === store.me ? 0 : store.waiting(person.id)), 0);
    document.title = `${waiting ? `(${waiting}) ` : ''}${store.nameOf(store.me) ?? ''} · ${store.workspace.team.name || 'Workspace'}`;
  }

  drawViews() {
    this.modal.draw();
    if (this.store.route.tab === 'home') this.conversation.home.draw();
  }

  /** @param {Partial<Route>} change */
  go(change) {
    const { store } = this;
    store.route = possible(store, { ...store.route, ...change });
    writeRoute(store.route);
    document.body.classList.remove('nav-open');
    this.arrived();
  }

  arrived() {
    const { store } = this;
    remember('me', store.me);
    this.places.set(store.me, store.route);
    store.tell('route');
  }

  /**
   * Be another person: at what they were just asked, or else where they were last.
   * @param {string} user
   */
  become(user) {
    const { store } = this;
    document.body.classList.remove('nav-open');
    if (user === store.me) return;
    const own = store.appChannel(user);
    const shared = store.channel(store.route.channel)?.is_im ? '' : store.route.channel;
    store.modal = store.home = null;
    store.tell('views');
    if (own && store.unread(user, own).direct > 0) this.go({ as: user, tab: '', channel: own.id, thread: '' });
    else this.go({ ...(this.places.get(user) ?? { channel: shared, thread: '' }), as: user });
    void store.catchUp();
  }

  /** @param {number} by */
  walk(by) {
    const list = destinations(this.store);
    const at = list.findIndex((place) => isHere(this.store, place));
    this.go(list[(at + by + list.length) % list.length].to);
  }

  /** @param {string} text */
  compose(text) {
    if (this.store.route.tab === 'home') this.go({ tab: '', channel: this.store.appChannel()?.id ?? '' });
    requestAnimationFrame(() => this.conversation.composer.put(text)); // after the conversation is drawn
  }

  /** @param {string} text */
  insert(text) {
    const inside = this.modal.root.open ? this.modal.root : this.conversation.talk;
    if (!this.field.insert(text, inside)) this.app.toast('There is no text field to insert this into. Open a conversation or a form first.');
  }

  /** With a mouse and a keyboard one goes somewhere to write there. */
  focusComposer() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const walking = active?.closest('.rail, .pane') && active.matches(':focus-visible');
    if (walking || !matchMedia('(hover: hover)').matches || document.querySelector('dialog:modal')) return;
    if (this.conversation.talk.hidden) return;
    if (this.pane.shown() === 'thread') this.pane.reply.focus();
    else this.conversation.composer.focus();
  }

  /** What stands beside a modal, for things to paste. */
  stageAside() {
    return h('details.stage-aside', { open: WIDE.matches },
      h('summary', null, icon('insert'), 'Snippets to paste'), snippetCards(this.app));
  }

  foot() {
    themeButton(this.theme);
    return h('footer.sidebar-foot', null, this.theme,
      iconButton('keyboard', 'Keyboard help (?)', () => this.keys.showModal()),
      iconButton('search', 'Go to… (Ctrl+K)', () => this.quick.open()));
  }

  paneButtons() {
    return PANES.filter(({ has }) => has(this.store.workspace)).map(({ mode, label, key, symbol }) => h('button.tool', {
      type: 'button', data: { pane: mode }, title: `${label} (Alt+${key})`, 'aria-label': label, onclick: () => this.pane.toggle(mode),
    }, icon(symbol), h('span', null, label)));
  }
}
