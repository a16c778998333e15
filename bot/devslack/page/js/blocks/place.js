/**
 * Where an element stands, and what becomes of it when a person uses it.
 * @module
 */

import { confirmed } from './confirm.js';

/** @typedef {import('../types.js').Option} Option */
/** @typedef {import('../types.js').OptionGroup} OptionGroup */

/**
 * What blocks are drawn on: a message, the Home tab or a modal.
 * @typedef {object} Surface
 * @property {'message' | 'home' | 'modal'} kind
 * @property {import('../text/mrkdwn.js').Names} names
 * @property {Map<string, any>} values what was typed and chosen, by `fieldKey`; outlives every redraw
 * @property {Map<string, string>} errors what is wrong, by block id
 * @property {(block: any, element: any, value?: unknown) => Promise<void>} act an element outside an input block was used
 * @property {(block: any, element: any, value: unknown) => Promise<void>} input a `dispatch_action` input changed
 * @property {(block: any, element: any, query: string) => Promise<(Option | OptionGroup)[]>} suggest
 * @property {(file: File) => Promise<import('../types.js').SlackFile | string>} upload gives what it became, or what went wrong
 * @property {(element: any) => Option[]} directory people and channels that the pickers of people and channels offer
 */

/**
 * An element in its block on its surface.
 * @typedef {object} Place
 * @property {any} element
 * @property {any} block
 * @property {Surface} surface
 * @property {string} [labelId] of the element that names it
 * @property {string} [describedBy] ids of hint and error
 * @property {boolean} [invalid]
 */

/**
 * @param {any} block
 * @param {any} element
 */
export const fieldKey = (block, element) => `${block.block_id ?? ''}/${element.action_id ?? ''}`;

/**
 * What the element holds now: what the person left in it, or else what the app put there.
 * @param {Place} place
 * @param {any} initial
 */
export function held({ block, element, surface }, initial) {
  const key = fieldKey(block, element);
  return surface.values.has(key) ? surface.values.get(key) : initial;
}

/**
 * Keep a new value, and tell the app where Block Kit says so.
 * @param {Place} place
 * @param {any} value
 * @param {boolean} [dispatch] whether this kind of change is one that `dispatch_action` reports
 * @returns {Promise<boolean>} false when the person said no to the element's confirmation
 */
export async function commit({ block, element, surface }, value, dispatch = true) {
  if (block.type !== 'input' && !(await confirmed(element.confirm, surface.names))) return false;
  surface.values.set(fieldKey(block, element), value);
  if (block.type !== 'input') await surface.act(block, element, value);
  else if (block.dispatch_action && dispatch) await surface.input(block, element, value);
  return true;
}

/**
 * The attributes every control shares: its field (to find it again after a redraw), name, hint, error.
 * @param {Place} place
 */
export function controlProps({ block, element, labelId, describedBy, invalid }) {
  return {
    data: { field: fieldKey(block, element), action: element.action_id ?? '' },
    'aria-labelledby': labelId,
    'aria-label': labelId ? undefined : element.accessibility_label ?? element.placeholder?.text ?? element.action_id,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': invalid ? 'true' : undefined,
    'aria-required': block.type === 'input' && !block.optional ? 'true' : undefined,
    autofocus: element.focus_on_load ? true : undefined,
  };
}
