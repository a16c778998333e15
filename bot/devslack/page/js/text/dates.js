/**
 * Moments in words, in the browser's zone and language, as Slack's date formatting has them
 * (docs.slack.dev, "Formatting message text", date formatting).
 * @module
 */

const LANGUAGE = 'en-GB';
const DAY = 86_400_000;

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {(date: Date) => string}
 */
function format(options) {
  const formatter = new Intl.DateTimeFormat(navigator.language || LANGUAGE, options);
  return (date) => formatter.format(date);
}

const NUMERIC = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
const SHORT = format({ year: 'numeric', month: 'short', day: 'numeric' });
const PLAIN = format({ year: 'numeric', month: 'long', day: 'numeric' });
const LONG = format({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const TIME = format({ hour: '2-digit', minute: '2-digit' });
const SECONDS = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const FULL = format({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' });

/** @param {Date} date */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** @param {(date: Date) => string} otherwise */
const pretty = (otherwise) => (/** @type {Date} */ date) => {
  const days = Math.round((midnight(date) - midnight(new Date())) / DAY);
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days] ?? otherwise(date);
};

/** @param {Date} date */
function ago(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(navigator.language || LANGUAGE, { numeric: 'auto' });
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [['day', 86_400], ['hour', 3600], ['minute', 60]];
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.trunc(seconds), 'second');
}

/** @type {Record<string, (date: Date) => string>} */
const TOKENS = {
  date_num: NUMERIC,
  date: PLAIN,
  date_short: SHORT,
  date_long: LONG,
  date_pretty: pretty(PLAIN),
  date_short_pretty: pretty(SHORT),
  date_long_pretty: pretty(LONG),
  day_divider_pretty: pretty(LONG),
  time: TIME,
  time_secs: SECONDS,
  ago,
};

/**
 * @param {number} seconds since 1970
 * @param {string} template text with tokens such as `{date_short_pretty}`
 * @returns {string | null} null where Slack would show the fallback: no such moment, or a token it does not know
 */
export function formatDate(seconds, template) {
  const date = new Date(seconds * 1000);
  if (!seconds || Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = template.replace(/\{(\w+)\}/g, (_, token) => {
    const write = TOKENS[token];
    if (!write) known = false;
    return write ? write(date) : '';
  });
  return known ? text : null;
}

/** @param {string | number} ts Slack's message timestamp, seconds since 1970 */
const moment = (ts) => new Date(Number(ts) * 1000);

/** @param {string | number} ts */
export const clock = (ts) => TIME(moment(ts));

/** @param {string | number} ts */
export const inFull = (ts) => FULL(moment(ts));

/** @param {string | number} ts */
export function dayName(ts) {
  const name = pretty(LONG)(moment(ts));
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** @param {string | number} ts */
export const dayKey = (ts) => String(midnight(moment(ts)));

/** @param {string | number} ts */
export const since = (ts) => ago(moment(ts));
