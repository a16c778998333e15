/**
 * For the curious: every call the app made to the Web API, newest first.
 * @module
 */

import { h, reconcile } from '../dom.js';

const SHOWN = 200;

/** @typedef {import('../calls.js').Call} Call */

/**
 * @param {import('../calls.js').Calls} calls
 * @returns {{root: HTMLElement, draw: () => void}}
 */
export function callLog(calls) {
  const filter = /** @type {HTMLInputElement} */ (h('input.field', { type: 'search', placeholder: 'Filter by method or content', 'aria-label': 'Filter' }));
  const list = h('ol.calls');
  const empty = h('p.quiet-text', null);
  const root = h('div.log', null, filter, empty, list);
  const draw = () => {
    const query = filter.value.trim().toLocaleLowerCase();
    const shownCalls = [...calls.list].reverse().filter((call) => !query || JSON.stringify(call).toLocaleLowerCase().includes(query)).slice(0, SHOWN);
    empty.hidden = shownCalls.length > 0;
    empty.textContent = query ? 'No call matches the filter.' : 'The app has made no calls yet.';
    reconcile(list, shownCalls, { key: (call) => String(call.n), sign: () => '', draw: row });
  };
  filter.addEventListener('input', draw);
  calls.addEventListener('called', () => root.isConnected && draw());
  return { root, draw };
}

/** @param {Call} call */
function row(call) {
  const ok = call.answer?.ok !== false;
  const when = new Date(call.at * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const details = h('details', null,
    h('summary', null,
      h('span.method', null, call.method),
      h('span.outcome', { class: ok ? 'ok' : 'bad' }, ok ? 'ok' : call.answer?.error ?? `HTTP ${call.status}`),
      h('span.when', null, when, call.ms !== undefined && ` · ${Math.max(1, Math.round(call.ms))} ms`)));
  details.addEventListener('toggle', () => {
    if (details.childElementCount > 1) return; // long ones are written out only when somebody opens them
    details.append(h('pre', { tabindex: '0', 'aria-label': 'Arguments' }, pretty(call.args)), h('pre', { tabindex: '0', 'aria-label': 'Answer' }, pretty(call.answer)));
  });
  return h('li', null, details);
}

/**
 * JSON to read: what the SDK packs as JSON in text is unpacked.
 * @param {any} value
 */
function pretty(value) {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner !== 'string' || !/^[[{]/.test(inner)) return inner;
    try {
      return JSON.parse(inner);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return inner; // text that merely begins like JSON
    }
  }, 2);
}
