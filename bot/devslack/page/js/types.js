/**
 * The shapes that travel between the server and the page; most are Slack's own objects.
 * @module
 */

/**
 * @typedef {object} User
 * @property {string} id
 * @property {string} name
 * @property {string} [real_name]
 * @property {boolean} [deleted]
 * @property {boolean} [is_bot]
 * @property {boolean} [is_restricted]
 * @property {boolean} [is_ultra_restricted]
 * @property {{display_name?: string, real_name?: string, title?: string}} [profile]
 */

/**
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} [name]
 * @property {boolean} [is_im]
 * @property {boolean} [is_private]
 * @property {boolean} [is_archived]
 * @property {boolean} [is_member]
 * @property {string} [user] the other side of a direct message
 * @property {{value?: string}} [topic]
 * @property {number} [num_members]
 */

/**
 * @typedef {object} TextObject
 * @property {'plain_text' | 'mrkdwn'} type
 * @property {string} text
 * @property {boolean} [emoji]
 * @property {boolean} [verbatim]
 */

/**
 * @typedef {object} Option
 * @property {TextObject} text
 * @property {string} value
 * @property {TextObject} [description]
 * @property {string} [url]
 */

/** @typedef {{label: TextObject, options: Option[]}} OptionGroup */

/**
 * @typedef {object} Message
 * @property {string} ts
 * @property {string} [thread_ts]
 * @property {string} [user]
 * @property {string} [bot_id]
 * @property {string} [text]
 * @property {any[]} [blocks]
 * @property {any[]} [attachments]
 * @property {SlackFile[]} [files]
 * @property {{user: string, ts: string}} [edited]
 * @property {string} [subtype]
 * @property {boolean} [is_ephemeral]
 * @property {number} [reply_count]
 * @property {string} [latest_reply]
 * @property {string[]} [reply_users]
 */

/**
 * @typedef {object} SlackFile
 * @property {string} id
 * @property {string} name
 * @property {string} [title]
 * @property {string} [pretty_type]
 * @property {string} [mode] tombstone: it was deleted
 * @property {number} size in bytes
 */

/**
 * @typedef {object} View
 * @property {string} id
 * @property {string} type
 * @property {any[]} blocks
 * @property {TextObject} [title]
 * @property {TextObject} [submit]
 * @property {TextObject} [close]
 * @property {string} [hash]
 * @property {string | null} [previous_view_id]
 * @property {string} [root_view_id]
 * @property {boolean} [submit_disabled]
 */

/** @typedef {{id: string, handle: string, name?: string, users?: string[]}} UserGroup */

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {string} [description]
 * @property {string} [usage_hint]
 */

/** @typedef {{name: string, type: 'global' | 'message', callback_id: string, description: string}} Shortcut */

/**
 * @typedef {object} Workspace
 * @property {{id: string, name: string}} team
 * @property {{name: string, bot_user_id: string, id?: string, description?: string}} app
 * @property {Command[]} commands
 * @property {Shortcut[]} [shortcuts]
 * @property {{label: string, text: string}[]} snippets
 * @property {string[]} [welcome] paragraphs in mrkdwn; those that begin in bold or with a number are steps
 */

/**
 * What the server says after it handed something to the app.
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {boolean} [acknowledged]
 * @property {any} [answer]
 * @property {string} [reason] why it was not acknowledged
 * @property {number} [ms]
 * @property {string} [error]
 * @property {string} [detail] the refusal in a sentence
 * @property {Record<string, string>} [errors]
 * @property {SlackFile} [file]
 */

export {};
