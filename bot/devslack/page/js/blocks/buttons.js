/**
 * Buttons and overflow menus.
 * @module
 */

import { h, icon, uid } from '../dom.js';
import { textNodes, words } from '../text/mrkdwn.js';
import { confirmed } from './confirm.js';
import { floating } from './floating.js';
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
  const menu = h('div.floating.menu', { role: 'menu', id: uid('menu'), 'aria-label': 'More actions' });
  const button = h('button.icon-button.outlined', {
    ...controlProps(place),
    type: 'button',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    'aria-controls': menu.id,
    'aria-label': element.accessibility_label ?? 'More actions',
  }, icon('more'));
  const panel = floating(button, menu, { align: 'end', closed: () => button.setAttribute('aria-expanded', 'false') });
  const close = () => {
    panel.hide();
    button.focus();
  };
  for (const option of element.options) {
    menu.append(h('button', {
      type: 'button',
      role: 'menuitem',
      tabindex: '-1',
      onclick: () => {
        close();
        return busily(button, async () => {
          if (!(await confirmed(element.confirm, surface.names))) return;
          if (/^https?:\/\//i.test(option.url ?? '')) open(option.url, '_blank', 'noopener,noreferrer');
          await surface.act(block, element, option);
        });
      },
    }, words(option.text), option.description && h('small', null, words(option.description))));
  }
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const toggle = () => {
    if (panel.isOpen()) return close();
    panel.show();
    button.setAttribute('aria-expanded', 'true');
    items[0]?.focus();
  };
  button.addEventListener('click', toggle);
  button.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' && !panel.isOpen()) {
      event.preventDefault();
      toggle();
    }
  });
  menu.addEventListener('keydown', (event) => walkMenu(event, items, close));
  return h('div.overflow', null, button, menu);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 * @param {() => void} close
 */
function walkMenu(event, items, close) {
  const index = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const target = { ArrowDown: index + 1, ArrowUp: index - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  else if (target === undefined) return;
  else items[target % items.length].focus();
  if (event.key !== 'Tab') event.preventDefault();
  event.stopPropagation();
}
