/**
 * One message of a conversation or thread.
 * @module
 */

import { fileAddress } from '../api.js';
import { size } from '../blocks/files.js';
import { drawBlocks } from '../blocks/index.js';
import { menuOf } from '../blocks/menu.js';
import { h, icon, iconButton } from '../dom.js';
import { clock, inFull, since } from '../text/dates.js';
import { mrkdwn } from '../text/mrkdwn.js';
import { avatar } from './avatar.js';
import { surfaceOn, takeShortcut } from './surface.js';

/** @typedef {import('../types.js').Message} Message */
/** @typedef {import('./surface.js').App} App */

/** What people left in the fields of messages, by message. @type {Map<string, Map<string, any>>} */
const kept = new Map();

/**
 * @typedef {object} Setting
 * @property {string} channel
 * @property {boolean} follows the message above is by the same author and hardly older
 * @property {boolean} inThread
 * @property {Message[]} replies
 */

/**
 * @param {App} app
 * @param {Message} message
 * @param {Setting} setting
 * @returns {HTMLElement}
 */
export function drawMessage(app, message, setting) {
  const { store } = app;
  const author = message.user ?? message.bot_id ?? '';
  const isApp = author === store.workspace.app.bot_user_id || Boolean(message.bot_id);
  const name = store.nameOf(author) ?? (isApp ? store.workspace.app.name : author);
  const follows = setting.follows && !message.is_ephemeral;
  const time = h('time.stamp', { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: inFull(message.ts) }, clock(message.ts));
  return h('article.message', {
    class: [follows && 'follows', message.is_ephemeral && 'ephemeral'].filter(Boolean).join(' '),
    'aria-label': `${name}, ${clock(message.ts)}`,
    data: { ts: message.ts },
    tabindex: '-1',
  },
  h('div.gutter', null, follows ? time : avatar(store, isApp ? store.workspace.app.bot_user_id : author)),
  h('div.message-main', null,
    message.is_ephemeral && h('p.only-you', null, icon('eye'), 'Only visible to you'),
    !follows && h('header.byline', null, h('bdi.author', null, name), isApp && h('span.tag', null, 'App'), time),
    drawBody(app, message, setting.channel),
    message.files && message.files.length > 0 && h('div.files', null, message.files.map((file) => drawFile(app, file))),
    !setting.inThread && setting.replies.length > 0 && drawReplies(app, message, setting)),
  drawTools(app, message, setting));
}

/**
 * What can be done with a message. One that only I see takes no replies and no shortcuts.
 * @param {App} app
 * @param {Message} message
 * @param {Setting} setting
 */
function drawTools(app, message, setting) {
  const offered = (app.store.workspace.shortcuts ?? []).filter(({ type }) => type === 'message');
  if (message.is_ephemeral || (setting.inThread && !offered.length)) return null;
  const more = offered.length > 0 && iconButton('more', 'More message actions', () => {});
  return h('div.message-tools', null,
    !setting.inThread && iconButton('thread', 'Reply in thread', () => app.go({ thread: message.ts })),
    more && [more, menuOf(more, 'More message actions', offered.map((shortcut) => ({
      text: shortcut.name,
      note: app.store.workspace.app.name,
      take: () => takeShortcut(app, shortcut, { channel: setting.channel, ts: message.ts }),
    })))]);
}

/**
 * @param {App} app
 * @param {import('../types.js').SlackFile} file
 */
function drawFile(app, file) {
  if (file.mode === 'tombstone') return h('div.file.gone', null, icon('file'), h('span', null, 'This file was deleted.'));
  return h('a.file', { href: fileAddress(app.store.me, file.id), download: file.name, 'aria-label': `Download ${file.title || file.name}` },
    icon('file'),
    h('span.file-words', null, h('bdi', null, file.title || file.name),
      h('small', null, [file.title && file.title !== file.name && file.name, file.pretty_type, size(file.size)].filter(Boolean).join(' · '))),
    icon('download'));
}

/**
 * @param {App} app
 * @param {Message} message
 * @param {string} channel
 */
function drawBody(app, message, channel) {
  const values = kept.get(`${channel} ${message.ts}`) ?? new Map();
  kept.set(`${channel} ${message.ts}`, values);
  const surface = surfaceOn(app, 'message', () => ({ channel, ts: message.ts }), values, { blocks: () => message.blocks ?? [] });
  const body = h('div.body', null);
  if (message.blocks?.length) {
    const blocks = h('div.blocks');
    drawBlocks(blocks, message.blocks, surface);
    body.append(blocks);
  } else if (message.text) {
    body.append(h('div.text', null, mrkdwn(message.text, app.store.names)));
  }
  for (const attachment of message.attachments ?? []) body.append(drawAttachment(app, attachment, surface));
  if (message.edited) (body.querySelector('.blocks') ? body : body.lastElementChild ?? body).append(h('span.edited', { title: inFull(message.edited.ts) }, '(edited)'));
  return body;
}

/**
 * @param {App} app
 * @param {any} attachment
 * @param {import('../blocks/place.js').Surface} surface
 */
function drawAttachment(app, attachment, surface) {
  const inside = h('div.blocks');
  if (attachment.blocks) drawBlocks(inside, attachment.blocks, surface);
  const text = (/** @type {string | undefined} */ words, tag = 'div.text') => words && h(tag, null, mrkdwn(words, app.store.names));
  const node = h('div.attachment', null,
    text(attachment.pretext), text(attachment.author_name, 'p.fine'), text(attachment.title && `*${attachment.title}*`),
    attachment.blocks ? inside : text(attachment.text ?? attachment.fallback),
    attachment.fields && h('div.fields', null, attachment.fields.map((/** @type {any} */ field) => text(`*${field.title}*\n${field.value}`))),
    text(attachment.footer, 'p.fine'));
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? '')) node.style.borderInlineStartColor = `#${attachment.color.replace('#', '')}`;
  return node;
}

/**
 * @param {App} app
 * @param {Message} message
 * @param {Setting} setting
 */
function drawReplies(app, message, { replies }) {
  const authors = [...new Set(replies.map((reply) => reply.user ?? ''))].slice(0, 4);
  const last = replies[replies.length - 1];
  return h('button.replies', { type: 'button', onclick: () => app.go({ thread: message.ts }) },
    authors.map((id) => avatar(app.store, id, 'tiny')),
    h('b', null, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
    h('span', null, `last reply ${since(last.ts)}`));
}
