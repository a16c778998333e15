/**
 * What this browser remembers between visits: read marks, typed commands, choices of appearance.
 * @module
 */

const PREFIX = 'devslack.';

/**
 * @template T
 * @param {string} key
 * @param {T} otherwise
 * @returns {T}
 */
export function recall(key, otherwise) {
  const text = localStorage.getItem(PREFIX + key);
  if (text === null) return otherwise;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    localStorage.removeItem(PREFIX + key); // written by another page of this address
    return otherwise;
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 */
export function remember(key, value) {
  localStorage.setItem(PREFIX + key, JSON.stringify(value));
}

/**
 * @param {(key: string) => void} changed told when another window of this browser remembers something else
 */
export function onRemembered(changed) {
  addEventListener('storage', (event) => {
    if (event.key?.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length));
  });
}
