/**
 * Check boxes and radio buttons.
 * @module
 */

import { h, uid } from '../dom.js';
import { textNodes } from '../text/mrkdwn.js';
import { commit, controlProps, fieldKey, held } from './place.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../types.js').Option} Option */

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawChoices(place) {
  const { element, block, surface } = place;
  const many = element.type === 'checkboxes';
  /** @type {Option[]} */
  const initial = many ? element.initial_options ?? [] : element.initial_option ? [element.initial_option] : [];
  const before = held(place, many ? initial : initial[0] ?? null);
  const chosen = new Set((many ? before : before ? [before] : []).map((/** @type {Option} */ option) => option.value));
  surface.values.set(fieldKey(block, element), before);
  const name = uid('choice');
  const { data, autofocus, ...named } = controlProps(place);
  const boxes = element.options.map((/** @type {Option} */ option, /** @type {number} */ index) => {
    const box = /** @type {HTMLInputElement} */ (
      h('input', { type: many ? 'checkbox' : 'radio', name, value: option.value, data: { ...data, field: `${data.field}/${index}` } })
    );
    box.checked = chosen.has(option.value);
    return box;
  });
  const changed = async () => {
    const options = element.options.filter((/** @type {Option} */ _, /** @type {number} */ i) => boxes[i].checked);
    const committed = await commit(place, many ? options : options[0] ?? null);
    if (!committed) boxes.forEach((/** @type {HTMLInputElement} */ box, /** @type {number} */ i) => { box.checked = chosen.has(element.options[i].value); });
  };
  return h('div.choices', { ...named, role: many ? 'group' : 'radiogroup', onchange: changed },
    boxes.map((/** @type {HTMLInputElement} */ box, /** @type {number} */ i) => h('label.choice', null, box,
      h('span', null,
        h('span.choice-text', null, textNodes(element.options[i].text, surface.names)),
        element.options[i].description && h('span.choice-description', null, textNodes(element.options[i].description, surface.names))))));
}
