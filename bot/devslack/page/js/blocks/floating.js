/**
 * A panel that floats beside the thing that opened it, in the browser's top layer, so that neither scrolling nor a modal cuts it.
 * @module
 */

const GAP = 4;

/**
 * @param {HTMLElement} anchor
 * @param {HTMLElement} panel a child of the same dialog as the anchor
 * @param {{closed?: () => void, align?: 'start' | 'end', stretch?: boolean}} [how] `stretch`: as wide as the anchor
 */
export function floating(anchor, panel, { closed, align = 'start', stretch = false } = {}) {
  panel.popover = 'manual';
  const place = () => {
    const box = anchor.getBoundingClientRect();
    if (stretch) panel.style.width = `${Math.max(box.width, 200)}px`;
    const height = panel.offsetHeight;
    const width = panel.offsetWidth;
    const below = innerHeight - box.bottom - GAP;
    const up = below < height && box.top > below;
    panel.style.maxHeight = `${Math.max(120, Math.min(320, (up ? box.top : below) - 2 * GAP))}px`;
    panel.style.top = up ? 'auto' : `${box.bottom + GAP}px`;
    panel.style.bottom = up ? `${innerHeight - box.top + GAP}px` : 'auto';
    const left = align === 'end' ? box.right - width : box.left;
    panel.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  };
  const away = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!panel.contains(target) && !anchor.contains(target)) hide();
  };
  const moved = (/** @type {Event} */ event) => {
    if (!panel.contains(/** @type {Node} */ (event.target))) place();
  };
  let shown = false;
  const show = () => {
    if (shown) return place();
    shown = true;
    panel.showPopover();
    place();
    addEventListener('pointerdown', away, true);
    addEventListener('scroll', moved, true);
    addEventListener('resize', place);
  };
  const hide = () => {
    if (!shown) return;
    shown = false;
    if (panel.isConnected) panel.hidePopover();
    removeEventListener('pointerdown', away, true);
    removeEventListener('scroll', moved, true);
    removeEventListener('resize', place);
    closed?.();
  };
  return { show, hide, place, isOpen: () => shown };
}
