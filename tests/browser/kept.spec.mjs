// Nobody loses work: files stay in the browser over reloads and closed tabs, until they are let go.

import { assert, openPage, test } from "./harness.mjs";
import { broken, series } from "./forge.mjs";
import { answer, at, idle, openFiles, settled } from "./steps.mjs";

/// Waits until the browser has written a series down, which it does while the first image is being analyzed.
const written = (page) => page.waitForFunction(() => new Promise((found) => {
  const request = indexedDB.open("alloyscope");
  request.onerror = () => found(false);
  // Not there yet: what this request would make is taken back.
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = () => {
    const count = request.result.transaction("series").objectStore("series").count();
    count.onsuccess = () => found(count.result > 0);
    count.onerror = () => found(false);
    request.result.close();
  };
}));

const frames = (page) => page.locator('[role="option"]').count();

test("a reload brings back images and decisions", async ({ page }) => {
  await openFiles(page, series());
  const count = await frames(page);
  await at(page, "radius-b-toggle").click();
  await idle(page);
  const said = await answer(page);
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  assert.equal(await frames(page), count);
  assert.equal(await answer(page), said);
  // The images are there, not only what was made of them.
  await page.waitForFunction(() => document.querySelectorAll('[data-test="strip"] canvas').length > 1);
  assert.match(await page.locator(".messages").innerText(), /restored/);
});

test("a reload in the middle of opening and of an analysis brings the series back", async ({ page }) => {
  await at(page, "file-input").setInputFiles(series());
  await at(page, "strip").waitFor();
  await written(page);
  await page.reload();
  await at(page, "strip").waitFor();
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  assert.ok((await frames(page)) > 2);
});

test("another tab is offered what a closed one had open, and forgets it when told", async ({ page, context, site }) => {
  await openFiles(page, series());
  const count = await frames(page);
  const other = await context.newPage();
  await openPage(other, site);
  await at(other, "kept-open").click();
  await at(other, "strip").waitFor();
  await idle(other);
  assert.equal(await frames(other), count);
  // Two tabs at once: each has its own.
  await page.locator(".menu summary", { hasText: "Sample" }).click();
  await page.getByRole("button", { name: "Au core, Ag shell" }).click();
  await idle(page);
  await other.reload();
  await at(other, "strip").waitFor();
  await idle(other);
  assert.equal(await frames(other), count);

  const third = await context.newPage();
  await openPage(third, site);
  assert.match(await at(third, "kept").innerText(), /\d files?, [\d.]+ [kM]B, \d{4}-\d\d-\d\d/);
  await at(third, "kept-forget").click();
  await at(third, "kept").waitFor({ state: "detached" });
  await other.reload();
  await at(other, "drop-zone").waitFor();
  await settled(other);
  assert.ok(await at(other, "drop-zone").isVisible());
});

test("nothing is kept where that is not wanted", async ({ page, context, site }) => {
  await openFiles(page, series());
  await page.locator(".menu summary", { hasText: "Open" }).click();
  await at(page, "kept-menu").click();
  await at(page, "kept-open").waitFor();
  await at(page, "keep").uncheck();
  await at(page, "kept-open").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  assert.ok((await frames(page)) > 2, "what is open stays open");
  const other = await context.newPage();
  await openPage(other, site);
  assert.equal(await at(other, "kept").count(), 0);
  await openFiles(other, series());
  await other.reload();
  await at(other, "drop-zone").waitFor();
});

test("files that are good for nothing are not kept", async ({ page }) => {
  await at(page, "file-input").setInputFiles([broken(series()[1])]);
  await at(page, "failures").waitFor();
  await settled(page);
  await page.waitForFunction(() => document.querySelectorAll('[data-test="kept-open"]').length === 0);
  await page.reload();
  await at(page, "file-input").waitFor({ state: "attached" });
  await page.waitForTimeout(500);
  assert.equal(await at(page, "kept-open").count(), 0);
  assert.equal(await page.locator(".messages .message").count(), 0);
});
