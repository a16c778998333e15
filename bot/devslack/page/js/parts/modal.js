/**
 * The app's modals: drawn over the page, one view of the stack at a time, with what was typed kept for each.
 * @module
 */

import { drawBlocks } from '../blocks/index.js';
import { h, icon, iconButton, uid } from '../dom.js';
import { words } from '../text/mrkdwn.js';
import { avatar } from './avatar.js';
import { attempt, entered, surfaceOn, trouble } from './surface.js';

/** @typedef {import('./surface.js').App} App */
/** @typedef {import('../types.js').View} View */

export class Modal {
  /**
   * @param {App} app
   * @param {HTMLElement} aside what stands beside the form, for things to paste
   */
  constructor(app, aside) {
    this.app = app;
    /** @type {View | null} */
    this.view = null;
    /** @type {Map<string, Map<string, any>>} typed values by view */
    this.values = new Map();
    /** @type {Map<string, string>} */
    this.errors = new Map();
    this.working = false;
    this.aside = aside;
    this.title = h('h2', { id: uid('modal-title') });
    this.mark = h('span.modal-mark');
    this.back = iconButton('back', 'Back', () => void this.close());
    this.shut = iconButton('close', 'Close', () => void this.close(true));
    this.banner = h('div.banner', { role: 'alert', hidden: true });
    this.content = h('div.modal-content', { tabindex: '-1' });
    this.no = h('button.button', { type: 'button', onclick: () => void this.close() });
    this.yes = h('button.button.primary', { type: 'submit' });
    this.progress = h('span.modal-progress', { role: 'status' });
    this.form = h('form.modal-card', { novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.submit(event) },
      h('header', null, this.back, this.mark, this.title, this.shut),
      this.banner, this.content,
      h('footer', null, this.progress, this.no, this.yes));
    this.root = /** @type {HTMLDialogElement} */ (h('dialog.stage', { 'aria-labelledby': this.title.id }, h('div.stage-inner', null, this.form, aside)));
    this.root.addEventListener('cancel', (event) => {
      event.preventDefault();
      if (event.target === this.root) void this.close();
    });
    this.root.addEventListener('close', () => this.view && this.root.showModal()); // the browser may close it by itself; the app decides
  }

  /** Draw what the server says is open. */
  draw() {
    const { modal } = this.app.store;
    if (!modal) return this.vanish();
    const other = modal.id !== this.view?.id;
    if (!other && modal.hash === this.view?.hash) return undefined;
    this.view = modal;
    this.errors.clear();
    this.banner.hidden = true;
    this.frame(modal);
    if (other) {
      this.work(false); // whatever the person waits for belongs to the view before
      this.content.replaceChildren();
    }
    this.redraw();
    if (!this.root.open) this.root.showModal();
    if (other) {
      this.content.scrollTop = 0;
      this.focusFirst();
    }
    return undefined;
  }

  vanish() {
    if (!this.view) return;
    this.view = null;
    this.values.clear();
    this.work(false);
    this.content.replaceChildren();
    this.root.close();
  }

  /** @param {View} view */
  frame(view) {
    const { store } = this.app;
    this.title.textContent = words(view.title) || store.workspace.app.name;
    this.mark.replaceChildren(avatar(store, store.workspace.app.bot_user_id, 'small'));
    this.back.hidden = !view.previous_view_id;
    this.yes.hidden = !view.submit;
    this.yes.textContent = words(view.submit);
    this.yes.toggleAttribute('disabled', this.working || Boolean(view.submit_disabled));
    const typed = view.blocks.some(({ type, element }) => type === 'input' && element.type === 'plain_text_input');
    this.aside.hidden = !typed || store.workspace.snippets.length === 0; // only where there is something to paste into
    this.no.textContent = words(view.close) || (view.submit ? 'Cancel' : 'Close');
  }

  /** Draw the blocks of the view as they are now. */
  redraw() {
    const { view } = this;
    if (!view) return;
    const values = this.values.get(view.id) ?? new Map();
    this.values.set(view.id, values);
    const surface = surfaceOn(this.app, 'modal', () => ({ view_id: view.id }), values, { errors: this.errors, failed: (text) => this.complain(text), blocks: () => this.view?.blocks ?? [] });
    drawBlocks(this.content, view.blocks, surface);
  }

  focusFirst() {
    const first = /** @type {HTMLElement | null} */ (
      this.content.querySelector('[autofocus]') ?? this.content.querySelector('input, textarea, button, select') ?? (this.yes.hidden ? this.no : this.yes)
    );
    first?.focus({ preventScroll: true });
  }

  /** @param {string} text */
  complain(text) {
    this.banner.hidden = !text;
    this.banner.replaceChildren(icon('warning'), h('span', null, text));
  }

  /** @param {boolean} working */
  work(working) {
    this.working = working;
    this.form.setAttribute('aria-busy', String(working));
    this.content.inert = working;
    for (const button of [this.no, this.back, this.shut]) button.toggleAttribute('disabled', working);
    this.yes.toggleAttribute('disabled', working || Boolean(this.view?.submit_disabled));
    this.progress.replaceChildren(...(working ? [h('span.spinner'), 'Working…'] : []));
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const { view, app } = this;
    if (!view || this.working || !view.submit || view.submit_disabled) return;
    const field = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.field;
    this.complain('');
    this.work(true);
    const values = entered(view.blocks, this.values.get(view.id) ?? new Map());
    const answer = await attempt(() => app.store.act('view_submit', { view_id: view.id, values }));
    await app.store.refreshViews();
    if (this.view?.id !== view.id) return; // the app went on to another view, or closed this one
    this.work(false);
    const wrong = answer.errors ?? (answer.answer?.response_action === 'errors' ? answer.answer.errors : null);
    if (wrong) this.showErrors(wrong);
    else {
      this.complain(trouble(answer, app.store.workspace.app.name) && `${trouble(answer, app.store.workspace.app.name)} What you entered is still here.`);
      this.content.querySelector(`[data-field="${CSS.escape(field ?? '')}"]`)?.dispatchEvent(new Event('focus'));
      /** @type {HTMLElement} */ (this.yes).focus({ preventScroll: true });
    }
  }

  /** @param {Record<string, string>} wrong by block id */
  showErrors(wrong) {
    const blocks = new Set(this.view?.blocks.map((block) => block.block_id));
    this.errors.clear();
    for (const [block, text] of Object.entries(wrong)) this.errors.set(block, text);
    this.complain(Object.entries(wrong).filter(([block]) => !blocks.has(block)).map(([, text]) => text).join(' '));
    this.redraw();
    const first = /** @type {HTMLElement | null} */ (this.content.querySelector('[aria-invalid=true]'));
    (first?.matches('[role=group], [role=radiogroup]') ? first.querySelector('input') : first)?.focus();
  }

  /** @param {boolean} [all] the whole stack, not only the view on top */
  async close(all = false) {
    const { view, app } = this;
    if (!view || this.working) return;
    this.work(true);
    const answer = await attempt(() => app.store.act('view_close', { view_id: view.id, clear: all }));
    await app.store.refreshViews();
    if (this.view?.id !== view.id) return;
    this.work(false);
    this.complain(trouble(answer, app.store.workspace.app.name));
  }
}
