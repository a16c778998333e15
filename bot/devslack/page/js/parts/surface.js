/**
 * What ties drawn blocks to the server: a message, a Home tab or a modal to act on.
 * @module
 */

import { Unreachable } from '../api.js';

/** @typedef {import('../store.js').Store} Store */
/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Option} Option */

/**
 * @typedef {object} App what the parts share
 * @property {Store} store
 * @property {(change: Partial<import('../route.js').Route>) => void} go show something else
 * @property {(user: string) => void} become be another person
 * @property {(text: string, kind?: 'note' | 'bad') => void} toast
 * @property {(text: string) => void} compose put text into the composer
 * @property {(text: string) => void} insert put text where the person was last typing
 */

/** Reasons for which nothing was to be acknowledged. */
const QUIET = new Set(['no_notify_on_close', 'no_dispatch_action', 'not_subscribed', 'too_short']);

/**
 * @param {App} app
 * @param {'message' | 'home' | 'modal'} kind
 * @param {() => Record<string, string>} where the ids that say what is acted on
 * @param {Map<string, any>} values
 * @param {object} [how]
 * @param {Map<string, string>} [how.errors]
 * @param {(text: string) => void} [how.failed] where to say that it did not work
 * @param {() => any[]} [how.blocks] what the surface holds, so that what was typed there goes along with a press
 * @returns {import('../blocks/place.js').Surface}
 */
export function surfaceOn(app, kind, where, values, { errors = new Map(), failed = (text) => app.toast(text, 'bad'), blocks = () => [] } = {}) {
  const { store } = app;
  const enter = kind === 'message' ? 'click' : 'input';
  const send = async (/** @type {string} */ what, /** @type {any} */ block, /** @type {any} */ element, /** @type {unknown} */ value) => {
    const answer = await attempt(async () => {
      await carry(store, enter, where(), blocks(), values);
      return store.act(what, { ...where(), block_id: block.block_id, action_id: element.action_id, value: wire(element, value) });
    });
    const problem = trouble(answer, store.workspace.app.name);
    if (problem) failed(problem);
    if (kind !== 'message') await store.refreshViews();
  };
  return {
    kind,
    names: store.names,
    values,
    errors,
    act: (block, element, value) => send('click', block, element, value),
    input: (block, element, value) => send(enter, block, element, value),
    suggest: async (block, element, value) => {
      const answer = await attempt(() => store.act('suggest', { ...where(), block_id: block.block_id, action_id: element.action_id, value }));
      const problem = trouble(answer, store.workspace.app.name);
      if (problem) failed(problem);
      return answer.answer?.option_groups ?? answer.answer?.options ?? [];
    },
    upload: (file) => uploaded(store, file),
    directory: (element) => directory(store, element),
  };
}

/**
 * Hand a file over, as the client does as soon as it is picked.
 * @param {Store} store
 * @param {File} file
 * @returns {Promise<import('../types.js').SlackFile | string>} what it became, or what went wrong, in words
 */
export async function uploaded(store, file) {
  const encoded = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
  if (encoded === null) return `${file.name} cannot be read.`;
  const answer = await attempt(() => store.act('upload', { name: file.name, base64: encoded }));
  return answer.file ?? trouble(answer, store.workspace.app.name);
}

/**
 * Use a shortcut: a global one, or one of a message.
 * @param {App} app
 * @param {import('../types.js').Shortcut} shortcut
 * @param {{channel?: string, ts?: string}} [where]
 */
export async function takeShortcut({ store, toast }, shortcut, where = {}) {
  const answer = await attempt(() => store.act('shortcut', { callback_id: shortcut.callback_id, ...where }));
  const problem = trouble(answer, store.workspace.app.name);
  if (problem) toast(problem, 'bad');
  await Promise.all([store.refreshViews(), where.channel && store.refresh(where.channel)]);
}

/** What the server has already been told of each surface. @type {WeakMap<Map<string, any>, Map<string, string>>} */
const sentValues = new WeakMap();

/**
 * Tell the server what was typed since the last time: Slack sends the state of all fields along with every press.
 * @param {Store} store
 * @param {string} enter the endpoint that takes it
 * @param {Record<string, string>} where
 * @param {any[]} blocks
 * @param {Map<string, any>} values
 */
async function carry(store, enter, where, blocks, values) {
  const sentHere = sentValues.get(values) ?? new Map();
  sentValues.set(values, sentHere);
  for (const { type, block_id: block, element, dispatch_action: reports } of blocks) {
    if (type !== 'input' || reports) continue; // one that reports has reported itself
    const key = `${block}/${element.action_id}`;
    const value = values.get(key) ?? '';
    const serialized = JSON.stringify(value);
    if (serialized === sentHere.get(key) || (!sentHere.has(key) && value.length === 0)) continue;
    sentHere.set(key, serialized);
    await store.act(enter, { ...where, block_id: block, action_id: element.action_id, value: wire(element, value) });
  }
}

/**
 * Ask the server; its absence is an answer too.
 * @param {() => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
export async function attempt(ask) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { ok: false, error: 'unreachable' };
  }
}

/**
 * What went wrong, in words; nothing when all is well.
 * @param {Answer} answer
 * @param {string} name of the app
 * @returns {string}
 */
export function trouble(answer, name) {
  if (answer.error === 'unreachable') return 'The workspace cannot be reached. Nothing was sent.';
  if (answer.error === 'client_validation') return '';
  if (!answer.ok) return answer.detail ?? `The workspace refused this: ${answer.error}.`;
  if (answer.acknowledged !== false || QUIET.has(answer.reason ?? '')) return '';
  if (answer.reason === 'timeout') return `${name} did not answer within three seconds. It may be busy; try again.`;
  if (answer.reason === 'no_socket') return `${name} is not connected. Is it running?`;
  return `${name} could not take this (${answer.reason ?? 'no answer'}).`;
}

/**
 * @param {Store} store
 * @param {any} element
 * @returns {Option[]}
 */
function directory(store, element) {
  const option = (/** @type {string} */ text, /** @type {string} */ value, /** @type {string} */ description = '') =>
    /** @type {Option} */ ({ text: { type: 'plain_text', text, emoji: false }, value, ...(description && { description: { type: 'plain_text', text: description } }) });
  if (element.type.endsWith('users_select')) {
    return [...store.users.values()].filter((user) => !user.deleted && user.id !== 'USLACKBOT')
      .map((user) => option(store.nameOf(user.id) ?? user.id, user.id, user.profile?.title));
  }
  if (element.type.endsWith('channels_select') || element.type.endsWith('conversations_select')) {
    return store.myChannels.filter((channel) => element.type.endsWith('conversations_select') || !channel.is_im)
      .map((channel) => option(channel.is_im ? store.nameOf(channel.user ?? '') ?? channel.id : `#${channel.name}`, channel.id));
  }
  return [];
}

/**
 * What stands in a surface's fields, as the server takes it.
 * @param {any[]} blocks
 * @param {Map<string, any>} values by `block_id/action_id`
 * @returns {Record<string, Record<string, any>>}
 */
export function entered(blocks, values) {
  /** @type {Record<string, Record<string, any>>} */
  const state = {};
  for (const block of blocks) {
    const elements = block.type === 'input' ? [block.element] : block.type === 'actions' ? block.elements : [block.accessory];
    for (const element of elements) {
      const key = `${block.block_id}/${element?.action_id}`;
      if (!element?.action_id || !values.has(key)) continue;
      state[block.block_id] = { ...state[block.block_id], [element.action_id]: wire(element, values.get(key)) };
    }
  }
  return state;
}

/**
 * @param {any} element
 * @param {any} value
 * @returns {any} ids alone for people, channels and files, options whole
 */
function wire(element, value) {
  if (element.type === 'file_input') return (value ?? []).map((/** @type {any} */ file) => file.id);
  if (!/(users|channels|conversations)_select$/.test(element.type)) return value;
  return Array.isArray(value) ? value.map((option) => option.value) : value?.value ?? null;
}
