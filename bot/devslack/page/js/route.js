/**
 * Who is looking at what, kept in the address: `/?as=U0…&channel=C0…&tab=home&thread=TS`, so that a window can be kept,
 * shared and reloaded.
 * @module
 */

import { recall } from './memory.js';

/** @typedef {{as: string, channel: string, tab: '' | 'home', thread: string}} Route */

/** @returns {Route} */
export function readRoute() {
  const query = new URLSearchParams(location.search);
  return {
    as: query.get('as') ?? '',
    channel: query.get('channel') ?? '',
    tab: query.get('tab') === 'home' ? 'home' : '',
    thread: query.get('thread') ?? '',
  };
}

/**
 * @param {Route} route
 * @param {boolean} [replace] instead of making a step in the browser's history
 */
export function writeRoute(route, replace = false) {
  const query = new URLSearchParams(Object.entries(route).filter(([, value]) => value));
  const url = `${location.pathname}?${query}`;
  if (url === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
}

/**
 * The route as it can be: a person who is here, a conversation of theirs.
 * @param {import('./store.js').Store} store
 * @param {Route} wish
 * @returns {Route}
 */
export function possible(store, wish) {
  const { people } = store;
  const as = [wish.as, recall('me', '')].find((id) => people.some((person) => person.id === id)) ?? people[0]?.id ?? '';
  const mine = store.channels.get(as) ?? [];
  const channelId = [wish.channel, store.appChannel(as)?.id, mine[0]?.id].find((id) => mine.some((candidate) => candidate.id === id));
  const channel = wish.tab === 'home' ? '' : channelId ?? '';
  return { as, channel, tab: wish.tab, thread: channel && channel === wish.channel ? wish.thread : '' };
}
