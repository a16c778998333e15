/**
 * The gallery: messages and views that an app's program drew, group by group. Nothing can be pressed here but what finds one.
 * @module
 */

import { get } from './api.js';
import { drawBlocks } from './blocks/index.js';
import { h, icon } from './dom.js';
import { avatar } from './parts/avatar.js';
import { themeButton } from './parts/theme.js';
import { mrkdwn, words } from './text/mrkdwn.js';

/**
 * @typedef {object} Exhibit
 * @property {string} group
 * @property {string} name
 * @property {'message' | 'view'} kind
 * @property {string} [text]
 * @property {any[]} [blocks]
 * @property {any} [view]
 * @property {string[]} faults
 */

export class Gallery {
  /** @param {import('./store.js').Store} store with everything loaded */
  constructor(store) {
    this.store = store;
    /** @type {Exhibit[]} */
    this.exhibits = [];
    this.search = /** @type {HTMLInputElement} */ (h('input.field', { type: 'search', placeholder: 'Find', 'aria-label': 'Find exhibits', oninput: () => this.list() }));
    this.groups = h('nav.gallery-groups', { 'aria-label': 'Groups' });
    this.title = h('h1');
    this.walls = h('div.gallery-walls');
    this.theme = h('button.icon-button', { type: 'button' });
  }

  async begin() {
    themeButton(this.theme);
    document.title = `Gallery · ${this.store.workspace.app.name}`;
    document.body.classList.add('gallery');
    document.body.append(
      h('div.gallery-side', null, h('header', null, h('b', null, 'Gallery'), this.theme), this.search, this.groups),
      h('main', { id: 'main', tabindex: '-1' }, this.title, this.walls));
    this.walls.replaceChildren(h('p.fine', null, 'Drawing…'));
    const answer = await get('gallery');
    this.exhibits = answer.exhibits ?? [];
    addEventListener('hashchange', () => {
      this.list();
      /** @type {HTMLElement} */ (this.walls.parentElement).scrollTop = 0;
    });
    this.list();
  }

  /** The groups that have what is searched for, and the exhibits of the one in the address. */
  list() {
    const terms = this.search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const results = this.exhibits.filter(({ group, name }) => terms.every((word) => `${group} ${name}`.toLocaleLowerCase().includes(word)));
    /** @type {Map<string, Exhibit[]>} */
    const groups = new Map();
    for (const exhibit of results) groups.set(exhibit.group, [...(groups.get(exhibit.group) ?? []), exhibit]);
    const address = decodeURIComponent(location.hash.slice(1));
    const shown = groups.has(address) ? address : groups.keys().next().value ?? '';
    this.groups.replaceChildren(...[...groups].map(([group, members]) => h('a', {
      href: `#${encodeURIComponent(group)}`, 'aria-current': group === shown ? 'page' : undefined,
    }, h('span', null, group), members.some(({ faults }) => faults.length) && icon('warning'), h('small', null, String(members.length)))));
    this.groups.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.title.textContent = shown || 'No exhibit matches the search';
    this.walls.replaceChildren(...(groups.get(shown) ?? []).map((exhibit) => this.hang(exhibit)));
    if (!this.exhibits.length) this.walls.replaceChildren(h('p', null, 'The gallery is empty. Start devslack with --gallery FILE to show messages and views here.'));
  }

  /**
   * @param {Exhibit} exhibit
   * @returns {HTMLElement}
   */
  hang(exhibit) {
    return h('section.exhibit', { 'aria-label': exhibit.name },
      h('h2', null, exhibit.name, h('span.tag', null, exhibit.kind === 'view' ? exhibit.view.type : 'message')),
      exhibit.faults.length > 0 && h('ul.exhibit-faults', null, exhibit.faults.map((fault) => h('li', null, icon('warning'), fault))),
      exhibit.kind === 'view' ? this.view(exhibit.view) : this.message(exhibit));
  }

  /** @param {Exhibit} exhibit */
  message(exhibit) {
    const { store } = this;
    return h('div', null,
      h('article.message', null, h('div.gutter', null, avatar(store, store.workspace.app.bot_user_id)),
        h('div.message-main', null, h('header.byline', null, h('bdi.author', null, store.workspace.app.name), h('span.tag', null, 'App')),
          h('div.body', null, this.blocks(exhibit.blocks ?? [], 'message')))),
      h('p.exhibit-text', null, h('b', null, 'Notification '), mrkdwn(exhibit.text ?? '', store.names)));
  }

  /** @param {any} view */
  view(view) {
    const content = this.blocks(view.blocks, view.type === 'home' ? 'home' : 'modal');
    if (view.type === 'home') return h('div.exhibit-home', null, content);
    const button = (/** @type {string} */ label, kind = '') => h('button.button', { type: 'button', class: kind }, label);
    return h('div.modal-card', null,
      h('header', null, avatar(this.store, this.store.workspace.app.bot_user_id, 'small'), h('h2', null, words(view.title))),
      h('div.modal-content', null, content),
      h('footer', null, button(words(view.close) || 'Close'), view.submit && button(words(view.submit), 'primary')));
  }

  /**
   * @param {any[]} blocks
   * @param {'message' | 'modal' | 'home'} kind
   */
  blocks(blocks, kind) {
    const holder = h('div.blocks');
    drawBlocks(holder, blocks, {
      kind,
      names: this.store.names,
      values: new Map(),
      errors: new Map(),
      act: async () => {},
      input: async () => {},
      suggest: async () => [],
      upload: async () => 'Files cannot be uploaded in the gallery.',
      directory: () => [],
    });
    for (const field of holder.querySelectorAll('[autofocus]')) field.removeAttribute('autofocus'); // there are many, and none is opened
    return holder;
  }
}
