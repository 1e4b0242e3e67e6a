// Trunk's post_build hook: one after the other, because Trunk runs hooks side by side and all of them write index.html.

await import("./apart.mjs");
await import("./csp.mjs");
await import("./offline.mjs");
