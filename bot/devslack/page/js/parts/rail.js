/**
 * The people one can be, with what waits for each.
 * @module
 */

import { h, reconcile } from '../dom.js';
import { avatar } from './avatar.js';

/** @typedef {import('./surface.js').App} App */

/**
 * @param {App} app
 * @returns {{root: HTMLElement, draw: () => void}}
 */
export function rail(app) {
  const { store } = app;
  const list = h('ul.people');
  const root = h('nav.rail', { 'aria-label': 'People: choose who you are' }, h('h2.rail-title', null, 'You are'), list);
  const draw = () => {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.person;
    reconcile(list, store.people, {
      key: (person) => person.id,
      sign: (person) => JSON.stringify([person, store.waiting(person.id), person.id === store.me]),
      draw: (person) => row(app, person),
    });
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-person="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  };
  return { root, draw };
}

/**
 * @param {App} app
 * @param {import('../types.js').User} person
 */
function row({ store, become }, person) {
  const waiting = store.waiting(person.id);
  const place = store.people.indexOf(person) + 1;
  const name = store.nameOf(person.id) ?? person.id;
  const guest = person.is_restricted || person.is_ultra_restricted;
  const title = [person.profile?.title, guest && 'guest'].filter(Boolean).join(' · ');
  return h('li', null, h('button.person', {
    type: 'button',
    data: { person: person.id },
    'aria-current': person.id === store.me ? 'true' : undefined,
    title: `${name}${title && `, ${title}`}${place < 10 ? ` (Alt+${place})` : ''}`,
    'aria-label': [name, title, waiting ? `${waiting} unread` : ''].filter(Boolean).join(', '),
    onclick: () => become(person.id),
  },
  h('span.avatar-box', null, avatar(store, person.id), waiting > 0 && h('span.badge', null, waiting > 99 ? '99+' : waiting)),
  h('span.person-words', null, h('bdi.person-name', null, name), title && h('bdi.person-title', null, title))));
}
