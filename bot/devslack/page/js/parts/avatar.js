/**
 * A person's or the app's picture: initials on a colour of their own.
 * @module
 */

import { h } from '../dom.js';

const HUES = 8;

/**
 * @param {import('../store.js').Store} store
 * @param {string} id
 * @param {string} [size] a class: `small`, `large`
 */
export function avatar(store, id, size = '') {
  const name = store.nameOf(id) ?? '?';
  const isApp = id === store.workspace.app.bot_user_id;
  return h('span.avatar', { class: `${size} ${isApp ? 'app' : `hue-${hue(store, id)}`}`, 'aria-hidden': 'true' }, initials(name, isApp));
}

/**
 * Neighbours in the list get different colours.
 * @param {import('../store.js').Store} store
 * @param {string} id
 */
function hue(store, id) {
  const place = [...store.users.keys()].indexOf(id);
  return (place < 0 ? id.charCodeAt(id.length - 1) : place) % HUES;
}

/**
 * @param {string} name
 * @param {boolean} isApp
 */
function initials(name, isApp) {
  const parts = name.split(/[\s._-]+/).filter(Boolean).map((part) => [...part][0].toLocaleUpperCase());
  return isApp ? parts[0] ?? 'A' : (parts[0] ?? '?') + (parts.length > 1 ? parts[parts.length - 1] : '');
}
