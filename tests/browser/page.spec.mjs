// The page as a whole: it opens from a sub-folder, under its policy, without a word in the console.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, DIST, openPage, test } from "./harness.mjs";

test("the page opens with its name and description", async ({ page }) => {
  assert.match(await page.title(), /Alloyscope/);
  assert.match(await page.locator('meta[name="description"]').getAttribute("content"), /nothing leaves your computer/i);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
});

test("the policy allows the script that starts the page, and no other", { allow: [/script-src/] }, async ({ page }) => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
  const script = html.match(/<script type="module">([\s\S]*?)<\/script>/)[1];
  assert.ok(policy.includes(`'sha256-${createHash("sha256").update(script).digest("base64")}'`), policy);
  assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'|https?:|\*|inline-script-hashes/);

  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.intruder = true";
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.intruder), undefined);
});

test("the page can send nothing to anyone else", { allow: [/connect-src/, /img-src/, /Fetch API cannot load/, /beacon\.png csp/] }, async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    const image = new Image();
    const loaded = new Promise((done) => { image.onload = () => done("loaded"); image.onerror = () => done("blocked"); });
    image.src = "https://example.org/beacon.png";
    const fetched = await fetch("https://example.org/", { method: "POST", body: "data" }).then(() => "sent", () => "blocked");
    return [await loaded, fetched];
  });
  assert.deepEqual(outcome, ["blocked", "blocked"]);
});

test("a worker is under the same policy as the page", async ({ page }) => {
  const outcome = await page.evaluate(() => {
    const code = `fetch("https://example.org/", { method: "POST", body: "data" }).then(() => postMessage("sent"), () => postMessage("blocked"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
    return new Promise((done) => { worker.onmessage = (event) => done(event.data); worker.onerror = () => done("no worker"); });
  });
  assert.equal(outcome, "blocked");
});

test("all addresses are relative, so the site works from any folder", { open: false }, async ({ page, site }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await openPage(page, site);
  assert.ok(requests.length >= 3, requests.join("\n"));
  for (const url of requests.filter((url) => url.startsWith("http"))) assert.ok(url.startsWith(site.url), url);
  assert.doesNotMatch(readFileSync(join(DIST, "index.html"), "utf8"), /(?:href|src)="\//);
});

test("without JavaScript the page says what it needs", { open: false, javaScriptEnabled: false, allow: [/\.js csp$/] }, async ({ page, site }) => {
  await page.goto(site.url);
  assert.match(await page.locator("noscript").innerText(), /JavaScript and WebAssembly/);
});
