/**
 * The options of a menu: finding and drawing them.
 * @module
 */

import { h, uid } from '../dom.js';
import { words } from '../text/mrkdwn.js';

/** @typedef {import('../types.js').Option} Option */
/** @typedef {import('../types.js').OptionGroup} OptionGroup */

/**
 * The options whose words hold every word of the query.
 * @param {(Option | OptionGroup)[]} offered
 * @param {string} query
 * @returns {(Option | OptionGroup)[]}
 */
export function matching(offered, query) {
  const terms = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!terms.length) return offered;
  const fits = (/** @type {Option} */ option) => {
    const text = `${words(option.text)} ${words(option.description)}`.toLocaleLowerCase();
    return terms.every((word) => text.includes(word));
  };
  return offered
    .map((entry) => ('options' in entry ? { ...entry, options: entry.options.filter(fits) } : entry))
    .filter((entry) => ('options' in entry ? entry.options.length > 0 : fits(entry)));
}

/**
 * @param {HTMLElement} list whose content is replaced
 * @param {(Option | OptionGroup)[]} offered
 * @param {Option[]} chosen
 * @returns {{option: Option, node: HTMLElement}[]} in the order shown
 */
export function drawOptions(list, offered, chosen) {
  /** @type {{option: Option, node: HTMLElement}[]} */
  const rows = [];
  const draw = (/** @type {Option} */ option) => {
    const selected = chosen.some((each) => each.value === option.value);
    const node = h('div.option', { role: 'option', id: uid('option'), 'aria-selected': String(selected), data: { value: option.value } },
      h('bdi', null, words(option.text)),
      option.description && h('small', null, words(option.description)));
    rows.push({ option, node });
    return node;
  };
  list.replaceChildren(...offered.map((each) => {
    if (!('options' in each)) return draw(each);
    const label = h('div.option-group', { id: uid('group') }, words(each.label));
    return h('div', { role: 'group', 'aria-labelledby': label.id }, label, each.options.map(draw));
  }));
  return rows;
}
