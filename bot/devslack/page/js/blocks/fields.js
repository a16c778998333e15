/**
 * Fields to type in: text, numbers, addresses, dates and times.
 * @module
 */

import { debounce, h } from '../dom.js';
import { words } from '../text/mrkdwn.js';
import { commit, controlProps, fieldKey, held } from './place.js';

/** @typedef {import('./place.js').Place} Place */

const PAUSE = 300; // milliseconds without a key before a changed text is reported

const TYPES = /** @type {Record<string, string>} */ ({
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
});

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawText(place) {
  const { element, block, surface } = place;
  const multiline = Boolean(element.multiline);
  const number = element.type === 'number_input';
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (
    h(multiline ? 'textarea.field' : 'input.field', {
      ...controlProps(place),
      type: multiline ? undefined : TYPES[element.type] ?? 'text',
      inputmode: number ? (element.is_decimal_allowed ? 'decimal' : 'numeric') : undefined,
      step: number ? (element.is_decimal_allowed ? 'any' : '1') : undefined,
      min: element.min_value,
      max: element.max_value,
      rows: multiline ? 4 : undefined,
      placeholder: words(element.placeholder),
      autocomplete: 'off',
      spellcheck: multiline ? undefined : 'false',
    })
  );
  field.value = held(place, element.initial_value ?? '') ?? '';
  surface.values.set(fieldKey(block, element), field.value);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const report = debounce(() => void commit(place, field.value, true), PAUSE);
  const counter = element.max_length && h('span.counter', { 'aria-hidden': 'true' });
  const count = () => {
    field.classList.toggle('encoded', /^\s*-----BEGIN /.test(field.value)); // PEM reads best in even columns
    if (!counter) return;
    counter.textContent = `${field.value.length.toLocaleString()} / ${element.max_length.toLocaleString()}`;
    counter.classList.toggle('over', field.value.length > element.max_length);
  };
  field.addEventListener('input', () => {
    surface.values.set(fieldKey(block, element), field.value);
    count();
    if (block.type === 'input' && block.dispatch_action && triggers.includes('on_character_entered')) report();
  });
  field.addEventListener('keydown', (event) => {
    const key = /** @type {KeyboardEvent} */ (event);
    if (key.key !== 'Enter' || multiline || !triggers.includes('on_enter_pressed')) return;
    if (block.type === 'input' && !block.dispatch_action) return;
    key.preventDefault(); // Enter belongs to the app here, not to the form
    void commit(place, field.value, true);
  });
  count();
  return h('div.typed', null, field, counter);
}

/**
 * Date, time, and both.
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawMoment(place) {
  const { element, block, surface } = place;
  const kinds = /** @type {Record<string, [string, any]>} */ ({
    datepicker: ['date', element.initial_date],
    timepicker: ['time', element.initial_time],
    datetimepicker: ['datetime-local', element.initial_date_time],
  });
  const [type, initial] = kinds[element.type];
  const field = /** @type {HTMLInputElement} */ (h('input.field.moment', { ...controlProps(place), type }));
  const hasTime = type === 'datetime-local';
  const value = held(place, initial ?? null);
  field.value = hasTime && value ? localMinutes(value) : value ?? '';
  surface.values.set(fieldKey(block, element), value);
  const before = field.value;
  field.addEventListener('change', () => {
    const entered = hasTime && field.value ? Math.floor(new Date(field.value).getTime() / 1000) : field.value || null;
    void commit(place, entered).then((committed) => {
      if (!committed) field.value = before;
    });
  });
  return field;
}

/**
 * @param {number} seconds since 1970
 * @returns {string} what a local date and time field holds
 */
function localMinutes(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
