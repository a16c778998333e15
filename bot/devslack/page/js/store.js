/**
 * Everything the page knows, and how it learns of changes. Parts subscribe to topics and draw from what is here.
 *
 * Topics: `people` (names, unread counts), `channels`, `messages`, `views`, `route`, `connection`.
 * @module
 */

import { get, post, Unreachable } from './api.js';
import { recall, remember } from './memory.js';

/** @typedef {import('./types.js').User} User */
/** @typedef {import('./types.js').Channel} Channel */
/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Workspace} Workspace */
/** @typedef {import('./live.js').Happening} Happening */
/** @typedef {import('./route.js').Route} Route */

const SLACKBOT = 'USLACKBOT';
const REST = 40; // milliseconds in which several changes become one request

export class Store extends EventTarget {
  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = { team: { id: '', name: '' }, app: { name: 'App', bot_user_id: '' }, commands: [], snippets: [] };
    /** @type {Map<string, User>} */
    this.users = new Map();
    /** @type {Map<string, import('./types.js').UserGroup>} */
    this.groups = new Map();
    /** @type {Map<string, Channel[]>} by the person who sees them */
    this.channels = new Map();
    /** @type {Map<string, Message[]>} by person and channel */
    this.messages = new Map();
    /** @type {View | null} */
    this.modal = null;
    /** @type {View | null} */
    this.home = null;
    /** @type {Route} */
    this.route = { as: '', channel: '', tab: '', thread: '' };
    this.connected = true;
    /** @type {Map<string, {again: boolean, done: Promise<void>}>} requests under way, by what they bring */
    this.fetching = new Map();
    /** @type {Set<string>} */
    this.due = new Set();
    this.since = recall('since', 0) || Date.now() / 1000;
    remember('since', this.since);
    /** @type {import('./text/mrkdwn.js').Names} */
    this.names = {
      user: (id) => this.nameOf(id),
      channel: (id) => this.channelNamed(id)?.name,
      usergroup: (id) => this.groups.get(id)?.handle,
      isMe: (id) => id === this.me || Boolean(this.groups.get(id)?.users?.includes(this.me)),
    };
  }

  /** @param {string} topic */
  tell(topic) {
    if (this.due.has(topic)) return;
    this.due.add(topic);
    queueMicrotask(() => {
      this.due.delete(topic);
      this.dispatchEvent(new Event(topic));
    });
  }

  /**
   * @param {string[]} topics
   * @param {() => void} draw
   */
  on(topics, draw) {
    for (const topic of topics) this.addEventListener(topic, draw);
  }

  get me() {
    return this.route.as;
  }

  /** The people one can be: members and guests, no bots, nobody deactivated. */
  get people() {
    return [...this.users.values()].filter((user) => !user.is_bot && !user.deleted && user.id !== SLACKBOT);
  }

  /** @param {string} id */
  nameOf(id) {
    if (id === SLACKBOT) return 'Slackbot';
    const user = this.users.get(id);
    if (!user) return undefined;
    return user.real_name || user.profile?.real_name || user.profile?.display_name || user.name;
  }

  /** @param {string} id */
  channelNamed(id) {
    for (const list of this.channels.values()) {
      const match = list.find((channel) => channel.id === id);
      if (match) return match;
    }
    return undefined;
  }

  /** @returns {Channel[]} what the person at the page sees */
  get myChannels() {
    return this.channels.get(this.me) ?? [];
  }

  /**
   * The direct message with the app.
   * @param {string} user
   */
  appChannel(user = this.me) {
    return this.channels.get(user)?.find((channel) => channel.is_im && channel.user === this.workspace.app.bot_user_id);
  }

  /** @param {string} id of one of my conversations */
  channel(id) {
    return this.myChannels.find((channel) => channel.id === id);
  }

  /**
   * @param {string} channel
   * @param {string} [user]
   * @returns {Message[]}
   */
  list(channel, user = this.me) {
    return this.messages.get(`${user} ${channel}`) ?? [];
  }

  /** Everything there is to know at the start. */
  async load() {
    const [workspace] = await Promise.all([get('workspace'), this.loadUsers(), this.loadGroups()]);
    const { app } = workspace;
    this.workspace = { ...workspace, app: { ...app, name: app.bot_name ?? app.name, bot_user_id: app.bot_user } };
    await Promise.all(this.people.map((person) => this.loadChannels(person.id)));
    this.tell('people');
  }

  async loadUsers() {
    const answer = await get('users');
    this.users = new Map(answer.users.map((/** @type {User} */ user) => [user.id, user]));
    this.tell('people');
    this.tell('messages');
  }

  async loadGroups() {
    const answer = await get('usergroups');
    this.groups = new Map(answer.usergroups.map((/** @type {import('./types.js').UserGroup} */ group) => [group.id, group]));
    this.tell('messages');
  }

  /**
   * A person's conversations, and the messages of the direct ones, which make their unread count.
   * @param {string} user
   */
  async loadChannels(user) {
    const before = new Set(this.channels.get(user)?.map((channel) => channel.id));
    const answer = await get('channels', { user });
    if (!answer.ok) return;
    this.channels.set(user, answer.channels);
    this.tell('channels');
    const watched = answer.channels.filter((/** @type {Channel} */ channel) => channel.is_im || user === this.me);
    await Promise.all(watched.filter((/** @type {Channel} */ { id }) => !before.has(id) || user === this.me).map((/** @type {Channel} */ { id }) => this.refresh(id, user)));
  }

  /**
   * Fetch one conversation's messages anew; several wishes at once become one request.
   * @param {string} channel
   * @param {string} [user]
   */
  refresh(channel, user = this.me) {
    return this.once(`${user} ${channel}`, async () => {
      const answer = await get('messages', { channel, user });
      if (!answer.ok) return;
      this.messages.set(`${user} ${channel}`, answer.messages);
      this.tell('messages');
      this.tell('people');
    });
  }

  /** Fetch my open modal and Home anew. */
  refreshViews() {
    const user = this.me;
    return this.once(`views ${user}`, async () => {
      const answer = await get('views', { user });
      if (!answer.ok || user !== this.me) return;
      this.modal = answer.modal;
      this.home = answer.home;
      this.tell('views');
    });
  }

  /** Fetch whatever is on the page anew, as after a broken connection. */
  async refreshAll() {
    await Promise.all([...this.people.map((person) => this.loadChannels(person.id)), ...this.loadedKeys(), this.refreshViews()]);
  }

  loadedKeys() {
    return [...this.messages.keys()].map((key) => {
      const [user, channel] = key.split(' ');
      return this.refresh(channel, user);
    });
  }

  /**
   * @param {string} what
   * @param {() => Promise<void>} fetchIt
   * @returns {Promise<void>} settled when an answer younger than this call is in
   */
  once(what, fetchIt) {
    const running = this.fetching.get(what);
    if (running) {
      running.again = true;
      return running.done;
    }
    const run = { again: false, done: Promise.resolve() };
    this.fetching.set(what, run);
    run.done = (async () => {
      try {
        do {
          run.again = false;
          await fetchIt();
          if (run.again) await new Promise((resolve) => setTimeout(resolve, REST));
        } while (run.again);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        this.connection(false);
      } finally {
        this.fetching.delete(what);
      }
    })();
    return run.done;
  }

  /** @param {Happening} event */
  happened(event) {
    const { type, channel } = event;
    if (type === 'reset') location.reload();
    else if (type === 'view' || type === 'home') void this.refreshViews();
    else if (type === 'user') void this.loadUsers();
    else if (type === 'usergroup') void this.loadGroups();
    else if (type === 'channel') for (const person of this.people) void this.loadChannels(person.id);
    else if (channel && this.channel(channel)) void this.refresh(channel);
  }

  /**
   * The app wrote somewhere; if to somebody else in person, their unread count may have changed.
   * @param {import('./calls.js').Call[]} calls
   */
  called(calls) {
    const written = new Set(calls.filter(({ method }) => method.startsWith('chat.')).map(({ answer, args }) => answer?.channel ?? args?.channel));
    for (const { id } of this.people) {
      const channel = this.appChannel(id);
      if (channel && written.has(channel.id)) void this.refresh(channel.id, id);
      else if (written.has(id)) void this.loadChannels(id); // their first message from the app made the conversation
    }
  }

  /** @param {boolean} connected */
  connection(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    this.tell('connection');
    if (connected) void this.refreshAll();
  }

  /** Fetch what I see anew: something may have happened while nobody listened. */
  async catchUp() {
    await Promise.all([this.loadChannels(this.me), this.refreshViews()]);
  }

  /**
   * What a person has not read in a conversation.
   * @param {string} user
   * @param {Channel} channel
   * @returns {{count: number, direct: number}} `direct`: what is meant for them in person
   */
  unread(user, channel) {
    const marks = recall(`read.${user}`, /** @type {Record<string, string>} */ ({}));
    const from = Number(marks[channel.id] ?? (channel.is_im ? 0 : this.since));
    const unreadMessages = this.list(channel.id, user).filter((message) => Number(message.ts) > from && message.user !== user && !message.is_ephemeral);
    const direct = channel.is_im ? unreadMessages : unreadMessages.filter((message) => message.text?.includes(`<@${user}`));
    return { count: unreadMessages.length, direct: direct.length };
  }

  /** @param {string} user */
  waiting(user) {
    return (this.channels.get(user) ?? []).reduce((sum, channel) => sum + this.unread(user, channel).direct, 0);
  }

  /**
   * I have seen this conversation up to its end.
   * @param {string} channel
   */
  read(channel) {
    const last = this.list(channel).filter((message) => !message.is_ephemeral).at(-1)?.ts;
    const marks = recall(`read.${this.me}`, /** @type {Record<string, string>} */ ({}));
    if (!last || Number(marks[channel] ?? 0) >= Number(last)) return;
    remember(`read.${this.me}`, { ...marks, [channel]: last });
    this.tell('people');
  }

  /**
   * Do something as the person at the page.
   * @param {string} what an endpoint of the control API
   * @param {Record<string, unknown>} body
   */
  act(what, body) {
    return post(what, { user: this.me, ...body });
  }
}
