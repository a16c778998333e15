/**
 * The main pane: a conversation, or the app's Home tab.
 * @module
 */

import { append, h, icon, iconButton } from '../dom.js';
import { recall } from '../memory.js';
import { avatar } from './avatar.js';
import { Composer } from './composer.js';
import { home as homeTab } from './home.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./surface.js').App} App */
/** @typedef {import('../types.js').Message} Message */
/** @typedef {import('../types.js').Channel} Channel */

/**
 * The replies of each thread, oldest first, and the messages of the conversation itself.
 * @param {Message[]} messages
 */
export function unthread(messages) {
  /** @type {Map<string, Message[]>} */
  const replies = new Map();
  const top = messages.filter((message) => {
    if (!message.thread_ts || message.thread_ts === message.ts) return true;
    replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message]);
    return message.subtype === 'thread_broadcast' || !messages.some(({ ts }) => ts === message.thread_ts);
  });
  return { top, replies };
}

export class Conversation {
  /**
   * @param {App} app
   * @param {{menu: () => void}} how `menu`: open the navigation, on narrow screens
   */
  constructor(app, { menu }) {
    this.app = app;
    this.place = '';
    this.unreadFrom = Infinity;
    this.drawnHead = '';
    this.drawnIntro = '';
    this.heading = h('div.heading');
    this.tabs = h('div.tabs', { role: 'tablist', 'aria-label': 'App' });
    this.menu = iconButton('menu', 'People and conversations', menu, { class: 'menu-button' });
    this.timeline = new Timeline(app, { inThread: false, label: 'Messages', seen: () => this.seen() });
    this.composer = new Composer(app, { inThread: false });
    this.home = homeTab(app);
    this.talk = h('div.talk', null, this.timeline.root, this.composer.root);
    this.tools = h('div.tools');
    this.root = h('main', { id: 'main', tabindex: '-1' },
      h('header.main-head', null, this.menu, this.heading, this.tabs, this.tools), this.talk, this.home.root);
  }

  draw() {
    const { store } = this.app;
    const { tab, channel: id } = store.route;
    const channel = store.channel(id);
    const isApp = tab === 'home' || channel === undefined || channel === store.appChannel();
    const place = `${store.me} ${tab} ${id}`;
    const arrived = place !== this.place;
    this.place = place;
    this.head(channel, isApp);
    this.talk.hidden = tab === 'home';
    this.home.root.hidden = tab !== 'home';
    if (tab === 'home') {
      if (arrived) void this.home.open();
      return this.home.draw();
    }
    if (arrived) this.arrive(channel);
    const { top, replies } = unthread(store.list(id));
    this.introduce(channel, isApp, top.length);
    this.timeline.draw(place, id, top, replies, this.unreadFrom);
    const name = isApp ? store.workspace.app.name : this.nameOf(channel);
    this.composer.draw({ channel: id, label: `Message ${name}`, closed: channel?.is_archived ? `${name} is archived` : '' });
    return undefined;
  }

  /** @param {Channel | undefined} channel */
  arrive(channel) {
    const { store } = this.app;
    this.unreadFrom = Infinity;
    if (!channel) return;
    if (store.unread(store.me, channel).count) this.unreadFrom = Number(recall(`read.${store.me}`, /** @type {Record<string, string>} */ ({}))[channel.id] ?? 0) || Infinity;
    void store.refresh(channel.id);
  }

  seen() {
    const { store } = this.app;
    if (document.visibilityState === 'visible' && !store.route.tab && store.route.channel) store.read(store.route.channel);
  }

  /** @param {Channel | undefined} channel */
  nameOf(channel) {
    if (!channel) return '';
    return channel.is_im ? this.app.store.nameOf(channel.user ?? '') ?? 'Direct message' : `#${channel.name}`;
  }

  /**
   * @param {Channel | undefined} channel
   * @param {boolean} isApp
   */
  head(channel, isApp) {
    const { store } = this.app;
    const { app } = store.workspace;
    const sign = JSON.stringify([this.place, channel, app.name, isApp]);
    if (sign === this.drawnHead) return;
    this.drawnHead = sign;
    const members = channel?.num_members ? `${channel.num_members} ${channel.num_members === 1 ? 'member' : 'members'}` : '';
    const title = isApp ? h('bdi', null, app.name) : h('bdi', null, channel?.is_im ? this.nameOf(channel) : channel?.name);
    const mark = isApp ? avatar(store, app.bot_user_id, 'small') : channel?.is_im ? avatar(store, channel.user ?? '', 'small') : icon(channel?.is_private ? 'lock' : 'hash');
    this.heading.replaceChildren(mark, h('h1', null, title), h('span.about', null, channel?.topic?.value || members));
    this.tabs.hidden = !isApp;
    const tab = (/** @type {string} */ label, /** @type {'' | 'home'} */ value) => h('button.tab', {
      type: 'button', role: 'tab', 'aria-selected': String(store.route.tab === value),
      onclick: () => this.app.go({ tab: value, channel: value ? '' : store.appChannel()?.id ?? '', thread: '' }),
    }, label);
    this.tabs.replaceChildren(tab('Home', 'home'), tab('Messages', ''));
  }

  /**
   * What stands above the first message.
   * @param {Channel | undefined} channel
   * @param {boolean} isApp
   * @param {number} count
   */
  introduce(channel, isApp, count) {
    const { store } = this.app;
    const { app, commands } = store.workspace;
    const sign = JSON.stringify([this.place, channel?.id, count === 0, commands.length]);
    if (sign === this.drawnIntro) return;
    this.drawnIntro = sign;
    const box = this.timeline.before;
    box.replaceChildren();
    append(box, [
      h('h2', null, isApp ? `You and ${app.name}` : channel?.is_im ? `You and ${this.nameOf(channel)}` : `The beginning of ${this.nameOf(channel)}`),
      isApp && h('p', null, app.description || `Messages from ${app.name} appear here.`),
      count === 0 && commands.length > 0 && h('p.try', null, 'Type ',
        commands.slice(0, 3).map(({ command }) => h('button.run', { type: 'button', onclick: () => this.app.compose(`${command} `) }, command)),
        ' below to begin', channel?.is_im ? '.' : ', here or anywhere else.'),
    ]);
  }
}
