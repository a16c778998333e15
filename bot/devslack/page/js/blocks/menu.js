/**
 * A menu that a button opens, to be walked with the mouse or the keyboard.
 * @module
 */

import { h, uid } from '../dom.js';
import { floating } from './floating.js';

/** @typedef {{text: string, note?: string, take: () => unknown}} Entry */

/**
 * @param {HTMLElement} button that is to open it
 * @param {string} label what a screen reader says of the menu
 * @param {Entry[]} entries
 * @param {'start' | 'end'} [align]
 * @returns {HTMLElement} the menu, to stand beside the button
 */
export function menuOf(button, label, entries, align = 'end') {
  const menu = h('div.floating.menu', { role: 'menu', id: uid('menu'), 'aria-label': label });
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-controls', menu.id);
  const panel = floating(button, menu, { align, closed: () => button.setAttribute('aria-expanded', 'false') });
  const close = () => {
    panel.hide();
    button.focus();
  };
  for (const { text, note, take } of entries) {
    menu.append(h('button', {
      type: 'button',
      role: 'menuitem',
      tabindex: '-1',
      onclick: () => {
        close();
        return take();
      },
    }, text, note && h('small', null, note)));
  }
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const toggle = () => {
    if (panel.isOpen()) return close();
    panel.show();
    button.setAttribute('aria-expanded', 'true');
    items[0]?.focus();
    return undefined;
  };
  button.addEventListener('click', toggle);
  button.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' && !panel.isOpen()) {
      event.preventDefault();
      toggle();
    }
  });
  menu.addEventListener('keydown', (event) => walk(event, items, close));
  return menu;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 * @param {() => void} close
 */
function walk(event, items, close) {
  const index = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const target = { ArrowDown: index + 1, ArrowUp: index - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  else if (target === undefined) return;
  else items[target % items.length].focus();
  if (event.key !== 'Tab') event.preventDefault();
  event.stopPropagation();
}
