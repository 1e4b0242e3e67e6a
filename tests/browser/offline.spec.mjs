// Without network after the first visit, and never on an old build.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../scripts/static-server.mjs";
import { assert, DIST, openPage, ROOT, test } from "./harness.mjs";
import { series } from "./forge.mjs";
import { answer, at, idle, openFiles, openSample } from "./steps.mjs";

const PREFIX = "/some/where/";

/// A test with servers of its own, which the watch of the harness would take for foreign ones.
function visit(name, body) {
  test(name, { open: false }, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(20_000);
    const problems = [];
    context.on("weberror", (error) => problems.push(String(error.error())));
    try {
      await body({ context, page: await context.newPage() });
    } finally {
      await context.close();
    }
    assert.deepEqual(problems, []);
  });
}

/// A folder with the built page, and a copy of it that is another build.
function folders() {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-offline-"));
  const older = () => {
    cpSync(DIST, folder, { recursive: true });
    const page = join(folder, "index.html");
    writeFileSync(page, readFileSync(page, "utf8").replace("<title>Alloyscope", "<title>Older Alloyscope"));
    execFileSync(process.execPath, [join(ROOT, "scripts/offline.mjs"), folder]);
  };
  return { folder, older, newer: () => cpSync(DIST, folder, { recursive: true }), remove: () => rmSync(folder, { recursive: true }) };
}

/// Waits until what is asked in the page, which takes a while to answer, is so.
async function until(page, question, argument) {
  for (const end = Date.now() + 20_000; Date.now() < end; await page.waitForTimeout(100)) {
    if (await page.evaluate(question, argument)) return;
  }
  assert.fail(`not within 20 s: ${question}`);
}

/// Waits until the page is kept and looked after by its worker.
const kept = (page) => until(page, async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  return registration?.active?.state === "activated" && Boolean(navigator.serviceWorker.controller);
});

visit("the page works without network after the first visit", async ({ page, context }) => {
  const { folder, newer, remove } = folders();
  newer();
  const site = await serve(folder, { prefix: PREFIX });
  try {
    await openPage(page, site);
    await kept(page);
    await site.close();
    // The server is gone: a new visit, a sample, a series of one's own, and a reload that brings it back.
    await page.close();
    const again = await context.newPage();
    await openPage(again, site);
    await openSample(again, "sample-ag-au");
    // HDF5 too, whose reader is fetched with the first such file.
    const hdf5 = { name: "new.h5", mimeType: "application/octet-stream", buffer: readFileSync(join(ROOT, "tests/data/hdf5_new.h5")) };
    await at(again, "file-input").setInputFiles([hdf5]);
    await again.waitForFunction(() => document.querySelector('[data-test="series-name"]')?.innerText === "new");
    await openFiles(again, series());
    await again.waitForFunction(() => document.querySelector('[data-test="series-name"]')?.innerText === "series");
    await idle(again);
    const said = await answer(again);
    await again.reload();
    await at(again, "strip").waitFor();
    await idle(again);
    assert.equal(await answer(again), said);
    // An embedded page as well, whatever stands behind its address.
    await openPage(again, site, "?embed=1");
  } finally {
    await site.close().catch(() => {});
    remove();
  }
});

visit("a page that stays open is told of a newer build, and uses it after one click", async ({ page }) => {
  const { folder, older, newer, remove } = folders();
  older();
  const site = await serve(folder, { prefix: PREFIX });
  try {
    await openPage(page, site);
    await kept(page);
    assert.equal(await page.title(), "Older Alloyscope");
    await openFiles(page, series());
    newer();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await at(page, "newer").waitFor();
    await at(page, "renew").click();
    await page.waitForFunction(() => document.title === "Alloyscope");
    // What was open is open.
    await at(page, "strip").waitFor();
    await idle(page);
    assert.equal(await at(page, "newer").count(), 0);
  } finally {
    await site.close();
    remove();
  }
});

visit("an ordinary visit shows the newest build, and then keeps that one", async ({ page }) => {
  const { folder, older, newer, remove } = folders();
  older();
  const site = await serve(folder, { prefix: PREFIX });
  try {
    await openPage(page, site);
    await kept(page);
    newer();
    await openPage(page, site);
    assert.equal(await page.title(), "Alloyscope");
    assert.equal(await at(page, "newer").count(), 0);
    // The worker of the newer build takes over without a word, since the page is of that build already.
    const build = await page.locator('meta[name="build"]').getAttribute("content");
    await until(page, async (build) => {
      const registration = await navigator.serviceWorker.getRegistration();
      const names = await caches.keys();
      return !registration.waiting && !registration.installing && names.some((name) => name.endsWith(build));
    }, build);
    await site.close();
    await openPage(page, site);
    assert.equal(await page.title(), "Alloyscope");
  } finally {
    await site.close().catch(() => {});
    remove();
  }
});

visit("a build that the server does not have whole is not kept", async ({ page }) => {
  const { folder, older, newer, remove } = folders();
  older();
  const site = await serve(folder, { prefix: PREFIX });
  try {
    await openPage(page, site);
    await kept(page);
    // In the middle of an upload: the worker is new, the page is not.
    const page_ = readFileSync(join(folder, "index.html"));
    newer();
    writeFileSync(join(folder, "index.html"), page_);
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update();
      const worker = registration.installing;
      if (!worker) return "none";
      return new Promise((done) => worker.addEventListener("statechange", () => done(worker.state)));
    });
    assert.equal(outcome, "redundant");
    await site.close();
    await openPage(page, site);
    assert.equal(await page.title(), "Older Alloyscope");
  } finally {
    await site.close().catch(() => {});
    remove();
  }
});
