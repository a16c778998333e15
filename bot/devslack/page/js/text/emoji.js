/**
 * The shortcodes that apps use most. An unknown one is shown as it was written, as Slack does.
 * @module
 */

const TABLE = `
+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
negative_squared_cross_mark ❎ no_entry ⛔ no_entry_sign 🚫 warning ⚠️ exclamation ❗ question ❓ bangbang ‼️ information_source ℹ️
rotating_light 🚨 bell 🔔 no_bell 🔕 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock1 🕐 clock3 🕒 calendar 📅
date 📅 spiral_calendar_pad 🗓️ lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 old_key 🗝️ shield 🛡️ mag 🔍 memo 📝 pencil ✏️ pencil2 ✏️
page_facing_up 📄 page_with_curl 📃 scroll 📜 clipboard 📋 pushpin 📌 paperclip 📎 link 🔗 file_folder 📁 bookmark 🔖 inbox_tray 📥
outbox_tray 📤 package 📦 mailbox 📫 envelope ✉️ email 📧 speech_balloon 💬 thought_balloon 💭 loudspeaker 📢 mega 📣 robot_face 🤖
gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ rocket 🚀 fire 🔥 boom 💥 zap ⚡ star ⭐ sparkles ✨ tada 🎉 confetti_ball 🎊
bulb 💡 eyes 👀 wave 👋 clap 👏 pray 🙏 muscle 💪 raised_hands 🙌 raised_hand ✋ hand ✋ point_right 👉 point_left 👈 point_up ☝️ point_down 👇
ok_hand 👌 handshake 🤝 smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 wink 😉 thinking_face 🤔 neutral_face 😐 disappointed 😞
cry 😢 sob 😭 joy 😂 heart ❤️ broken_heart 💔 100 💯 red_circle 🔴 large_green_circle 🟢 large_yellow_circle 🟡 large_blue_circle 🔵
white_circle ⚪ black_circle ⚫ large_orange_circle 🟠 small_red_triangle 🔺 small_blue_diamond 🔹 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️
arrow_down ⬇️ arrows_counterclockwise 🔄 recycle ♻️ repeat 🔁 leftwards_arrow_with_hook ↩️ heavy_plus_sign ➕ heavy_minus_sign ➖
bust_in_silhouette 👤 busts_in_silhouette 👥 crown 👑 detective 🕵️ construction 🚧 stop_sign 🛑 octagonal_sign 🛑 wastebasket 🗑️ lower_left_ballpoint_pen 🖊️
chart_with_upwards_trend 📈 bar_chart 📊 computer 💻 desktop_computer 🖥️ globe_with_meridians 🌐 house 🏠 office 🏢 beetle 🐞 bug 🐛
pizza 🍕 hamburger 🍔 green_salad 🥗 sushi 🍣 ramen 🍜 taco 🌮 coffee ☕ tea 🍵 beers 🍻 cake 🍰 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
`;

/** @type {Map<string, string>} */
const EMOJI = new Map();
const words = TABLE.trim().split(/\s+/);
for (let i = 0; i < words.length; i += 2) EMOJI.set(words[i], words[i + 1]);

/**
 * @param {string} name a shortcode without its colons, perhaps with a skin tone after `::`
 * @returns {string | undefined} the character
 */
export function emoji(name) {
  return EMOJI.get(name.split('::')[0]);
}
