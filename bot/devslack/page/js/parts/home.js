/**
 * The app's Home tab.
 * @module
 */

import { drawBlocks } from '../blocks/index.js';
import { h } from '../dom.js';
import { attempt, surfaceOn, trouble } from './surface.js';

/** @typedef {import('./surface.js').App} App */

/**
 * @param {App} app
 * @returns {{root: HTMLElement, draw: () => void, open: () => Promise<void>}}
 */
export function home(app) {
  const { store } = app;
  const blocks = h('div.blocks');
  const empty = h('div.empty');
  const root = h('div.home.scroller', { tabindex: '0', 'aria-label': 'Home' }, h('div.home-inner', null, empty, blocks));
  /** @type {Map<string, any>} */
  let values = new Map();
  let viewId = '';
  let opening = false;
  const draw = () => {
    const view = store.home;
    if (view && view.id !== viewId) {
      viewId = view.id;
      values = new Map();
      blocks.replaceChildren();
    }
    drawBlocks(blocks, view?.blocks ?? [], surfaceOn(app, 'home', () => ({ view_id: view?.id ?? '' }), values, { blocks: () => store.home?.blocks ?? [] }));
    empty.hidden = Boolean(view);
    empty.textContent = opening ? `${store.workspace.app.name} is drawing your Home tab…` : `${store.workspace.app.name} has not drawn a Home tab for you yet.`;
  };
  const open = async () => {
    opening = true;
    draw();
    const answer = await attempt(() => store.act('open_home', {}));
    await store.refreshViews();
    opening = false;
    const problem = trouble(answer, store.workspace.app.name);
    if (problem) app.toast(problem, 'bad');
    draw();
  };
  return { root, draw, open };
}
