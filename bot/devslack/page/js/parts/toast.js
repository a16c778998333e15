/**
 * Short notices at the edge of the page.
 * @module
 */

import { h, icon, iconButton } from '../dom.js';

const STAY = 6000; // milliseconds a mere note stays; what went wrong stays until it is put away

/** @returns {{root: HTMLElement, toast: (text: string, kind?: 'note' | 'bad') => void}} */
export function toaster() {
  const root = h('div.toasts', { 'aria-live': 'polite' });
  root.popover = 'manual'; // the top layer, so that it is seen over a modal
  const hideWhenEmpty = () => root.childElementCount === 0 && root.matches(':popover-open') && root.hidePopover();
  return {
    root,
    toast: (text, kind = 'note') => {
      for (const same of [...root.children]) if (same.textContent?.includes(text)) same.remove();
      const remove = () => {
        node.remove();
        hideWhenEmpty();
      };
      const node = h('div.toast', { class: kind, role: kind === 'bad' ? 'alert' : 'status' },
        icon(kind === 'bad' ? 'warning' : 'check'), h('span', null, text), iconButton('close', 'Dismiss', remove));
      root.append(node);
      if (root.matches(':popover-open')) root.hidePopover();
      root.showPopover();
      if (kind === 'note') setTimeout(remove, STAY);
    },
  };
}
