/**
 * Small tools to build and update the page's nodes. Text only ever reaches the page as text nodes; there is no innerHTML.
 * @module
 */

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false | any[]} Child a list holds more of them */

/**
 * Build an element.
 * @param {string} tag a tag, with classes after dots: `div.card.wide`
 * @param {Record<string, any> | null} [props] `on…` are listeners, `data` a record of data attributes, the rest attributes
 *   (true: present, false, null and undefined: absent)
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'data') Object.assign(node.dataset, value);
    else if (key === 'class') node.classList.add(...String(value).split(' ').filter(Boolean));
    else node.setAttribute(key, value === true ? '' : String(value));
  }
  append(node, children);
  return node;
}

/**
 * Append children, flattening lists and leaving out nothing-values.
 * @param {Node} node
 * @param {Child[]} children
 */
export function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * One of the symbols that index.html defines.
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.appendChild(use);
  return svg;
}

/**
 * A button that shows only a symbol.
 * @param {string} symbol
 * @param {string} label what a screen reader says and the tooltip shows
 * @param {(event: Event) => void} press
 * @param {Record<string, any>} [props]
 * @returns {HTMLButtonElement}
 */
export function iconButton(symbol, label, press, props = {}) {
  return /** @type {HTMLButtonElement} */ (
    h('button.icon-button', { type: 'button', 'aria-label': label, title: label, onclick: press, ...props }, icon(symbol))
  );
}

let counter = 0;

/**
 * An id no other element of the page has.
 * @param {string} prefix
 */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * Replace a node without the person losing the field they are in: focus and selection go to the same field of the new one.
 * @param {HTMLElement} before
 * @param {HTMLElement} after
 */
export function replaceKeepingFocus(before, after) {
  const active = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const inside = active && active !== document.body && before.contains(active);
  const field = inside ? active.dataset.field : undefined;
  const selection = inside && typeof active.selectionStart === 'number' ? [active.selectionStart, active.selectionEnd] : null;
  before.replaceWith(after);
  if (!inside) return;
  const same = field ? /** @type {HTMLInputElement | null} */ (after.querySelector(`[data-field="${CSS.escape(field)}"]`)) : null;
  if (same) {
    same.focus({ preventScroll: true });
    if (selection && typeof same.selectionStart === 'number') same.setSelectionRange(selection[0], selection[1]);
  } else {
    after.tabIndex = -1;
    after.focus({ preventScroll: true });
  }
}

/** What each reconciled node was drawn from. @type {WeakMap<Element, string>} */
const signatures = new WeakMap();

/**
 * Make a parent's children agree with a list, touching only what differs, so that focus, scroll and typed text stay.
 * @template T
 * @param {HTMLElement} parent whose children all come from here
 * @param {T[]} items
 * @param {object} how
 * @param {(item: T, index: number) => string} how.key tells the item from its siblings
 * @param {(item: T, index: number) => string} how.sign changes exactly when the item must be drawn again
 * @param {(item: T, index: number) => HTMLElement} how.draw
 * @param {(node: HTMLElement, item: T) => void} [how.changed] told of a node that replaced another
 * @returns {boolean} whether a node was added
 */
export function reconcile(parent, items, { key, sign, draw, changed }) {
  const remaining = new Map(Array.from(parent.children, (node) => [/** @type {HTMLElement} */ (node).dataset.key, /** @type {HTMLElement} */ (node)]));
  /** @type {Element | null} */
  let cursor = parent.firstElementChild;
  let added = false;
  items.forEach((item, index) => {
    const k = key(item, index);
    const s = sign(item, index);
    let node = remaining.get(k);
    remaining.delete(k);
    if (!node) {
      node = fresh(draw(item, index), k, s);
      added = true;
    } else if (signatures.get(node) !== s) {
      const next = fresh(draw(item, index), k, s);
      if (cursor === node) cursor = next;
      replaceKeepingFocus(node, next);
      changed?.(next, item);
      node = next;
    }
    if (cursor === node) cursor = node.nextElementSibling;
    else parent.insertBefore(node, cursor);
  });
  for (const leftover of remaining.values()) leftover.remove();
  return added;
}

/**
 * @param {HTMLElement} node
 * @param {string} key
 * @param {string} signature
 */
function fresh(node, key, signature) {
  node.dataset.key = key;
  signatures.set(node, signature);
  return node;
}

/**
 * Run a function once, a moment after the last of several calls.
 * @param {() => void} run
 * @param {number} wait milliseconds
 */
export function debounce(run, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, wait);
  };
}
