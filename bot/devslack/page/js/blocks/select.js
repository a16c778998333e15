/**
 * Menus to choose one or several options from, with type-ahead: static, external, people and channels.
 * The pattern is the ARIA authoring practices' combobox with a list box.
 * @module
 */

import { debounce, h, icon, reconcile, uid } from '../dom.js';
import { words } from '../text/mrkdwn.js';
import { floating } from './floating.js';
import { drawOptions, matching } from './options.js';
import { commit, controlProps, fieldKey, held } from './place.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../types.js').Option} Option */
/** @typedef {import('../types.js').OptionGroup} OptionGroup */

const PAUSE = 200; // milliseconds without a key before the app is asked for options
const LEAST = 3; // Slack's default for min_query_length

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawSelect(place) {
  return new Select(place).root;
}

class Select {
  /** @param {Place} place */
  constructor(place) {
    this.place = place;
    const { element, block, surface } = place;
    this.many = element.type.startsWith('multi_');
    this.external = element.type.endsWith('external_select');
    const before = held(place, this.initial());
    /** @type {Option[]} */
    this.chosen = this.many ? [...(before ?? [])] : before ? [before] : [];
    surface.values.set(fieldKey(block, element), this.value());
    /** @type {(Option | OptionGroup)[]} */
    this.offered = this.external ? [] : this.known();
    /** @type {{option: Option, node: HTMLElement}[]} */
    this.rows = [];
    this.active = -1;
    this.asked = 0;
    const list = h('div.options', { role: 'listbox', id: uid('list'), 'aria-multiselectable': this.many ? 'true' : undefined, 'aria-label': 'Options' });
    this.list = list;
    this.input = /** @type {HTMLInputElement} */ (
      h('input', {
        ...controlProps(place),
        type: 'text',
        role: 'combobox',
        autocomplete: 'off',
        spellcheck: 'false',
        'aria-autocomplete': 'list',
        'aria-expanded': 'false',
        'aria-controls': list.id,
      })
    );
    this.chips = h('span.chips', { role: 'list' });
    this.box = h('div.field.select-box', { class: this.many ? 'many' : '' }, this.many && this.chips, this.input, icon('down'));
    this.note = h('div.options-note', { role: 'status' });
    this.pop = h('div.floating', null, list, this.note);
    this.root = h('div.select', { class: element.type }, this.box, this.pop);
    this.panel = floating(this.box, this.pop, { stretch: true, closed: () => this.closed() });
    this.search = this.external ? debounce(() => void this.ask(), PAUSE) : () => this.fill();
    this.listen();
    this.show();
  }

  /** What the app chose beforehand. */
  initial() {
    const { element, surface } = this.place;
    if (element.initial_option) return element.initial_option;
    if (element.initial_options) return element.initial_options;
    const kind = element.type.replace('multi_', '').replace('s_select', '');
    const ids = element[`initial_${kind}s`] ?? (element[`initial_${kind}`] ? [element[`initial_${kind}`]] : []);
    const options = surface.directory(element).filter((option) => ids.includes(option.value));
    return this.many ? options : options[0] ?? null;
  }

  /** @returns {(Option | OptionGroup)[]} */
  known() {
    const { element, surface } = this.place;
    return element.option_groups ?? element.options ?? surface.directory(element);
  }

  value() {
    return this.many ? this.chosen : this.chosen[0] ?? null;
  }

  listen() {
    this.box.addEventListener('click', (event) => {
      if (/** @type {Element} */ (event.target).closest('.chip')) return;
      this.input.focus();
      if (this.panel.isOpen()) this.panel.hide();
      else this.open();
    });
    this.input.addEventListener('click', (event) => {
      event.stopPropagation();
      if (!this.panel.isOpen()) this.open();
    });
    this.input.addEventListener('input', () => {
      this.open(false);
      this.search();
    });
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('blur', () => this.panel.hide());
    this.list.addEventListener('pointerdown', (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener('click', (event) => {
      const node = /** @type {Element} */ (event.target).closest('[role=option]');
      const row = this.rows.find((each) => each.node === node);
      if (row) void this.choose(row.option);
    });
  }

  /** @param {boolean} [anew] start with an empty search */
  open(anew = true) {
    if (this.panel.isOpen()) return;
    if (anew && !this.many) this.input.select();
    this.input.setAttribute('aria-expanded', 'true');
    if (!this.external) this.fill();
    else if (anew) void this.ask('');
    this.panel.show();
  }

  closed() {
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
    this.active = -1;
    this.show();
  }

  /** The typed words; what merely shows the choice is no search. */
  query() {
    const text = this.input.value.trim();
    return !this.many && text === words(this.chosen[0]?.text) ? '' : text;
  }

  /** @param {string} [query] */
  async ask(query = this.query()) {
    const { element, block, surface } = this.place;
    const minLength = element.min_query_length ?? LEAST;
    const asked = ++this.asked;
    this.offered = [];
    if (query.length < minLength) return this.fill(`Type at least ${minLength} ${minLength === 1 ? 'letter' : 'letters'}`);
    this.fill('Searching…');
    const options = await surface.suggest(block, element, query);
    if (asked !== this.asked) return; // an answer to older words
    this.offered = options;
    this.fill();
  }

  /** @param {string} [note] */
  fill(note = '') {
    const options = this.external ? this.offered : matching(this.offered, this.query());
    this.rows = drawOptions(this.list, options, this.chosen);
    this.note.textContent = note || (this.rows.length ? '' : 'No options match');
    this.active = -1;
    const current = this.rows.findIndex(({ option }) => !this.many && option.value === this.chosen[0]?.value);
    if (this.rows.length) this.move(Math.max(0, current));
    if (this.panel.isOpen()) this.panel.place();
  }

  /** Draw the same options again, staying where the person is. */
  refill() {
    const place = this.active;
    this.fill();
    if (this.rows.length) this.move(Math.min(Math.max(place, 0), this.rows.length - 1));
  }

  /** @param {number} to */
  move(to) {
    this.rows[this.active]?.node.classList.remove('active');
    this.active = (to + this.rows.length) % this.rows.length;
    const { node } = this.rows[this.active];
    node.classList.add('active');
    node.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', node.id);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { key } = event;
    const isOpen = this.panel.isOpen();
    if (key === 'Escape' && isOpen) this.panel.hide();
    else if ((key === 'ArrowDown' || key === 'ArrowUp') && !isOpen) this.open();
    else if (key === 'ArrowDown' && this.rows.length) this.move(this.active + 1);
    else if (key === 'ArrowUp' && this.rows.length) this.move(this.active - 1);
    else if (key === 'Enter' && isOpen && this.rows[this.active]) void this.choose(this.rows[this.active].option);
    else if (key === 'Enter') this.open();
    else if (key === 'Backspace' && this.many && !this.input.value && this.chosen.length) {
      void this.choose(this.chosen[this.chosen.length - 1]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Option} option */
  async choose(option) {
    const before = this.chosen;
    const has = before.some((each) => each.value === option.value);
    const most = this.place.element.max_selected_items ?? Infinity;
    if (!this.many) this.chosen = [option];
    else if (has) this.chosen = before.filter((each) => each.value !== option.value);
    else if (before.length < most) this.chosen = [...before, option];
    else return this.fill(`You can choose at most ${most}`);
    if (this.many) {
      this.input.value = '';
      this.show();
      if (this.panel.isOpen()) this.refill();
    } else this.panel.hide();
    this.show();
    if (!(await commit(this.place, this.value()))) {
      this.chosen = before;
      this.show();
    }
  }

  /** Show what is chosen. */
  show() {
    const { element } = this.place;
    if (this.many) {
      this.input.value = '';
      this.input.placeholder = this.chosen.length ? '' : words(element.placeholder) || 'Choose options';
      reconcile(this.chips, this.chosen, { key: (option) => option.value, sign: () => '', draw: (option) => this.chip(option) });
    } else {
      this.input.value = words(this.chosen[0]?.text);
      this.input.placeholder = words(element.placeholder) || 'Choose an option';
    }
  }

  /** @param {Option} option */
  chip(option) {
    const remove = () => {
      void this.choose(option);
      this.input.focus();
    };
    const label = words(option.text);
    return h('span.chip', { role: 'listitem' }, h('bdi', null, label),
      h('button', { type: 'button', 'aria-label': `Remove ${label}`, onclick: remove }, icon('close')));
  }
}
