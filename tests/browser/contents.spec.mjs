// What a file holds: its signals, of which another is taken, their calibrations with tags, and the tree of tags.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../scripts/static-server.mjs";
import { assert, DIST, openPage, ROOT, test } from "./harness.mjs";
import { series, twoSignals } from "./forge.mjs";
import { answer, at, idle, openFiles, settled } from "./steps.mjs";

/// An HDF5 file of two pictures.
const hdf5 = (name = "new.h5") => ({
  name,
  mimeType: "application/octet-stream",
  buffer: readFileSync(join(ROOT, "tests/data/hdf5_new.h5")),
});
/// The WebAssembly of its reader.
const READER = /alloyscope-hdf5-.*\.wasm$/;

/// Waits until the line of the selected frame's signal gives this side of the image (px): the worker looks into the file once more.
const sided = (page, side) => page.waitForFunction(
  (side) => document.querySelector('[data-test="signal"][aria-pressed="true"]')?.innerText.includes(`${side} × ${side}`),
  side,
);

test("another signal of the files is taken, and undo takes that back", async ({ page }) => {
  await openFiles(page, twoSignals());
  await at(page, "contents-open").click();
  await at(page, "contents-why").waitFor();
  assert.match(await at(page, "contents-file").innerText(), /00_300K\.dm3: Gatan DM3, 2 signals/);
  assert.match(await at(page, "contents-why").innerText(), /HAADF is taken, because it is the HAADF image/);
  assert.equal(await at(page, "signal").count(), 2);
  assert.equal(await at(page, "use-signal").count(), 1);
  await sided(page, 160);

  // A look at the other one changes nothing.
  await at(page, "signal").nth(1).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-test="signal"]')[1].getAttribute("aria-pressed") === "true");
  assert.equal(await at(page, "undo").isDisabled(), true);

  await at(page, "use-signal").click();
  await page.waitForFunction(() => /MAADF was chosen by hand/.test(document.querySelector('[data-test="contents-why"]').textContent));
  await settled(page);
  await sided(page, 128);
  await page.keyboard.press("Escape");
  // All files are read with theirs of that name, and temperatures stay.
  for (const frame of [0, 1, 2]) {
    await page.waitForFunction((frame) => !!document.querySelector(`[data-test="frame-${frame}"] canvas`), frame);
  }
  assert.match(await at(page, "frame-1").innerText(), /400 K/);

  await at(page, "undo").click();
  await settled(page);
  assert.equal(await at(page, "undo").isDisabled(), true, "one step");
  await at(page, "contents-open").click();
  await page.waitForFunction(() => /HAADF is taken/.test(document.querySelector('[data-test="contents-why"]').textContent));
  await sided(page, 160);
});

test("calibrations name their tags, and tags are browsed and searched by keys", async ({ page }) => {
  await openFiles(page, twoSignals());
  await at(page, "contents-open").focus();
  await page.keyboard.press("Enter");
  await at(page, "calibration").waitFor();
  assert.match(await at(page, "calibration").innerText(), /160 steps of 0\.05\d* nm[^]*Calibrations\.Dimension[^]*pixel\s+0\.05\d* nm\s+\S*Calibrations/);

  for (const name of [/^ImageList/, /^0/, /^ImageTags/, /^DataBar/]) {
    await at(page, "twig").filter({ hasText: name }).focus();
    await page.keyboard.press("Enter");
  }
  assert.match(await at(page, "tags").innerText(), /Signal Name\s+HAADF/);

  await at(page, "tag-search").fill("signal NAME");
  assert.match(await at(page, "tag-count").innerText(), /^1 of \d+$/);
  assert.match(await at(page, "tags").innerText(), /^\S*DataBar\.Signal Name\s+HAADF$/);
  await at(page, "tag-search").fill("nowhere");
  assert.match(await at(page, "tag-count").innerText(), /^0 of \d+$/);
});

test("on a narrow screen nothing is cut off", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await openFiles(page, twoSignals());
  await at(page, "contents-open").click();
  await at(page, "calibration").waitFor();
  const wide = await page.evaluate(() => {
    const dialog = document.querySelector("dialog[open]");
    return [dialog.scrollWidth - dialog.clientWidth, document.documentElement.scrollWidth - innerWidth];
  });
  assert.deepEqual(wide.map((w) => Math.max(0, w)), [0, 0]);
});

/// Opens the file and waits for its picture.
async function openPicture(page, file) {
  await at(page, "file-input").setInputFiles([file]);
  const name = file.name.replace(".h5", "");
  await page.waitForFunction((name) => document.querySelector('[data-test="series-name"]')?.innerText.includes(name), name);
  await settled(page);
}

test("the reader of HDF5 is loaded once, with the first such file", async ({ page, context }) => {
  const loaded = [];
  context.on("request", (request) => READER.test(request.url()) && loaded.push(request.url()));
  await openFiles(page, series());
  assert.equal(loaded.length, 0);
  for (const name of ["new.h5", "unknown"]) {
    await openPicture(page, hdf5(name));
    await at(page, "contents-open").click();
    await page.waitForFunction(() => /HDF5, 2 signals/.test(document.querySelector('[data-test="contents-file"]')?.innerText));
    assert.match(await at(page, "contents").innerText(), /6 × 9/);
    await page.keyboard.press("Escape");
  }
  assert.equal(loaded.length, 1);
});

test("without its reader HDF5 is an error in words, and what is open stays", { open: false }, async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-part-"));
  cpSync(DIST, folder, { recursive: true });
  for (const name of readdirSync(folder)) if (READER.test(name)) rmSync(join(folder, name));
  const site = await serve(folder);
  // Without the watch of the harness, which would not let a part be missing.
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    await openPage(page, site);
    await openFiles(page, series());
    const said = await answer(page);
    await at(page, "file-input").setInputFiles([hdf5()]);
    await at(page, "open-failed").waitFor();
    assert.match(await at(page, "open-failed").innerText(), /reader could not be loaded[^]*connect to the network/);
    await idle(page);
    assert.equal(await answer(page), said);
  } finally {
    await context.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
});
