/**
 * Keys that work anywhere on the page.
 * @module
 */

/**
 * @param {object} actions
 * @param {() => void} actions.switcher
 * @param {() => void} actions.help
 * @param {(place: number) => void} actions.person by place, from 0
 * @param {(by: number) => void} actions.walk to the next conversation, or the one before
 * @param {() => void} actions.slash
 * @param {(mode: string) => void} actions.pane
 */
export function keyboard(actions) {
  addEventListener('keydown', (event) => {
    const action = meant(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Parameters<typeof keyboard>[0]} actions
 * @returns {(() => void) | null}
 */
function meant(event, actions) {
  const { key, code, altKey, ctrlKey, metaKey } = event;
  if (event.defaultPrevented || document.querySelector('dialog:modal')) return null;
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') return actions.switcher;
  if (altKey && !ctrlKey && !metaKey) {
    const digit = /^Digit([1-9])$/.exec(code); // by its place on the keyboard: Alt types other letters on some
    if (digit) return () => actions.person(Number(digit[1]) - 1);
    if (key === 'ArrowDown') return () => actions.walk(1);
    if (key === 'ArrowUp') return () => actions.walk(-1);
    if (code === 'KeyG') return () => actions.pane('guide');
    if (code === 'KeyS') return () => actions.pane('snippets');
    if (code === 'KeyL') return () => actions.pane('log');
    return null;
  }
  if (ctrlKey || metaKey || altKey || isTyping(event.target)) return null;
  if (key === '?') return actions.help;
  if (key === '/') return actions.slash;
  if (/^[1-9]$/.test(key)) return () => actions.person(Number(key) - 1);
  return null;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
