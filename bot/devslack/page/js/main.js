/**
 * The page: loads what there is, puts the parts together, and keeps them up to date.
 * @module
 */

import { Unreachable } from './api.js';
import { Calls } from './calls.js';
import { append, h, icon, iconButton } from './dom.js';
import { Live } from './live.js';
import { onRemembered, recall, remember } from './memory.js';
import { Conversation } from './parts/conversation.js';
import { snippetCards } from './parts/guide.js';
import { keyboard } from './parts/keyboard.js';
import { Modal } from './parts/modal.js';
import { Pane, PANES } from './parts/pane.js';
import { rail } from './parts/rail.js';
import { destinations, isHere, sidebar } from './parts/sidebar.js';
import { keysDialog, switcher } from './parts/switcher.js';
import { applyTheme, themeButton } from './parts/theme.js';
import { toaster } from './parts/toast.js';
import { readRoute, writeRoute } from './route.js';
import { Store } from './store.js';

/** @typedef {import('./parts/surface.js').App} App */
/** @typedef {import('./route.js').Route} Route */

/** Where each person was last. @type {Map<string, Route>} */
const lastPlaces = new Map();

/** Load, trying again for as long as the server is not there. @param {Store} store */
async function load(store) {
  const waiting = /** @type {HTMLElement} */ (document.getElementById('waiting'));
  for (;;) {
    try {
      await store.load();
      waiting.remove();
      return;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      waiting.classList.add('late');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/**
 * The route as it can be: a person who is here, a conversation of theirs.
 * @param {Store} store
 * @param {Route} wish
 * @returns {Route}
 */
function possible(store, wish) {
  const { people } = store;
  const as = [wish.as, recall('me', '')].find((id) => people.some((person) => person.id === id)) ?? people[0]?.id ?? '';
  const mine = store.channels.get(as) ?? [];
  const channel = wish.tab === 'home' ? '' : [wish.channel, store.appChannel(as)?.id, mine[0]?.id].find((id) => mine.some((each) => each.id === id)) ?? '';
  return { as, channel, tab: wish.tab, thread: channel && channel === wish.channel && as === wish.as ? wish.thread : '' };
}

async function start() {
  applyTheme();
  const store = new Store();
  const { root: toasts, toast } = toaster();
  await load(store);
  store.route = possible(store, readRoute());
  writeRoute(store.route, true);

  const go = (/** @type {Partial<Route>} */ change) => {
    store.route = possible(store, { ...store.route, ...change });
    writeRoute(store.route);
    document.body.classList.remove('nav-open');
    arrived();
  };
  const arrived = () => {
    remember('me', store.me);
    lastPlaces.set(store.me, store.route);
    store.tell('route');
  };
  const become = (/** @type {string} */ user) => {
    if (user === store.me) return document.body.classList.remove('nav-open');
    const own = store.appChannel(user);
    const asked = own && store.unread(user, own).direct > 0;
    const before = lastPlaces.get(user);
    store.modal = store.home = null;
    store.tell('views');
    go({ as: user, thread: '', ...(asked ? { tab: '', channel: own.id } : before ?? { channel: store.channel(store.route.channel)?.is_im ? '' : store.route.channel }) });
    void store.loadChannels(user);
    void store.refreshViews();
    return undefined;
  };

  /** @type {HTMLTextAreaElement | HTMLInputElement | null} */
  let lastField = null;
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && /^(text|email|url)$/.test(target.type) && !target.role)) lastField = target;
  });
  const insert = (/** @type {string} */ text) => {
    const inside = modal.root.open ? modal.root : document;
    const again = lastField?.dataset.field && inside.querySelector(`[data-field="${CSS.escape(lastField.dataset.field)}"]`);
    const field = /** @type {HTMLTextAreaElement | null} */ ((lastField && inside.contains(lastField) && lastField.isConnected && lastField) || again || inside.querySelector('textarea'));
    if (!field) return toast('There is no field to insert into');
    field.focus();
    field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return undefined;
  };
  /** @type {App} */
  const app = {
    store, go, become, toast, insert,
    compose: (text) => {
      if (store.route.tab === 'home') go({ tab: '', channel: store.appChannel()?.id ?? '' });
      queueMicrotask(() => conversation.composer.put(text));
    },
    pane: (mode) => pane.toggle(mode),
  };

  const wide = matchMedia('(min-width: 900px)').matches;
  const aside = h('details.stage-aside', { open: wide, hidden: store.workspace.snippets.length === 0 }, h('summary', null, icon('insert'), 'Ready to paste'), snippetCards(app));
  const modal = new Modal(app, aside);
  const calls = new Calls();
  const pane = new Pane(app, calls);
  const keys = keysDialog();
  const quick = switcher(app, become);
  const people = rail(app, become);
  const theme = h('button.icon-button', { type: 'button' });
  themeButton(theme);
  const places = sidebar(app, h('footer.sidebar-foot', null, theme,
    iconButton('keyboard', 'Keys (?)', () => keys.showModal()),
    iconButton('search', 'Go to… (Ctrl+K)', () => quick.open())));
  const conversation = new Conversation(app, { menu: () => document.body.classList.toggle('nav-open') });
  append(conversation.tools,
    PANES.filter(({ has }) => has(store.workspace)).map(({ mode, label, key, symbol }) => h('button.tool', {
      type: 'button', data: { pane: mode }, title: `${label} (Alt+${key})`, 'aria-label': label, onclick: () => pane.toggle(mode),
    }, icon(symbol), h('span', null, label))));
  const lost = h('div.lost', { role: 'status', hidden: true }, h('span.spinner'), 'The workspace is not answering. Trying to reach it again…');
  const spoken = h('div.visually-hidden', { 'aria-live': 'polite' });
  const veil = h('div.veil', { onclick: () => document.body.classList.remove('nav-open') });
  document.body.append(h('div.workspace', null, h('div.nav', null, people.root, places.root), conversation.root, pane.root), veil, lost, spoken, modal.root, quick.root, keys, toasts);

  pane.begin();
  const drawAll = () => {
    people.draw();
    places.draw();
    conversation.draw();
    pane.draw();
    const waiting = store.people.reduce((sum, person) => sum + (person.id === store.me ? 0 : store.waiting(person.id)), 0);
    document.title = `${waiting ? `(${waiting}) ` : ''}${store.nameOf(store.me) ?? ''} · ${store.workspace.team.name || 'Workspace'}`;
  };
  store.on(['route', 'messages', 'channels', 'people'], drawAll);
  store.on(['views'], () => {
    modal.draw();
    if (store.route.tab === 'home') conversation.home.draw();
  });
  store.on(['messages'], announcer(store, spoken));
  store.on(['connection'], () => { lost.hidden = store.connected; });
  store.on(['route'], () => focusComposer(conversation));
  onRemembered((key) => {
    if (key === `read.${store.me}` || key.startsWith('read.')) store.tell('people');
    if (key === 'theme') themeButton(theme);
  });
  addEventListener('popstate', () => {
    store.route = possible(store, readRoute());
    arrived();
    void store.refreshViews();
  });
  document.addEventListener('visibilitychange', () => conversation.timeline.scrolled());
  keyboard({
    switcher: () => quick.open(),
    help: () => keys.showModal(),
    person: (place) => store.people[place] && become(store.people[place].id),
    walk: (by) => {
      const list = destinations(store);
      const at = list.findIndex((place) => isHere(store, place));
      go(list[(at + by + list.length) % list.length].to);
    },
    slash: () => conversation.composer.slash(),
    pane: (mode) => pane.toggle(mode),
  });
  const live = new Live((event) => store.happened(event), (connected) => store.connection(connected));
  store.on(['route'], () => live.follow(store.me));
  calls.addEventListener('called', (event) => store.called(/** @type {CustomEvent} */ (event).detail));
  arrived();
  await Promise.all([store.loadChannels(store.me), store.refreshViews(), calls.watch()]);
}

/** With a mouse and a keyboard one goes somewhere to write there. @param {Conversation} conversation */
function focusComposer(conversation) {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const walking = active?.closest('.rail, .pane, dialog') && active.matches(':focus-visible');
  if (walking || !matchMedia('(hover: hover)').matches || document.querySelector('dialog:modal')) return;
  if (!conversation.talk.hidden) conversation.composer.focus();
}

/**
 * Say new messages of the open conversation to those who listen.
 * @param {Store} store
 * @param {HTMLElement} spoken
 */
function announcer(store, spoken) {
  let place = '';
  let last = '';
  return () => {
    const here = `${store.me} ${store.route.channel}`;
    const message = store.list(store.route.channel).at(-1);
    const news = here === place && message && message.ts > last && message.user !== store.me;
    if (news) spoken.textContent = `${store.nameOf(message.user ?? '') ?? store.workspace.app.name}: ${message.text ?? ''}`;
    if (here !== place || message) last = message?.ts ?? '';
    place = here;
  };
}

void start();
