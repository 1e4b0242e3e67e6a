// The built site behind a plain static server, in a sub-folder as on a shared host; Chromium with a new profile; and a
// watch on its pages. Used by the tests (harness.mjs), the pictures (screenshots.mjs) and whatever else needs the page.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/static-server.mjs";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const DIST = resolve(process.env.ALLOYSCOPE_DIST ?? join(ROOT, "dist"));
const PREFIX = "/some/where/";
// One list of flags for both kinds of browser test.
const FLAGS = JSON.parse(readFileSync(join(ROOT, "webdriver.json"), "utf8"))["goog:chromeOptions"].args;

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error("no Chromium on the PATH; try: scripts/setup.sh browser, or set CHROMIUM to the program");
}

/// Starts Chromium; `close()` also removes whatever it wrote.
export async function launchBrowser() {
  const scratch = mkdtempSync(join(tmpdir(), "alloyscope-browser-"));
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: FLAGS.filter((flag) => flag !== "--headless"), // Playwright says that itself
    downloadsPath: join(scratch, "downloads"),
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/// Serves the built site under a sub-folder of a free port.
export async function openSite() {
  if (!existsSync(join(DIST, "index.html"))) throw new Error(`there is no page in ${DIST}; try: make dist`);
  return serve(DIST, { prefix: PREFIX });
}

/// Collects what goes wrong in any page of a context, workers included, and lets no request leave the site.
export async function watch(context, site) {
  const problems = [];
  const origin = new URL(site.url).origin;
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (/^(data|blob):/.test(url) || new URL(url).origin === origin) return route.continue();
    problems.push(`request to a foreign origin: ${url}`);
    return route.abort();
  });
  await context.exposeBinding("__policyViolation", (_, text) => problems.push(`content security policy: ${text}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      window.__policyViolation(`${event.effectiveDirective} blocked ${event.blockedURI} (${event.sourceFile ?? ""}:${event.lineNumber} ${event.sample})`));
  });
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console error: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.push(`uncaught error: ${error.error().stack ?? error.error()}`));
  context.on("requestfailed", (request) => {
    // A page that is closed or navigated gives up on what is still loading: not a fault.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") problems.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
  });
  context.on("page", (page) => page.on("crash", () => problems.push("the page crashed")));
  return problems;
}

/// Opens the page and waits until its program runs (Trunk fires an event, which a test cannot be early enough for:
/// anything that the program puts into the body is the sign).
export async function openPage(page, site, path = "") {
  await page.goto(site.url + path);
  await page.locator("body > :not(script, noscript)").first().waitFor({ state: "attached" });
}
