/**
 * Where a person writes: messages, slash commands with their list, mentions, and the history of what was sent.
 * @module
 */

import { dropping, pickedFiles } from '../blocks/files.js';
import { menuOf } from '../blocks/menu.js';
import { h, icon, uid } from '../dom.js';
import { recall, remember } from '../memory.js';
import { attempt, takeShortcut, trouble, uploaded } from './surface.js';
import { Suggestions } from './suggestions.js';

/** @typedef {import('./surface.js').App} App */

const HISTORY = 50;

/** Unsent texts by place. @type {Map<string, string>} */
const drafts = new Map();

export class Composer {
  /**
   * @param {App} app
   * @param {{inThread: boolean}} how
   */
  constructor(app, { inThread }) {
    this.app = app;
    this.inThread = inThread;
    this.place = '';
    this.channel = '';
    this.thread = '';
    this.past = -1;
    /** @type {import('../types.js').SlackFile[]} */
    this.files = [];
    this.field = /** @type {HTMLTextAreaElement} */ (
      h('textarea', { rows: 1, id: uid('composer'), 'aria-label': 'Message', autocomplete: 'off', spellcheck: 'true', data: { field: inThread ? 'reply' : 'composer' } })
    );
    this.hint = h('div.composer-hint', null);
    this.send = h('button.send', { type: 'submit', 'aria-label': 'Send', title: 'Send (Enter)' }, icon('send'));
    this.status = h('div.composer-status', { role: 'status' });
    this.suggestions = new Suggestions(this.field, (query) => this.offers(query));
    this.attached = h('div.file-list');
    this.box = h('div.composer-box', null, this.field, this.attached, h('div.composer-bar', null,
      this.attachButton(),
      !inThread && h('button.chip-button', { type: 'button', title: 'Slash commands', onclick: () => this.slash() }, '/', h('span', null, 'commands')),
      !inThread && this.shortcutButton(),
      this.hint, this.send));
    dropping(this.box, (dropped) => void this.attach(dropped));
    this.root = h('form.composer', { onsubmit: (/** @type {Event} */ event) => this.submit(event) }, this.suggestions.root, this.status, this.box);
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('keydown', (event) => this.key(event));
  }

  /**
   * @param {{channel: string, thread?: string, label: string, closed?: string}} where `closed`: why nobody can write here
   */
  draw({ channel, thread = '', label, closed = '' }) {
    const place = `${this.app.store.me} ${channel} ${thread}`;
    this.field.disabled = Boolean(closed);
    this.field.placeholder = closed || label;
    this.field.setAttribute('aria-label', label);
    if (place === this.place) return;
    this.place = place;
    this.channel = channel;
    this.thread = thread;
    this.past = -1;
    this.status.replaceChildren();
    this.field.value = drafts.get(place) ?? '';
    this.keepFiles([]);
    this.changed();
  }

  /** What is picked here goes with the next message. */
  attachButton() {
    const input = /** @type {HTMLInputElement} */ (h('input.visually-hidden', { type: 'file', multiple: true, 'aria-label': 'Attach files' }));
    input.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])];
      input.value = ''; // so that the same file can be picked again
      void this.attach(chosen);
    });
    return h('label.chip-button.file-pick', { title: 'Attach files' }, input, icon('attach'));
  }

  /** The app's global shortcuts. */
  shortcutButton() {
    const offered = (this.app.store.workspace.shortcuts ?? []).filter(({ type }) => type === 'global');
    if (!offered.length) return null;
    const button = h('button.chip-button', { type: 'button', title: 'Shortcuts' }, icon('bolt'), h('span', null, 'Shortcuts'));
    return [button, menuOf(button, 'Shortcuts', offered.map((shortcut) => ({
      text: shortcut.name, note: shortcut.description, take: () => takeShortcut(this.app, shortcut),
    })), 'start')];
  }

  /** @param {File[]} chosen */
  async attach(chosen) {
    const { place } = this;
    for (const file of chosen) {
      const answer = await uploaded(this.app.store, file);
      if (place !== this.place) return;
      if (typeof answer === 'string') this.say(answer, true);
      else this.keepFiles([...this.files, answer]);
    }
    this.field.focus();
  }

  /** @param {import('../types.js').SlackFile[]} files */
  keepFiles(files) {
    this.files = files;
    this.attached.replaceChildren(...pickedFiles(files, (gone) => {
      this.keepFiles(this.files.filter((file) => file !== gone));
      this.field.focus();
    }));
    this.root.classList.toggle('filled', files.length > 0 || this.field.value.trim() !== '');
  }

  focus() {
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** @param {string} text */
  put(text) {
    this.field.value = text;
    this.focus();
    this.changed();
  }

  slash() {
    if (!this.field.value.startsWith('/')) this.put('/');
    else this.focus();
    this.suggestions.update();
  }

  changed() {
    const { field } = this;
    drafts.set(this.place, field.value);
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 240)}px`;
    this.root.classList.toggle('filled', this.files.length > 0 || field.value.trim() !== '');
    const command = this.command(field.value);
    this.hint.replaceChildren(...(command?.usage_hint ? [h('code', null, command.usage_hint)] : [h('kbd', null, 'Enter'), ' to send']));
    this.suggestions.update();
  }

  /**
   * The command a text begins with.
   * @param {string} text
   */
  command(text) {
    return this.app.store.workspace.commands.find(({ command }) => text === command || text.startsWith(`${command} `) || text.startsWith(`${command}\n`));
  }

  /**
   * @param {{sign: string, word: string, start: boolean}} query
   * @returns {import('./suggestions.js').Offer[]}
   */
  offers({ sign, word, start }) {
    const { store } = this.app;
    const wanted = word.toLocaleLowerCase();
    const fits = (/** @type {string[]} */ ...texts) => texts.some((text) => text.toLocaleLowerCase().split(/[\s]/).some((part) => part.startsWith(wanted)));
    if (sign === '/' && start && !this.inThread) {
      return store.workspace.commands.filter(({ command }) => command.slice(1).startsWith(wanted))
        .map(({ command, usage_hint: hint = '', description = '' }) => ({ insert: `${command} `, title: command, aside: hint, note: description }));
    }
    if (sign === '@') {
      return [...store.users.values()].filter((user) => !user.deleted && user.id !== 'USLACKBOT' && fits(user.name, store.nameOf(user.id) ?? '')).slice(0, 8)
        .map((user) => ({ insert: `@${user.name} `, title: store.nameOf(user.id) ?? user.name, aside: `@${user.name}`, note: user.profile?.title ?? '' }));
    }
    if (sign === '#') {
      return store.myChannels.filter((channel) => channel.name && fits(channel.name)).slice(0, 8)
        .map((channel) => ({ insert: `#${channel.name} `, title: `#${channel.name}`, aside: '', note: '' }));
    }
    return [];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    const { field } = this;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.submit(event);
    } else if (event.key === 'ArrowUp' && field.selectionStart === 0 && field.selectionEnd === 0) this.recall(event, 1);
    else if (event.key === 'ArrowUp' && this.past >= 0 && !field.value.slice(0, field.selectionStart).includes('\n')) this.recall(event, 1);
    else if (event.key === 'ArrowDown' && this.past >= 0 && !field.value.slice(field.selectionEnd).includes('\n')) this.recall(event, -1);
  }

  /**
   * @param {Event} event
   * @param {number} by steps into the past
   */
  recall(event, by) {
    const history = recall('history', /** @type {string[]} */ ([]));
    const next = Math.min(this.past + by, history.length - 1);
    if (next === this.past) return;
    event.preventDefault();
    this.put(history[next] ?? '');
    this.past = next;
    this.suggestions.hide();
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    const { files } = this;
    if ((!text && !files.length) || this.field.disabled) return;
    if (this.inThread && this.command(text)) return this.say('Slash commands do not work in threads. Use the conversation itself.', true);
    const { place } = this;
    if (text) remember('history', [text, ...recall('history', /** @type {string[]} */ ([])).filter((each) => each !== text)].slice(0, HISTORY));
    this.put('');
    this.past = -1;
    const isCommand = !this.inThread && !files.length && /^\/\S/.test(text); // files go with messages only
    if (isCommand) this.say(`Sending ${text.split(/\s/)[0]}…`);
    this.keepFiles([]);
    const problem = await this.deliver(text, isCommand, files);
    if (place !== this.place) {
      if (problem) this.app.toast(problem, 'bad');
    } else if (problem) {
      if (!this.field.value) this.put(text); // nothing typed is ever lost
      this.keepFiles([...files, ...this.files]);
      this.say(problem, true);
    } else this.say('');
  }

  /**
   * @param {string} text
   * @param {boolean} isCommand
   * @param {import('../types.js').SlackFile[]} files
   * @returns {Promise<string>} what went wrong, in words
   */
  async deliver(text, isCommand, files) {
    const { store } = this.app;
    const { channel, thread } = this;
    if (isCommand && !this.command(text)) {
      const known = store.workspace.commands.map(({ command }) => command).join(', ');
      return `${text.split(/\s/)[0]} is not a command here.${known && ` There is ${known}.`}`;
    }
    const answer = await attempt(() => isCommand
      ? store.act('command', { channel, text })
      : store.act('message', { channel, text, ...(thread && { thread_ts: thread }), ...(files.length && { files: files.map(({ id }) => id) }) }));
    await Promise.all([store.refresh(channel), isCommand && store.refreshViews()]);
    // A message is posted whatever the app makes of it; only a command is a question to the app.
    return isCommand || !answer.ok ? trouble(answer, store.workspace.app.name) : '';
  }

  /**
   * @param {string} text
   * @param {boolean} [bad]
   */
  say(text, bad = false) {
    this.status.classList.toggle('bad', bad);
    this.status.replaceChildren(...(text ? [bad ? icon('warning') : h('span.spinner'), h('span', null, text)] : []));
  }
}
