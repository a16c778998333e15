/**
 * The question an element may ask before it acts.
 * @module
 */

import { h, uid } from '../dom.js';
import { textNodes, words } from '../text/mrkdwn.js';

/**
 * @param {any} confirm a confirmation dialog object, or nothing
 * @param {import('../text/mrkdwn.js').Names} names
 * @returns {Promise<boolean>} whether to go on
 */
export function confirmed(confirm, names) {
  if (!confirm) return Promise.resolve(true);
  const title = uid('confirm');
  const style = confirm.style === 'danger' ? 'danger' : 'primary';
  const no = h('button.button', { type: 'submit', value: 'no' }, words(confirm.deny) || 'Cancel');
  const yes = h('button.button', { type: 'submit', value: 'yes', class: style }, words(confirm.confirm) || 'OK');
  const dialog = /** @type {HTMLDialogElement} */ (
    h('dialog.confirm', { 'aria-labelledby': title, role: 'alertdialog' },
      h('form', { method: 'dialog' },
        h('h2', { id: title }, words(confirm.title)),
        h('div.text', null, textNodes(confirm.text, names)),
        h('div.dialog-buttons', null, no, yes)))
  );
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(dialog);
  dialog.showModal();
  (style === 'danger' ? no : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus({ preventScroll: true });
      resolve(dialog.returnValue === 'yes');
    });
  });
}
