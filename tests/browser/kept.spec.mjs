// Nobody loses work: files stay in the browser over reloads and closed tabs, until they are let go.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, openPage, test } from "./harness.mjs";
import { broken, series } from "./forge.mjs";
import { answer, at, idle, openFiles, openSample, settled } from "./steps.mjs";

/// Names under which the browser has written files down.
const written = (page) => page.evaluate(() => new Promise((found) => {
  const request = indexedDB.open("alloyscope");
  request.onsuccess = () => {
    const names = request.result.transaction("series").objectStore("series").getAllKeys();
    names.onsuccess = () => found(names.result);
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

test("a reload right after the drop, or in the middle of an analysis, brings the series back", async ({ page }) => {
  await at(page, "file-input").setInputFiles(series());
  await page.reload();
  await at(page, "strip").waitFor();
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  assert.ok((await frames(page)) > 2);
  // Once, under the name of the set.
  const names = await written(page);
  assert.equal(names.length, 1, names.join());
  assert.ok(!/opening/.test(names[0]), names[0]);
});

test("a reload right after files were added brings them back, beside what is open and what was decided about it", async ({ page }) => {
  const files = series();
  const [last] = files.splice(3, 1);
  await openFiles(page, files);
  const count = await frames(page);
  await at(page, "radius-b-toggle").click();
  await idle(page);
  const fixed = await at(page, "radius-b-toggle").getAttribute("aria-pressed");
  await page.locator(".menu summary", { hasText: "Open" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Add" }).click()]);
  await chooser.setFiles([last]);
  await page.reload();
  await page.waitForFunction((count) => document.querySelectorAll('[role="option"]').length > count, count);
  await idle(page);
  assert.equal(await frames(page), count + 1);
  assert.equal(await at(page, "radius-b-toggle").getAttribute("aria-pressed"), fixed);
  assert.equal((await written(page)).length, 1);
});

test("files of no use take nothing from the series that is open, which a reload brings back", async ({ page }) => {
  await openFiles(page, series());
  const count = await frames(page);
  const names = await written(page);
  await at(page, "file-input").setInputFiles([broken(series()[1])]);
  await at(page, "open-failed").waitFor();
  await settled(page);
  assert.equal(await frames(page), count);
  await page.waitForTimeout(300);
  assert.deepEqual(await written(page), names);
  await page.reload();
  await at(page, "strip").waitFor();
  assert.equal(await frames(page), count);
  // Nor where the page is left before that is known: then what was open is offered.
  await idle(page);
  await at(page, "file-input").setInputFiles([broken(series()[1])]);
  await page.reload();
  await page.locator('[data-test="failures"], [data-test="open-failed"]').first().waitFor();
  await settled(page);
  await page.waitForTimeout(300);
  assert.deepEqual(await written(page), names);
  await at(page, "kept-open").click();
  await at(page, "strip").waitFor();
  assert.equal(await frames(page), count);
});

test("a browser that keeps nothing is one to work with, and says so", { open: false }, async ({ page, context, site }) => {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };
  });
  await openPage(page, site);
  await openFiles(page, series());
  assert.match(await page.locator(".messages").innerText(), /did not keep/);
  await page.reload();
  await at(page, "drop-zone").waitFor();
});

test("a browser whose storage is full keeps nothing, and says so", { open: false }, async ({ page, context, site }) => {
  // What is over the quota ends its transaction.
  await context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...all) {
      const request = put.apply(this, all);
      this.transaction.abort();
      return request;
    };
  });
  await openPage(page, site);
  await openFiles(page, series());
  await page.getByText(/did not keep the files .* storage is full/).waitFor();
  assert.match(await answer(page), /kJ/);
  assert.deepEqual(await written(page), []);
  // What was decided needs no room to speak of.
  await at(page, "radius-b-toggle").click();
  await idle(page);
  const said = await answer(page);
  await page.reload();
  await openFiles(page, series());
  assert.equal(await answer(page), said);
});

test("files too large to be kept are worked with, and it is said that they are not", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-"));
  try {
    const paths = series().map(({ name, buffer }) => {
      writeFileSync(join(folder, name), buffer);
      return join(folder, name);
    });
    // A gigabyte that takes no room: a file of one hole.
    const large = join(folder, "detector.raw");
    writeFileSync(large, "");
    truncateSync(large, 1.1e9);
    await openFiles(page, [...paths, large]);
    await page.getByText(/not kept in this browser, because they are large \(1\.1 GB\)/).waitFor();
    assert.match(await answer(page), /kJ/);
    assert.deepEqual(await written(page), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

/// Chooses sets of files one after the other, in one turn of the page.
const chooseAtOnce = (page, ...sets) => page.evaluate((sets) => {
  const input = document.querySelector('[data-test="file-input"]');
  for (const files of sets) {
    const chosen = new DataTransfer();
    for (const { name, text } of files) chosen.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}, sets.map((files) => files.map(({ name, buffer }) => ({ name, text: buffer.toString("base64") }))));

const useless = [{ name: "letter.tif", buffer: Buffer.from("Dear reader") }];

test("files dropped while others are being opened take nothing from these: unusable ones leave them open and kept", async ({ page }) => {
  await openSample(page, "sample-au-ag");
  await chooseAtOnce(page, series(), useless);
  await at(page, "open-failed").waitFor();
  await idle(page);
  const [said, count] = [await answer(page), await frames(page)];
  assert.equal(count, series().length - 1, "images without their table");
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  assert.equal(await frames(page), count);
  assert.equal(await answer(page), said);
});

test("unusable files before good ones leave nothing behind", async ({ page }) => {
  await chooseAtOnce(page, useless, series());
  await at(page, "strip").waitFor();
  await idle(page);
  assert.equal(await frames(page), series().length - 1);
  await page.waitForTimeout(300);
  const names = await written(page);
  assert.equal(names.length, 1, names.join());
  assert.ok(!/opening/.test(names[0]), names[0]);
});

test("a sample of spectra asked for while a series is being opened is shown, and the page is at rest", async ({ page }) => {
  await openSample(page, "sample-au-ag");
  await chooseAtOnce(page, series());
  await page.evaluate(() => document.querySelector('[data-test="menu-sample-cu-mg"]').click());
  await settled(page);
});
