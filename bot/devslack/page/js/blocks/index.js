/**
 * Block Kit on the page: one function draws a list of blocks, and draws it again touching only what changed.
 * @module
 */

import { h, icon, reconcile, uid } from '../dom.js';
import { mrkdwn, textNodes, words } from '../text/mrkdwn.js';
import { drawButton, drawOverflow } from './buttons.js';
import { drawChoices } from './choices.js';
import { drawMoment, drawText } from './fields.js';
import { drawFileInput } from './files.js';
import { drawRichText } from './rich_text.js';
import { drawSelect } from './select.js';

/** @typedef {import('./place.js').Surface} Surface */
/** @typedef {import('./place.js').Place} Place */

/**
 * @param {HTMLElement} parent which holds nothing but these blocks
 * @param {any[]} blocks
 * @param {Surface} surface
 * @param {(node: HTMLElement) => void} [changed] told of each block that replaced an older one
 */
export function drawBlocks(parent, blocks, surface, changed) {
  const counts = new Map();
  reconcile(parent, blocks, {
    key: (block, index) => {
      const id = block.block_id ?? `${block.type}-${index}`;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return `${id}~${counts.get(id)}`;
    },
    sign: (block) => JSON.stringify([block, surface.errors.get(block.block_id) ?? '']),
    draw: (block) => drawBlock(block, surface),
    changed,
  });
}

/** @type {Record<string, (block: any, surface: Surface) => HTMLElement>} */
const BLOCKS = {
  header: (block) => h('h3.block-header', null, words(block.text)),
  divider: () => h('hr.divider'),
  section: drawSection,
  context: (block, surface) => h('div.context', null, block.elements.map((/** @type {any} */ part) =>
    part.type === 'image' ? drawImage(part, 'context-image') : h('span.text', null, textNodes(part, surface.names)))),
  actions: (block, surface) => h('div.actions', { role: 'group', 'aria-label': 'Actions' },
    block.elements.map((/** @type {any} */ element) => drawElement({ element, block, surface }))),
  image: (block) => h('figure.image', null, block.title && h('figcaption', null, words(block.title)), drawImage(block, 'block-image')),
  input: drawInput,
  rich_text: (block, surface) => drawRichText(block, surface.names),
  markdown: (block, surface) => h('div.text', null, mrkdwn(fromMarkdown(block.text), surface.names)),
  video: (block, surface) => h('div.text', null, mrkdwn(`*<${block.title_url ?? block.video_url}|${block.title?.text ?? 'Video'}>*`, surface.names)),
};

/**
 * @param {any} block
 * @param {Surface} surface
 * @returns {HTMLElement}
 */
function drawBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const body = draw ? draw(block, surface) : unknown(block.type);
  return h('div.block', { class: `block-${block.type}`, data: { block: block.block_id ?? '' } }, body);
}

/** @param {string} type */
const unknown = (type) => h('p.unknown', null, icon('warning'), `“${type}” is not drawn here.`);

/**
 * @param {any} block
 * @param {Surface} surface
 */
function drawSection(block, surface) {
  const accessory = block.accessory;
  return h('div.section', { class: accessory?.type === 'image' ? 'with-image' : '' },
    h('div.section-body', null,
      block.text && h('div.text', null, textNodes(block.text, surface.names)),
      block.fields && h('div.fields', null, block.fields.map((/** @type {any} */ field) => h('div.text', null, textNodes(field, surface.names))))),
    accessory && h('div.accessory', null,
      accessory.type === 'image' ? drawImage(accessory, 'accessory-image') : drawElement({ element: accessory, block, surface })));
}

/**
 * @param {any} block
 * @param {Surface} surface
 */
function drawInput(block, surface) {
  const { element } = block;
  const label = h('span.label', { id: uid('label') }, words(block.label), block.optional && h('span.optional', null, ' (optional)'));
  const error = surface.errors.get(block.block_id);
  const hint = block.hint && h('p.hint', { id: uid('hint') }, textNodes(block.hint, surface.names));
  const problem = error && h('p.field-error', { id: uid('error'), role: 'alert' }, icon('warning'), h('span', null, error));
  const describedBy = [hint, problem].flatMap((node) => (node ? [node.id] : [])).join(' ');
  const control = drawElement({ element, block, surface, labelId: label.id, describedBy, invalid: Boolean(error) });
  label.addEventListener('click', () => /** @type {HTMLElement} */ (control.querySelector('input, textarea') ?? control).focus());
  return h('div.input', { class: error ? 'wrong' : '' }, label, control, problem, hint);
}

/**
 * @param {any} image
 * @param {string} style
 */
function drawImage(image, style) {
  const source = image.image_url ?? '';
  const safe = /^https?:\/\/|^\//i.test(source);
  return safe
    ? h(`img.${style}`, { src: source, alt: image.alt_text ?? '', loading: 'lazy', referrerpolicy: 'no-referrer' })
    : h('span.unknown', null, image.alt_text ?? 'image');
}

/**
 * @param {Place} place
 * @returns {HTMLElement}
 */
function drawElement(place) {
  const { type } = place.element;
  if (type === 'button' || type === 'workflow_button') return drawButton(place);
  if (type === 'overflow') return drawOverflow(place);
  if (type === 'checkboxes' || type === 'radio_buttons') return drawChoices(place);
  if (/^(date|time|datetime)picker$/.test(type)) return drawMoment(place);
  if (/_text_input$|^number_input$/.test(type) && type !== 'rich_text_input') return drawText(place);
  if (/_select$/.test(type)) return drawSelect(place);
  if (type === 'file_input') return drawFileInput(place);
  return unknown(type);
}

/**
 * The markdown block's dialect in Slack's own, as far as the two agree.
 * @param {string} text
 */
function fromMarkdown(text) {
  return text
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/^>/gm, '&gt;').replace(/([^\n])>/g, '$1&gt;')
    .replace(/^#{1,6} +(.+)$/gm, '**$1**')
    .replace(/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)/g, '<$2|$1>')
    .replace(/(?<!\*)\*(?!\*|\s)([^*\n]+)\*(?!\*)/g, '_$1_')
    .replace(/\*\*([^*\n]+)\*\*/g, '*$1*')
    .replace(/~~([^~\n]+)~~/g, '~$1~')
    .replace(/^[-*] +/gm, '• ');
}
