/**
 * The list above the composer: commands after `/`, people after `@`, channels after `#`.
 * @module
 */

import { h, uid } from '../dom.js';

/** @typedef {{insert: string, title: string, aside: string, note: string}} Offer */

export class Suggestions {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {(query: {sign: string, word: string, start: boolean}) => Offer[]} offers
   */
  constructor(field, offers) {
    this.field = field;
    this.offers = offers;
    /** @type {Offer[]} */
    this.found = [];
    this.active = 0;
    this.root = h('div.suggestions', { role: 'listbox', id: uid('suggestions'), 'aria-label': 'Suggestions', hidden: true });
    field.setAttribute('aria-controls', this.root.id);
    field.setAttribute('aria-autocomplete', 'list');
    field.addEventListener('blur', () => this.hide());
    this.root.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  /** What stands before the caret, if it asks for something. */
  query() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const match = /(^|\s)([/@#])([^\s/@#]*)$/.exec(before);
    return match && { sign: match[2], word: match[3], start: match.index === 0 && match[1] === '' };
  }

  update() {
    const query = document.activeElement === this.field ? this.query() : null;
    this.found = query ? this.offers(query) : [];
    this.active = 0;
    this.draw();
  }

  hide() {
    this.found = [];
    this.draw();
  }

  draw() {
    this.root.hidden = !this.found.length;
    const rows = this.found.map((offer, index) => h('div.suggestion', {
      role: 'option',
      id: `${this.root.id}-${index}`,
      'aria-selected': String(index === this.active),
      onclick: () => this.take(index),
    }, h('b', null, offer.title), offer.aside && h('span.aside', null, offer.aside), offer.note && h('small', null, offer.note)));
    this.root.replaceChildren(...rows);
    rows[this.active]?.scrollIntoView({ block: 'nearest' });
    if (rows.length) this.field.setAttribute('aria-activedescendant', rows[this.active].id);
    else this.field.removeAttribute('aria-activedescendant');
  }

  /** @param {number} index */
  take(index) {
    const query = this.query();
    if (!query) return;
    const end = this.field.selectionStart;
    this.field.setRangeText(this.found[index].insert, end - query.word.length - 1, end, 'end');
    this.field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was meant for the list
   */
  key(event) {
    if (!this.found.length) return false;
    const { key } = event;
    const move = { ArrowDown: 1, ArrowUp: this.found.length - 1 }[key];
    if (key === 'Enter' && this.complete()) return false;
    if (move !== undefined) {
      this.active = (this.active + move) % this.found.length;
      this.draw();
    } else if (key === 'Tab' || (key === 'Enter' && !event.shiftKey)) this.take(this.active);
    else if (key === 'Escape') this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** The word is already written out, so that Enter means: send. */
  complete() {
    const query = this.query();
    return Boolean(query && this.found[this.active].insert.trim() === query.sign + query.word);
  }
}
