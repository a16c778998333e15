/**
 * The control API of the server: what a person in the workspace can see and do.
 * @module
 */

/** @typedef {import('./types.js').Answer} Answer */

const ROOT = new URL('_control/', new URL('/', location.href));

/** The server is not there, or did not answer with JSON. */
export class Unreachable extends Error {}

/**
 * @param {string} path
 * @param {Record<string, string | undefined>} [query]
 * @returns {Promise<any>} the answer, `ok` or not
 */
export async function get(path, query = {}) {
  const url = new URL(path, ROOT);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  return ask(url, { headers: { accept: 'application/json' } });
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @returns {Promise<Answer>} the answer, `ok` or not
 */
export async function post(path, body) {
  return ask(new URL(path, ROOT), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/**
 * @param {URL} url
 * @param {RequestInit} init
 */
async function ask(url, init) {
  try {
    const response = await fetch(url, { cache: 'no-store', ...init });
    return await response.json();
  } catch (error) {
    throw new Unreachable(`${url.pathname} did not answer`, { cause: error });
  }
}

/**
 * Where somebody can keep a file from.
 * @param {string} user
 * @param {string} file
 */
export function fileAddress(user, file) {
  return `${new URL('file', ROOT).pathname}?${new URLSearchParams({ user, file })}`;
}

/** Where the server tells of what happens. */
export const EVENTS = new URL('events', ROOT);
