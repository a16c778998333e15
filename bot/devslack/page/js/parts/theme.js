/**
 * Light or dark: as the system has it, or as the person chose.
 * @module
 */

import { icon } from '../dom.js';
import { recall, remember } from '../memory.js';

const NEXT = /** @type {Record<string, string>} */ ({ system: 'light', light: 'dark', dark: 'system' });
const SYMBOL = /** @type {Record<string, string>} */ ({ system: 'auto', light: 'sun', dark: 'moon' });

/** Apply what was chosen before. */
export function applyTheme() {
  const theme = recall('theme', 'system');
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  return theme;
}

/** @param {HTMLElement} button shows and changes the theme */
export function themeButton(button) {
  const show = () => {
    const theme = applyTheme();
    const label = `Appearance: ${theme === 'system' ? 'same as the system' : theme}`;
    button.replaceChildren(icon(SYMBOL[theme]));
    button.title = label;
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('click', () => {
    remember('theme', NEXT[recall('theme', 'system')]);
    show();
  });
  show();
}
