/**
 * The text field that last had the focus, and the announcement of new messages to screen readers.
 * @module
 */

/** The text field that last had the focus, for things that are put into it by a button. */
export class LastField {
  constructor() {
    /** @type {HTMLTextAreaElement | HTMLInputElement | null} */
    this.field = null;
    document.addEventListener('focusin', ({ target }) => {
      const isText = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && /^(text|email|url)$/.test(target.type));
      if (isText && target.getAttribute('role') !== 'combobox') this.field = target;
    });
  }

  /**
   * @param {string} text replaces what is selected
   * @param {HTMLElement} inside what must hold the field; its first text area is taken when the last field is elsewhere
   * @returns {boolean} whether there was a field
   */
  insert(text, inside) {
    const last = this.field;
    const drawnAnew = last?.dataset.field && inside.querySelector(`[data-field="${CSS.escape(last.dataset.field)}"]`);
    const field = /** @type {HTMLTextAreaElement | null} */ ((last && inside.contains(last) && last) || drawnAnew || inside.querySelector('textarea'));
    if (!field) return false;
    field.focus();
    field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return true;
  }
}

/**
 * Announce new messages of the open conversation to screen readers.
 * @param {import('../store.js').Store} store
 * @param {HTMLElement} spoken a live region
 */
export function announcer(store, spoken) {
  let place = '';
  let lastTs = '';
  return () => {
    const current = `${store.me} ${store.route.channel}`;
    const message = store.list(store.route.channel).at(-1);
    const isNew = current === place && message && message.ts > lastTs && message.user !== store.me;
    if (isNew) spoken.textContent = `${store.nameOf(message.user ?? '') ?? store.workspace.app.name}: ${message.text ?? ''}`;
    lastTs = message?.ts ?? '';
    place = current;
  };
}
