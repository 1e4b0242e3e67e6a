// Keeps the built page in the browser, so that it works without network after the first visit. scripts/offline.mjs fills in
// the build and its files and puts this beside the page as service-worker.js.
//
// Nobody stays on an old build: the page itself is asked of the server first, every time, and the kept one is shown only
// where the server does not answer. All other files have names that hold their content, so that a kept one is never stale.
// A newer build is kept beside the older one until its pages are gone; it takes over when the page says so.

const BUILD = "{build}";
const FILES = {files};

// Other copies of the page may lie in other folders of the same site.
const OURS = `alloyscope ${self.registration.scope} `;
const CACHE = OURS + BUILD;
const PROJECTS = `${OURS}projects`;
/// How long the server has for the page, where there is a kept one (ms).
const PATIENCE = 4000;
/// Largest hosted project that is kept (bytes).
const LARGEST_PROJECT = 32e6;

const address = (name) => new URL(name, self.registration.scope).href;

/// Keeps all files of this build, or none.
async function keep() {
  const cache = await caches.open(CACHE);
  try {
    for (const [name, integrity] of Object.entries(FILES)) {
      const response = await fetch(new Request(address(name), { integrity }));
      if (!response.ok) throw new Error(`${name}: status ${response.status}`);
      await cache.put(address(name), response);
    }
    // Some hosts change the page on its way, so that it has no digest of its own: it must be of this build.
    const page = await fetch(address("./"), { cache: "no-store" });
    const text = await page.text();
    if (!page.ok || !text.includes(`content="${BUILD}"`)) throw new Error("the page is of another build");
    await cache.put(address("./"), new Response(text, { headers: { "content-type": "text/html; charset=utf-8" } }));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/// Lets go what no open page can need: all but this build and the one before it.
async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE && name !== PROJECTS);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/// A kept file: of this build, or else of the one before.
async function kept(url) {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE && name !== PROJECTS);
  for (const name of [CACHE, ...names.reverse()]) {
    const found = await (await caches.open(name)).match(url, { ignoreSearch: true });
    if (found) return found;
  }
  return undefined;
}

async function page(request) {
  const old = await kept(address("./"));
  if (!old) return fetch(request);
  const late = new Promise((done) => setTimeout(() => done(old), PATIENCE));
  const fresh = fetch(request).then((response) => (response.status >= 500 ? old : response)).catch(() => old);
  return Promise.race([fresh, late]);
}

async function project(request) {
  const cache = await caches.open(PROJECTS);
  try {
    const response = await fetch(request);
    if (response.ok && Number(response.headers.get("content-length") ?? Infinity) <= LARGEST_PROJECT) {
      await cache.put(request.url, response.clone());
    }
    return response;
  } catch (error) {
    const found = await cache.match(request.url);
    if (found) return found;
    throw error;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => {
  if (event.data === "build") event.ports[0]?.postMessage(BUILD);
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(self.registration.scope)) return;
  const name = url.pathname.slice(new URL(self.registration.scope).pathname.length);
  if (request.mode === "navigate") {
    if (name === "" || name === "index.html") event.respondWith(page(request));
  } else if (name.endsWith(".alloy")) {
    event.respondWith(project(request));
  } else if (name !== "service-worker.js" && /-[0-9a-f]{8,16}(_bg)?\.\w+$/.test(name)) {
    event.respondWith(kept(address(name)).then((found) => found ?? fetch(request)));
  }
});
