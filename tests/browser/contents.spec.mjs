// What a file holds: its signals, of which another is taken, their calibrations with tags, and the tree of tags.

import { assert, test } from "./harness.mjs";
import { twoSignals } from "./forge.mjs";
import { at, openFiles, settled } from "./steps.mjs";

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
