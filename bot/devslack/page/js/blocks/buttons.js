/**
 * Buttons and overflow menus.
 * @module
 */

import { h, icon } from '../dom.js';
import { textNodes, words } from '../text/mrkdwn.js';
import { confirmed } from './confirm.js';
import { menuOf } from './menu.js';
import { controlProps } from './place.js';

/** @typedef {import('./place.js').Place} Place */

/**
 * Let a button work once at a time, showing that it does.
 * @param {HTMLElement} button
 * @param {() => Promise<void>} work
 */
async function busily(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawButton(place) {
  const { element, block, surface } = place;
  const button = h('button.button', {
    ...controlProps(place),
    type: 'button',
    class: element.style ?? '',
    'aria-label': element.accessibility_label,
    onclick: () => busily(button, async () => {
      if (!(await confirmed(element.confirm, surface.names))) return;
      if (/^https?:\/\//i.test(element.url ?? '')) open(element.url, '_blank', 'noopener,noreferrer');
      await surface.act(block, element, element.value);
    }),
  }, h('bdi', null, textNodes(element.text, surface.names)), element.url && icon('out'));
  return button;
}

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawOverflow(place) {
  const { element, block, surface } = place;
  const button = h('button.icon-button.outlined', {
    ...controlProps(place),
    type: 'button',
    'aria-label': element.accessibility_label ?? 'More actions',
  }, icon('more'));
  const menu = menuOf(button, 'More actions', element.options.map((/** @type {any} */ option) => ({
    text: words(option.text),
    note: option.description && words(option.description),
    take: () => busily(button, async () => {
      if (!(await confirmed(element.confirm, surface.names))) return;
      if (/^https?:\/\//i.test(option.url ?? '')) open(option.url, '_blank', 'noopener,noreferrer');
      await surface.act(block, element, option);
    }),
  })));
  return h('div.overflow', null, button, menu);
}
