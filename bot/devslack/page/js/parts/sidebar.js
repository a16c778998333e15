/**
 * What the chosen person has on the left: the app, channels, direct messages.
 * @module
 */

import { h, icon, reconcile } from '../dom.js';
import { avatar } from './avatar.js';

/** @typedef {import('./surface.js').App} App */
/** @typedef {import('../types.js').Channel} Channel */

/**
 * Places to go, in the order shown.
 * @typedef {{key: string, group: 'app' | 'channels' | 'direct', label: string, symbol: string, to: Partial<import('../route.js').Route>, channel?: Channel}} Destination
 */

/**
 * @param {import('../store.js').Store} store
 * @returns {Destination[]}
 */
export function destinations(store) {
  const appChannel = store.appChannel();
  const { name } = store.workspace.app;
  /** @type {Destination[]} */
  const list = [
    { key: 'home', group: 'app', label: 'Home', symbol: 'home', to: { tab: 'home', channel: '', thread: '' } },
    { key: 'app', group: 'app', label: 'Messages', symbol: 'message', to: { tab: '', channel: appChannel?.id ?? '', thread: '' }, channel: appChannel },
  ];
  const rest = store.myChannels.filter((channel) => channel !== appChannel);
  for (const channel of rest.filter(({ is_im: direct }) => !direct).sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))) {
    list.push({ key: channel.id, group: 'channels', label: channel.name ?? name, symbol: channel.is_private ? 'lock' : 'hash', to: { tab: '', channel: channel.id, thread: '' }, channel });
  }
  for (const channel of rest.filter(({ is_im: direct }) => direct)) {
    list.push({ key: channel.id, group: 'direct', label: store.nameOf(channel.user ?? '') ?? channel.id, symbol: '', to: { tab: '', channel: channel.id, thread: '' }, channel });
  }
  return list;
}

/**
 * @param {import('../store.js').Store} store
 * @param {Destination} place
 */
export function isHere(store, place) {
  const { tab, channel } = store.route;
  return place.key === 'home' ? tab === 'home' : tab !== 'home' && channel === (place.channel?.id ?? '');
}

/**
 * @param {App} app
 * @param {HTMLElement} tools what stands at the foot
 * @returns {{root: HTMLElement, draw: () => void}}
 */
export function sidebar(app, tools) {
  const { store } = app;
  const as = h('bdi.as');
  const head = h('header.sidebar-head', null, h('bdi.team', null, store.workspace.team.name || 'Workspace'), as);
  const titles = /** @type {[Destination['group'], string | Node][]} */ ([['app', appTitle(app)], ['channels', 'Channels'], ['direct', 'Direct messages']]);
  const groups = titles.map(([group, title]) => {
    const list = h('ul');
    return { group, list, section: h('section.group', null, h('h2', null, title), list) };
  });
  const root = h('nav.sidebar', { 'aria-label': 'Conversations' }, head, h('div.groups', null, groups.map(({ section }) => section)), tools);
  const draw = () => {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.place;
    const places = destinations(store);
    as.textContent = store.nameOf(store.me) ?? '';
    for (const { group, list, section } of groups) {
      const rows = places.filter((place) => place.group === group);
      section.hidden = rows.length === 0;
      reconcile(list, rows, {
        key: (place) => place.key,
        sign: (place) => JSON.stringify([store.me, place, isHere(store, place), unreadOf(store, place)]),
        draw: (place) => row(app, place),
      });
    }
    if (focused) /** @type {HTMLElement | null} */ (root.querySelector(`[data-place="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  };
  return { root, draw };
}

/**
 * @param {import('../store.js').Store} store
 * @param {Destination} place
 */
function unreadOf(store, place) {
  return place.channel ? store.unread(store.me, place.channel) : { count: 0, direct: 0 };
}

/** @param {App} app */
function appTitle({ store }) {
  const { app } = store.workspace;
  return h('span.app-title', null, avatar(store, app.bot_user_id, 'tiny'), h('bdi', null, app.name), h('span.tag', null, 'App'));
}

/**
 * @param {App} app
 * @param {Destination} place
 */
function row({ store, go }, place) {
  const unread = unreadOf(store, place);
  const isCurrent = isHere(store, place);
  return h('li', null, h('button.place', {
    type: 'button',
    data: { place: place.key },
    class: unread.count ? 'unread' : '',
    'aria-current': isCurrent ? 'page' : undefined,
    onclick: () => go(place.to),
  },
  place.symbol ? icon(place.symbol) : avatar(store, place.channel?.user ?? '', 'tiny'),
  h('bdi', null, place.label),
  unread.direct > 0 ? h('span.badge', { 'aria-label': `${unread.direct} unread` }, unread.direct > 99 ? '99+' : unread.direct)
    : unread.count > 0 && h('span.dot', { role: 'img', 'aria-label': 'unread' })));
}
