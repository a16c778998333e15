/**
 * Files: picking them, in a form or for a message, and the list of what was picked.
 * @module
 */

import { h, icon, iconButton } from '../dom.js';
import { controlProps, fieldKey, held } from './place.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../types.js').SlackFile} SlackFile */

/**
 * @param {number} bytes
 * @returns {string} for people, as 1.4 KB
 */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** step).toLocaleString('en-GB', { maximumFractionDigits: 1 })} ${units[step - 1]}`;
}

/**
 * What was picked, each with a button to take it back.
 * @param {SlackFile[]} files
 * @param {(file: SlackFile) => void} remove
 * @returns {HTMLElement[]}
 */
export function pickedFiles(files, remove) {
  return files.map((file) => h('div.file-chip', null, icon('file'), h('bdi', null, file.name), h('small', null, size(file.size)),
    iconButton('close', `Remove ${file.name}`, () => remove(file))));
}

/**
 * A file input of a form: what is picked goes up at once, as at Slack.
 * @param {Place} place
 * @returns {HTMLElement}
 */
export function drawFileInput(place) {
  const { element, block, surface } = place;
  const most = element.max_files ?? 10;
  const key = fieldKey(block, element);
  /** @type {SlackFile[]} */
  let files = held(place, []);
  surface.values.set(key, files);
  const accept = element.filetypes?.map((/** @type {string} */ ending) => `.${ending}`).join(',');
  const input = /** @type {HTMLInputElement} */ (h('input.visually-hidden', { ...controlProps(place), type: 'file', multiple: most > 1, accept }));
  const list = h('div.file-list');
  const problem = h('p.field-error', { role: 'alert', hidden: true });
  const pick = h('label.button.file-pick', null, input, icon('attach'), most > 1 ? 'Choose files' : 'Choose a file');
  const draw = () => {
    surface.values.set(key, files);
    list.replaceChildren(...pickedFiles(files, (gone) => {
      files = files.filter((file) => file !== gone);
      draw();
      input.focus();
    }));
  };
  const take = async (/** @type {File[]} */ chosen) => {
    pick.setAttribute('aria-busy', 'true');
    problem.hidden = true;
    for (const file of chosen) {
      const answer = await surface.upload(file);
      if (typeof answer === 'string') {
        problem.replaceChildren(icon('warning'), h('span', null, answer));
        problem.hidden = false;
      } else files = most === 1 ? [answer] : [...files, answer];
    }
    pick.removeAttribute('aria-busy');
    draw();
  };
  input.addEventListener('change', () => {
    const chosen = [...(input.files ?? [])];
    input.value = ''; // so that the same file can be picked again
    void take(chosen);
  });
  const root = h('div.file-input', null, list, pick, problem);
  dropping(root, (dropped) => void take(dropped));
  draw();
  return root;
}

/**
 * Let files be dropped.
 * @param {HTMLElement} target
 * @param {(files: File[]) => void} dropped
 */
export function dropping(target, dropped) {
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
  target.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', () => target.classList.remove('dropping'));
  target.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    target.classList.remove('dropping');
    dropped([...(event.dataTransfer?.files ?? [])]);
  });
}
