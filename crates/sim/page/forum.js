// Draws the posts of a forum: what each is called, how it begins, and the way into it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { renderInline } from "./markdown.js";
import { nameOf, state, threadsOf } from "./state.js";
import { fullLabel, messageStamp } from "./time.js";

/** The list of a forum's posts. */
export function postsNode(forum) {
  const guild = state.guilds.get(forum.guild_id);
  const posts = guild ? threadsOf(guild, forum.id) : [];
  if (posts.length === 0) {
    return h("div", { class: "intro" }, h("span", { class: "intro-icon" }, icon("forum")),
      h("h2", {}, `No posts in ${forum.name} yet`),
      h("p", {}, "An event that is posted here becomes a post of its own."));
  }
  return h("ul", { class: "posts", "aria-label": `Posts in ${forum.name}` }, posts.map(postNode));
}

function postNode(post) {
  const unread = state.unread.has(post.id);
  return h("li", { "data-key": post.id },
    h("a", {
      class: `post${unread ? " post-unread" : ""}`, href: `#/${state.me.id}/${post.id}`,
    },
    h("span", { class: "post-name" }, post.name),
    post.preview && h("span", { class: "post-preview" }, renderInline(post.preview)),
    h("span", { class: "post-notes" },
      (post.tags ?? []).map((tag) => h("span", { class: "post-tag" }, tag)),
      h("span", {}, nameOf(post.owner_id) ?? "Someone"),
      h("time", {
        datetime: new Date(post.created_ms).toISOString(), title: fullLabel(post.created_ms),
      }, messageStamp(post.created_ms)),
      post.locked && h("span", {}, "Locked"),
      post.archived && h("span", {}, "Archived"),
      unread && h("span", { class: "post-new" }, "New"))));
}
