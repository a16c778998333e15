/**
 * Rich text blocks: sections, lists, quotes and code.
 * @module
 */

import { h } from '../dom.js';
import { formatDate, inFull } from '../text/dates.js';
import { emoji } from '../text/emoji.js';
import { link, mention } from '../text/mrkdwn.js';

/** @typedef {import('../text/mrkdwn.js').Names} Names */

/**
 * @param {any} block
 * @param {Names} names
 * @returns {HTMLElement}
 */
export function drawRichText(block, names) {
  return h('div.rich-text.text', null, block.elements.map((/** @type {any} */ part) => drawPart(part, names)));
}

/**
 * @param {any} part
 * @param {Names} names
 * @returns {HTMLElement}
 */
function drawPart(part, names) {
  const inside = () => part.elements.map((/** @type {any} */ each) => drawInline(each, names));
  switch (part.type) {
    case 'rich_text_list':
      return h(part.style === 'ordered' ? 'ol' : 'ul', { class: `indent-${Math.min(part.indent ?? 0, 8)}`, start: (part.offset ?? 0) + 1 },
        part.elements.map((/** @type {any} */ item) => h('li', null, item.elements.map((/** @type {any} */ each) => drawInline(each, names)))));
    case 'rich_text_quote':
      return h('blockquote', null, inside());
    case 'rich_text_preformatted':
      return h('pre', null, h('code', null, inside()));
    default:
      return h('div.rich-section', null, inside());
  }
}

const STYLES = /** @type {[string, string][]} */ ([['bold', 'strong'], ['italic', 'em'], ['strike', 's'], ['underline', 'u'], ['code', 'code']]);

/**
 * @param {any} element
 * @param {Names} names
 * @returns {Node}
 */
function drawInline(element, names) {
  let node = bare(element, names);
  for (const [style, tag] of STYLES) if (element.style?.[style]) node = h(tag, null, node);
  return node;
}

/**
 * @param {any} element
 * @param {Names} names
 * @returns {Node}
 */
function bare(element, names) {
  switch (element.type) {
    case 'link':
      return link(element.url, element.text || element.url);
    case 'emoji':
      return document.createTextNode(emoji(element.name) ?? `:${element.name}:`);
    case 'user':
      return mention('@', names.user(element.user_id) ?? element.user_id, { user: element.user_id }, names.isMe(element.user_id));
    case 'channel':
      return mention('#', names.channel(element.channel_id) ?? 'private channel', { channel: element.channel_id }, false);
    case 'usergroup':
      return mention('@', names.usergroup(element.usergroup_id) ?? element.usergroup_id, { usergroup: element.usergroup_id }, names.isMe(element.usergroup_id));
    case 'broadcast':
      return mention('@', element.range, { broadcast: element.range }, true);
    case 'date': {
      const text = formatDate(element.timestamp, element.format);
      return text === null ? document.createTextNode(element.fallback ?? '') : h('time', { title: inFull(element.timestamp) }, text);
    }
    case 'color':
      return h('code', null, element.value);
    default:
      return document.createTextNode(element.text ?? '');
  }
}
