/**
 * Ctrl+K: go to any person or conversation by typing a part of the name. And the list of keys.
 * @module
 */

import { h, icon, iconButton, uid } from '../dom.js';
import { avatar } from './avatar.js';
import { destinations } from './sidebar.js';

/** @typedef {import('./surface.js').App} App */
/** @typedef {{label: string, note: string, mark: Node, go: () => void}} Target */

/**
 * @param {App} app
 * @returns {{root: HTMLDialogElement, open: () => void}}
 */
export function switcher(app) {
  const list = h('div.options', { role: 'listbox', id: uid('targets'), 'aria-label': 'People and conversations' });
  const input = /** @type {HTMLInputElement} */ (h('input.field', {
    type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': list.id, 'aria-label': 'Go to a person or conversation',
    placeholder: 'Go to a person or conversation', autocomplete: 'off', spellcheck: 'false',
  }));
  const root = /** @type {HTMLDialogElement} */ (h('dialog.switcher', { 'aria-label': 'Quick switcher' }, input, list));
  /** @type {Target[]} */
  let results = [];
  let active = 0;
  const take = (/** @type {number} */ index) => {
    root.close();
    results[index]?.go();
  };
  const draw = () => {
    const rows = results.map((target, index) => h('div.option', {
      role: 'option', id: `${list.id}-${index}`, 'aria-selected': String(index === active), class: index === active ? 'active' : '', onclick: () => take(index),
    }, target.mark, h('bdi', null, target.label), target.note && h('small', null, target.note)));
    list.replaceChildren(...(rows.length ? rows : [h('div.options-note', null, 'No person or conversation matches')]));
    rows[active]?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', rows[active]?.id ?? '');
  };
  const search = () => {
    const terms = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    results = targets(app).filter(({ label, note }) => terms.every((word) => `${label} ${note}`.toLocaleLowerCase().includes(word)));
    active = 0;
    draw();
  };
  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    const move = { ArrowDown: 1, ArrowUp: results.length - 1 }[event.key];
    if (move !== undefined && results.length) active = (active + move) % results.length;
    else if (event.key === 'Enter') take(active);
    else return;
    event.preventDefault();
    draw();
  });
  root.addEventListener('click', (event) => event.target === root && root.close());
  return {
    root,
    open: () => {
      input.value = '';
      search();
      root.showModal();
    },
  };
}

/**
 * @param {App} app
 * @returns {Target[]}
 */
function targets({ store, go, become }) {
  const people = store.people.filter(({ id }) => id !== store.me).map((person) => ({
    label: store.nameOf(person.id) ?? person.id,
    note: [person.profile?.title, store.waiting(person.id) ? `${store.waiting(person.id)} unread` : ''].filter(Boolean).join(' · '),
    mark: avatar(store, person.id, 'tiny'),
    go: () => become(person.id),
  }));
  const places = destinations(store).map((place) => ({
    label: place.group === 'app' ? `${store.workspace.app.name}: ${place.label}` : place.label,
    note: '',
    mark: place.symbol ? icon(place.symbol) : avatar(store, place.channel?.user ?? '', 'tiny'),
    go: () => go(place.to),
  }));
  return [...places, ...people];
}

const KEYS = [
  ['Ctrl K', 'Go to a person or conversation'],
  ['Alt 1 … 9', 'Switch to the first … ninth person'],
  ['Alt ↑ ↓', 'Go to the previous, next conversation'],
  ['/', 'Write a command'],
  ['↑', 'Recall what you sent before (in an empty message field)'],
  ['Shift Enter', 'Start a new line'],
  ['Alt G', 'What to try'],
  ['Alt S', 'Snippets to paste'],
  ['Alt L', 'API calls of the app'],
  ['Esc', 'Close the open dialog or panel'],
  ['?', 'Show this help'],
];

/** @returns {HTMLDialogElement} */
export function keysDialog() {
  const title = uid('keys');
  const root = /** @type {HTMLDialogElement} */ (h('dialog.keys', { 'aria-labelledby': title },
    h('header', null, h('h2', { id: title }, 'Keys'), iconButton('close', 'Close', () => root.close())),
    h('dl', null, KEYS.map(([keys, what]) => h('div', null, h('dt', null, keys.split(' ').map((key) => h('kbd', null, key))), h('dd', null, what))))));
  root.addEventListener('click', (event) => event.target === root && root.close());
  return root;
}
