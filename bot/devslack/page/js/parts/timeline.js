/**
 * A list of messages that keeps its place while messages come and change: a conversation's or a thread's.
 * @module
 */

import { h, icon, reconcile } from '../dom.js';
import { dayKey, dayName } from '../text/dates.js';
import { drawMessage } from './message.js';

/** @typedef {import('../types.js').Message} Message */
/** @typedef {import('./surface.js').App} App */

const TOGETHER = 300; // seconds within which messages of one author stand together
const PAGE = 120; // messages shown at first; earlier ones on request
const NEAR = 60; // pixels from the end that count as being there

/** @typedef {{kind: 'day', key: string, text: string} | {kind: 'new', key: string} | {kind: 'message', key: string, message: Message, follows: boolean, replies: Message[]}} Item */

export class Timeline {
  /**
   * @param {App} app
   * @param {{inThread: boolean, label: string, seen?: () => void}} how `seen`: told when the end is in view
   */
  constructor(app, { inThread, label, seen = () => {} }) {
    this.app = app;
    this.inThread = inThread;
    this.seen = seen;
    this.place = '';
    this.size = '';
    this.channel = '';
    this.shown = PAGE;
    this.items = h('div.items');
    this.before = h('div.before');
    this.earlier = h('button.quiet.earlier', { type: 'button', hidden: true, onclick: () => this.showEarlier() }, 'Show earlier messages');
    this.scroller = h('div.scroller', { role: 'log', 'aria-label': label, 'aria-live': 'off', tabindex: '0' }, this.before, this.earlier, this.items);
    this.jump = h('button.jump', { type: 'button', hidden: true, onclick: () => this.toEnd(true) }, icon('arrow-down'), 'New messages');
    this.root = h('div.timeline', null, this.scroller, this.jump);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.scroller);
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.items);
    this.atEnd = true;
  }

  /**
   * @param {string} place what is shown; a new one starts at its end
   * @param {string} channel
   * @param {Message[]} messages oldest first
   * @param {Map<string, Message[]>} replies by thread
   * @param {number} [unreadFrom] seconds since 1970; messages after it get a line above them
   */
  draw(place, channel, messages, replies, unreadFrom = Infinity) {
    const other = place !== this.place;
    if (other) {
      this.place = place;
      this.shown = PAGE;
      this.atEnd = true;
      this.items.replaceChildren();
    }
    this.channel = channel;
    this.last = { messages, replies, unreadFrom };
    const visible = messages.slice(-this.shown);
    this.earlier.hidden = visible.length === messages.length;
    const wasAtEnd = this.atEnd;
    const added = reconcile(this.items, this.arrange(visible, replies, unreadFrom), {
      key: (item) => item.key,
      sign: (item) => this.sign(item),
      draw: (item) => this.drawItem(item),
      changed: (node, item) => item.kind === 'message' && !other && flash(node),
    });
    const newest = messages.at(-1);
    const mine = newest?.user === this.app.store.me || newest?.is_ephemeral; // what I said, or was answered
    if (wasAtEnd || (added && mine)) this.toEnd();
    else if (added && !other) this.jump.hidden = false;
  }

  /**
   * @param {Message[]} messages
   * @param {Map<string, Message[]>} replies
   * @param {number} unreadFrom
   * @returns {Item[]}
   */
  arrange(messages, replies, unreadFrom) {
    /** @type {Item[]} */
    const items = [];
    let day = '';
    let marked = false;
    messages.forEach((message, index) => {
      const previous = messages[index - 1];
      let apart = false;
      if (!this.inThread && dayKey(message.ts) !== day) {
        day = dayKey(message.ts);
        items.push({ kind: 'day', key: `day-${day}`, text: dayName(message.ts) });
        apart = true;
      }
      if (!marked && index > 0 && Number(message.ts) > unreadFrom && message.user !== this.app.store.me && !message.is_ephemeral) {
        marked = apart = true;
        items.push({ kind: 'new', key: 'new' });
      }
      const follows = !apart && Boolean(previous) && previous.user === message.user && !previous.is_ephemeral && !message.subtype && !stands(message)
        && Number(message.ts) - Number(previous.ts) < TOGETHER;
      items.push({ kind: 'message', key: message.ts, message, follows, replies: (replies.get(message.ts) ?? []).filter((reply) => !reply.is_ephemeral) });
    });
    return items;
  }

  /** @param {Item} item */
  sign(item) {
    if (item.kind === 'day') return item.text;
    if (item.kind === 'new') return '';
    const last = item.replies[item.replies.length - 1];
    return JSON.stringify([item.message, item.follows, item.replies.length, last?.ts, this.channel]);
  }

  /**
   * @param {Item} item
   * @returns {HTMLElement}
   */
  drawItem(item) {
    if (item.kind === 'day') return h('div.day', { role: 'separator' }, h('span', null, item.text));
    if (item.kind === 'new') return h('div.day.new', { role: 'separator' }, h('span', null, 'New'));
    return drawMessage(this.app, item.message, { channel: this.channel, follows: item.follows, inThread: this.inThread, replies: item.replies });
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const size = `${scrollHeight} ${clientHeight}`;
    const moved = size !== this.size; // by what was drawn, not by the person
    this.size = size;
    if (moved && this.atEnd) return this.toEnd();
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (!this.atEnd) return undefined;
    this.jump.hidden = true;
    this.seen();
    return undefined;
  }

  /** @param {boolean} [smooth] */
  toEnd(smooth = false) {
    const { scrollHeight, clientHeight } = this.scroller;
    this.size = `${scrollHeight} ${clientHeight}`;
    this.scroller.scrollTo({ top: scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.jump.hidden = true;
    this.atEnd = true;
    this.seen();
  }

  showEarlier() {
    const { scrollHeight, scrollTop } = this.scroller;
    this.shown += PAGE;
    this.atEnd = false;
    if (this.last) this.draw(this.place, this.channel, this.last.messages, this.last.replies, this.last.unreadFrom);
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }
}

/**
 * A message laid out in blocks stands for itself, whoever wrote the one above.
 * @param {Message} message
 */
function stands(message) {
  return (message.blocks?.filter(({ type }) => type !== 'rich_text').length ?? 0) > 1;
}

/**
 * Let the eye find what changed.
 * @param {HTMLElement} node
 */
function flash(node) {
  node.classList.add('changed');
  setTimeout(() => node.classList.remove('changed'), 1600);
}
