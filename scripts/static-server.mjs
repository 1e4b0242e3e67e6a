// A plain static file server, like the hosts the site is made for: no headers but type and length, no fallback pages.
// Used by `make serve` and by the browser tests.
//   node scripts/static-server.mjs dist [--host 127.0.0.1] [--port 8080]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".tif": "image/tiff",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm", // without it the browser cannot compile while it downloads
  ".zip": "application/zip",
};

/// Serves `folder` under `prefix` ("/" or "/some/where/"); port 0 takes a free one. Resolves to `{ url, close }`.
export function serve(folder, { host = "127.0.0.1", port = 0, prefix = "/" } = {}) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const answer = (status, text, headers = {}) => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
      response.end(text);
    };
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "only GET and HEAD");
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    } catch {
      return answer(400, "malformed address");
    }
    if (`${path}/` === prefix) return answer(301, "", { location: prefix });
    if (!path.startsWith(prefix)) return answer(404, "not found");
    let file = resolve(root, path.slice(prefix.length));
    if (path.endsWith("/")) file = resolve(file, "index.html");
    // The address may hold "..": nothing above the folder is ours to give.
    if (!file.startsWith(root + sep) || !existsSync(file) || !statSync(file).isFile()) return answer(404, "not found");
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": statSync(file).size,
      // File names hold hashes, index.html does not: asking every time is what keeps a rebuilt page fresh.
      "cache-control": "no-cache",
    });
    if (request.method === "HEAD") return response.end();
    createReadStream(file).on("error", () => response.destroy()).pipe(response);
  });
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, host, () => {
      const { port: taken } = server.address();
      const name = host === "127.0.0.1" || host === "0.0.0.0" ? "localhost" : host;
      done({
        url: `http://${name}:${taken}${prefix}`,
        close: () => new Promise((closed) => {
          server.close(closed);
          server.closeAllConnections?.();
        }),
      });
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = "dist", ...options] = process.argv.slice(2);
  const option = (name, otherwise) => (options.includes(name) ? options[options.indexOf(name) + 1] : otherwise);
  const host = option("--host", "127.0.0.1");
  const port = Number(option("--port", "8080"));
  if (!existsSync(folder)) {
    console.error(`error: there is no folder ${folder}\n  try: make dist`);
    process.exit(1);
  }
  try {
    const { url } = await serve(folder, { host, port });
    console.log(`\nAlloyscope is at  ${url}   (Ctrl+C stops it)`);
  } catch (error) {
    const why = error.code === "EADDRINUSE" ? `port ${port} is already in use` : error.message;
    console.error(`error: cannot serve on ${host}:${port}: ${why}\n  try: make serve PORT=${port + 1}`);
    process.exit(1);
  }
}
