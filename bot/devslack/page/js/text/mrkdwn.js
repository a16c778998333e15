/**
 * Slack's mrkdwn as nodes. Whatever a person typed arrives here with `&`, `<` and `>` escaped, and everything becomes text
 * nodes, so nothing in it can act.
 * @module
 */

import { h } from '../dom.js';
import { formatDate, inFull } from './dates.js';
import { emoji } from './emoji.js';

/**
 * Who and what the ids in a text stand for.
 * @typedef {object} Names
 * @property {(id: string) => string | undefined} user
 * @property {(id: string) => string | undefined} channel
 * @property {(id: string) => string | undefined} usergroup
 * @property {(id: string) => boolean} isMe a person, or a group the person is in
 */

/** @typedef {import('../types.js').TextObject} TextObject */

const ENTITY = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * Undo Slack's escaping of its three control characters; nothing else is an entity to Slack.
 * @param {string} text
 */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITY[/** @type {keyof typeof ENTITY} */ (entity)]);
}

/**
 * A text object of Block Kit.
 * @param {TextObject | string | undefined} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function textNodes(text, names) {
  if (!text) return [];
  if (typeof text === 'string') return [document.createTextNode(unescape(text))];
  if (text.type === 'mrkdwn') return mrkdwn(text.text, names, { links: text.verbatim !== true });
  return [document.createTextNode(withEmoji(unescape(text.text), text.emoji !== false))];
}

/**
 * The words of a text object alone, for labels.
 * @param {TextObject | undefined} text
 */
export function words(text) {
  return text ? withEmoji(unescape(text.text), text.emoji !== false) : '';
}

/**
 * @param {string} text
 * @param {boolean} wanted
 */
function withEmoji(text, wanted) {
  return wanted ? text.replace(/:([a-z0-9_+'-]+):/g, (code, name) => emoji(name) ?? code) : text;
}

/**
 * @param {string} text
 * @param {Names} names
 * @param {{links?: boolean}} [how] `links`: make links of bare addresses
 * @returns {Node[]}
 */
export function mrkdwn(text, names, { links = true } = {}) {
  /** @type {Node[]} */
  const nodes = [];
  text.split(/```([\s\S]+?)```/).forEach((part, index) => {
    if (index % 2) nodes.push(h('pre', null, h('code', null, plain(part.replace(/^\n|\n$/g, '')))));
    else if (part) nodes.push(...lines(trimAround(part, index), names, links));
  });
  return nodes;
}

/**
 * A code block brings its own line breaks: the ones next to it would double them.
 * @param {string} part
 * @param {number} index
 */
function trimAround(part, index) {
  return index > 0 ? part.replace(/^\n/, '') : part;
}

/**
 * @param {string} text
 * @param {Names} names
 * @param {boolean} links
 * @returns {Node[]}
 */
function lines(text, names, links) {
  /** @type {Node[]} */
  const nodes = [];
  /** @type {{quote: boolean, lines: string[]} | null} */
  let run = null;
  const flush = () => {
    if (!run) return;
    const inner = inline(run.lines.join('\n'), names, links);
    if (run.quote) nodes.push(h('blockquote', null, inner));
    else nodes.push(...inner);
    run = null;
  };
  let quoteToEnd = false;
  for (const line of text.split('\n')) {
    if (!quoteToEnd && /^(&gt;){3}/.test(line)) quoteToEnd = true;
    const match = /^(?:&gt;){1,3} ?(.*)$/s.exec(line);
    const quote = quoteToEnd || Boolean(match);
    if (run && run.quote !== quote) flush();
    run ??= { quote, lines: [] };
    run.lines.push(match ? match[1] : line);
  }
  flush();
  return nodes;
}

const URL_START = /^https?:\/\/[^\s<>|"']*[^\s<>|"'.,;:!?)\]}]/;
const MARKS = /** @type {Record<string, string>} */ ({ '*': 'strong', _: 'em', '~': 's' });

/**
 * One run of text without blocks.
 * @param {string} text
 * @param {Names} names
 * @param {boolean} links
 * @returns {Node[]}
 */
function inline(text, names, links) {
  /** @type {Node[]} */
  const nodes = [];
  let pending = '';
  const push = (/** @type {Node} */ node, /** @type {number} */ length) => {
    if (pending) nodes.push(document.createTextNode(plain(pending)));
    pending = '';
    nodes.push(node);
    at += length;
  };
  let at = 0;
  while (at < text.length) {
    const remaining = text.slice(at);
    const token = special(text, at, remaining, names, links);
    if (token) push(token.node, token.length);
    else {
      pending += text[at];
      at += 1;
    }
  }
  if (pending) nodes.push(document.createTextNode(plain(pending)));
  return nodes;
}

/**
 * What starts at this place, if it is more than a letter.
 * @param {string} text
 * @param {number} at
 * @param {string} rest the text from there
 * @param {Names} names
 * @param {boolean} links
 * @returns {{node: Node, length: number} | null}
 */
function special(text, at, rest, names, links) {
  const letter = text[at];
  if (letter === '`') {
    const match = /^`([^`\n]+)`/.exec(rest);
    if (match) return { node: h('code', null, plain(match[1])), length: match[0].length };
  } else if (letter === '<') {
    const match = /^<([^<>]+)>/.exec(rest);
    if (match) return { node: entity(match[1], names), length: match[0].length };
  } else if (letter === ':') {
    const match = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(rest);
    const character = match && emoji(match[1]);
    if (match && character) return { node: h('span.emoji', { role: 'img', 'aria-label': match[1].replaceAll('_', ' ') }, character), length: match[0].length };
  } else if (letter in MARKS) {
    const end = closing(text, at);
    if (end) return { node: h(MARKS[letter], null, inline(text.slice(at + 1, end), names, links)), length: end + 1 - at };
  } else if (links && letter === 'h' && !/\w/.test(text[at - 1] ?? '')) {
    const match = URL_START.exec(rest);
    if (match) return { node: link(match[0], match[0]), length: match[0].length };
  }
  return null;
}

/**
 * Where the mark that opens here closes: on the same line, around something, between words, not inside code or a link.
 * @param {string} text
 * @param {number} at
 * @returns {number} 0 when it does not
 */
function closing(text, at) {
  const mark = text[at];
  if (/[\p{L}\p{N}_]/u.test(text[at - 1] ?? '') || text[at - 1] === mark || /\s/.test(text[at + 1] ?? ' ') || text[at + 1] === mark) return 0;
  for (let i = at + 1; i < text.length && text[i] !== '\n'; i += 1) {
    const skip = /^(?:`[^`\n]+`|<[^<>]+>)/.exec(text.slice(i));
    if (skip) i += skip[0].length - 1;
    else if (text[i] === mark && i > at + 1 && !/\s/.test(text[i - 1]) && !/[\p{L}\p{N}]/u.test(text[i + 1] ?? '')) return i;
  }
  return 0;
}

/**
 * What stands between angle brackets.
 * @param {string} body
 * @param {Names} names
 * @returns {Node}
 */
function entity(body, names) {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? '' : plain(body.slice(bar + 1));
  const id = target.slice(1);
  if (/^@[UWB]/.test(target)) return mention('@', names.user(id) ?? (label || id), { user: id }, names.isMe(id));
  if (/^#[CGD]/.test(target)) return mention('#', names.channel(id) ?? (label || 'private channel'), { channel: id }, false);
  if (target.startsWith('!subteam^')) {
    const group = target.split('^')[1];
    return mention('@', (names.usergroup(group) ?? (label || group)).replace(/^@/, ''), { usergroup: group }, names.isMe(group));
  }
  if (target.startsWith('!date^')) return date(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return mention('@', id, { broadcast: id }, true);
  if (target.startsWith('!')) return document.createTextNode(label || `<${plain(target)}>`);
  return link(plain(target), label || plain(target).replace(/^mailto:/, ''));
}

/**
 * @param {string} sign
 * @param {string} name
 * @param {Record<string, string>} data
 * @param {boolean} me
 */
export function mention(sign, name, data, me) {
  return h(me ? 'bdi.mention.me' : 'bdi.mention', { data }, sign + name);
}

/**
 * @param {string} target `!date^seconds^format[^link]`
 * @param {string} fallback
 */
function date(target, fallback) {
  const [, seconds, template = '', address] = target.split('^');
  const text = formatDate(Number(seconds), plain(template));
  if (text === null) return document.createTextNode(fallback);
  const time = h('time', { datetime: new Date(Number(seconds) * 1000).toISOString(), title: inFull(seconds) }, text);
  return address ? link(plain(address), time) : time;
}

/**
 * A link, where its address is one a browser may safely follow; otherwise only its text.
 * @param {string} address
 * @param {string | Node} label
 * @returns {Node}
 */
export function link(address, label) {
  if (/^(https?:\/\/|mailto:|tel:)/i.test(address)) {
    return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer', title: address }, h('bdi', null, label));
  }
  return typeof label === 'string' ? document.createTextNode(label) : label;
}

const plain = unescape;
