/**
 * What to try, and snippets to paste.
 * @module
 */

import { h, icon } from '../dom.js';
import { mrkdwn } from '../text/mrkdwn.js';

/** @typedef {import('./surface.js').App} App */

/**
 * What the workspace says to whoever comes first.
 * @param {App} app
 * @returns {HTMLElement}
 */
export function welcome(app) {
  const entries = app.store.workspace.welcome ?? [];
  const isStep = (/** @type {string} */ entry) => /^(\d+[.)]\s|\*[^*\n]+\*)/.test(entry);
  /** @type {HTMLElement[]} */
  const nodes = [];
  for (const entry of entries) {
    const last = nodes[nodes.length - 1];
    if (!isStep(entry)) nodes.push(h('p', null, runnable(app, entry)));
    else {
      const list = last?.matches('ol') ? last : h('ol.steps');
      list.append(h('li', null, runnable(app, entry.replace(/^\d+[.)]\s+/, ''))));
      if (list !== last) nodes.push(list);
    }
  }
  return h('div.guide.welcome', null, nodes);
}

/**
 * mrkdwn in which a slash command can be pressed, to stand in the composer, and a person's first name, to be them.
 * @param {App} app
 * @param {string} text
 * @returns {Node[]}
 */
function runnable(app, text) {
  const holder = h('div', null, mrkdwn(text, app.store.names));
  namePeople(app, holder);
  for (const code of holder.querySelectorAll('code')) {
    const command = code.textContent ?? '';
    if (!command.startsWith('/')) continue;
    code.replaceWith(h('button.run', { type: 'button', title: 'Insert into the message field', onclick: () => app.compose(command) }, command));
  }
  return [...holder.childNodes];
}

/**
 * Make buttons of the people's first names.
 * @param {App} app
 * @param {HTMLElement} holder
 */
function namePeople({ store, become }, holder) {
  const people = new Map(store.people.map(({ id }) => [(store.nameOf(id) ?? id).split(' ')[0], id]));
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  const texts = /** @type {Text[]} */ ([]);
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts.filter((node) => !node.parentElement?.closest('code, a'))) {
    const parts = text.data.split(/(\p{L}+)/u).map((word) => {
      const id = people.get(word);
      return id ? h('button.who', { type: 'button', title: `Switch to ${store.nameOf(id)}`, onclick: () => become(id) }, word) : document.createTextNode(word);
    });
    text.replaceWith(...parts);
  }
}

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function snippetCards(app) {
  return h('ul.snippets', null, app.store.workspace.snippets.map(({ label, text }) => {
    const copied = async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return app.toast('This browser does not let the page copy. Select the text and copy it, or use Insert.', 'bad');
      }
      copy.lastChild?.replaceWith('Copied');
      setTimeout(() => copy.lastChild?.replaceWith('Copy'), 1500);
      return undefined;
    };
    const copy = h('button.mini', { type: 'button', 'aria-label': `Copy ${label}`, onclick: copied }, icon('copy'), 'Copy');
    const insert = h('button.mini', {
      type: 'button',
      'aria-label': `Insert ${label} where you were typing`,
      onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), // the field keeps the focus
      onclick: () => app.insert(text),
    }, icon('insert'), 'Insert');
    return h('li.snippet', null, h('b', null, label), h('pre', { tabindex: '0', 'aria-label': label }, text), h('div.snippet-foot', null, copy, insert));
  }));
}
