// From files to D(T) in the page: the samples, files of one's own, broken ones among good ones, the circle by mouse,
// key and number, undo, saved decisions, exports.

import { createHash } from "node:crypto";
import { assert, openPage, test } from "./harness.mjs";
import { broken, series } from "./forge.mjs";
import { answer, at, idle, number, openFiles, openSample, saved } from "./steps.mjs";

/// What the Ag@Au sample is made with (src/simulate/preset.rs).
const SAMPLE_E_J_MOL = 50_000;

test("one click on a sample gives D(T) with the truth inside the errors", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const said = await answer(page);
  assert.match(said, /E = .* kJ\/mol .*D\(\d+ K\) = /);
  const result = JSON.parse(await saved(page, "export-json"));
  const { E_low: low, E_high: high } = result.arrhenius;
  // Three times the 68 % interval: a sample of one seed lies outside of it in one of 370 cases, and this seed is fixed.
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  assert.ok(Math.abs(SAMPLE_E_J_MOL - middle) < 3 * half, `E = ${low} … ${high} J/mol, truth ${SAMPLE_E_J_MOL}`);
});

test("files with a series.csv are analyzed, and frames are selected everywhere at once", async ({ page }) => {
  await openFiles(page, series());
  assert.equal(await page.locator('[role="option"]').count(), 4);
  assert.match(await answer(page), /D\(\d+ K\)|No step/);
  await at(page, "strip").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.equal(await at(page, "frame-2").getAttribute("aria-selected"), "true");
  assert.match(await page.locator(".frame header").innerText(), /450 K/);
  assert.match(await at(page, "plot-profile").locator(".plot-canvas").getAttribute("aria-label"), /450/);
});

test("what is exported names every file by its SHA-256", async ({ page }) => {
  const files = series();
  await openFiles(page, files);
  const { frames } = JSON.parse(await saved(page, "export-json")).project.series;
  assert.equal(frames.length, 4);
  for (const { file, digest } of frames) {
    const { buffer } = files.find(({ name }) => name === file);
    assert.equal(digest, createHash("sha256").update(buffer).digest("hex"), file);
  }
});

test("a broken file is named with its reason, the others are analyzed", async ({ page }) => {
  const files = series();
  await openFiles(page, [...files, broken(files[1])]);
  assert.match(await at(page, "failures").innerText(), /broken_01_400K\.tif[\s\S]*ends too early/);
  assert.equal(await page.locator('[role="option"]').count(), 4);
});

test("files that hold no image are refused in words", async ({ page }) => {
  await at(page, "file-input").setInputFiles([{ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear reader") }]);
  await page.locator('[data-test="failures"], [data-test="open-failed"]').first().waitFor();
});

test("the circle is moved by mouse, key and number; each is one step of undo", async ({ page }) => {
  await openFiles(page, series());
  const start = await number(page, "circle-x");
  const box = await at(page, "frame-view").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 20, y, { steps: 5 });
  await page.mouse.up();
  const dragged = await number(page, "circle-x");
  assert.ok(dragged > start + 1, `${start} → ${dragged}`);
  await idle(page);

  await at(page, "frame-view").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(Math.abs((await number(page, "circle-x")) - dragged - 1) < 0.011);
  await page.keyboard.press("Shift+ArrowRight");
  assert.ok(Math.abs((await number(page, "circle-x")) - dragged - 1.1) < 0.011);
  await at(page, "circle-r").fill("30");
  await at(page, "circle-r").press("Enter");
  assert.equal(await number(page, "circle-r"), 30);
  await idle(page);

  await at(page, "frame-view").focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press("Control+z");
  await idle(page);
  assert.ok(Math.abs((await number(page, "circle-x")) - start) < 0.011);
  assert.ok(await at(page, "undo").isDisabled());
  await page.keyboard.press("Control+Shift+z");
  await idle(page);
  assert.ok(Math.abs((await number(page, "circle-x")) - dragged) < 0.011);
});

test("decisions come back with the same files", async ({ page, site }) => {
  await openFiles(page, series());
  await at(page, "radius-a-toggle").click();
  assert.equal(await at(page, "radius-a-toggle").innerText(), "fixed");
  await idle(page);
  await openPage(page, site);
  await openFiles(page, series());
  assert.equal(await at(page, "radius-a-toggle").innerText(), "fixed");
  assert.match(await page.locator(".messages").innerText(), /restored/);
});

test("a block from a spreadsheet fills the table", async ({ page }) => {
  await openFiles(page, series());
  await at(page, "table-toggle").click();
  const dwells = at(page, "cell-dwell");
  await dwells.first().focus();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "120\t0,06\n240\t0,06\n");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  assert.deepEqual([await dwells.nth(0).inputValue(), await dwells.nth(1).inputValue(), await dwells.nth(2).inputValue()], ["120", "240", "600"]);
  assert.equal(await at(page, "cell-pixel").nth(2).inputValue(), "0.06");
  await idle(page);
});

test("every export has content", async ({ page }) => {
  await openSample(page, "sample-au-ag");
  assert.match((await saved(page, "export-csv")).toString(), /^index,temperature_K,.*\n1,/);
  assert.ok((await saved(page, "export-profiles-csv")).toString().split("\n").length > 100);
  const report = (await saved(page, "export-report")).toString();
  assert.match(report, /^<!DOCTYPE html>[\s\S]*<svg[\s\S]*HAADF-STEM images of a Au core[\s\S]*@article/);
  assert.match((await saved(page, "export-python")).toString(), /^#!\/usr\/bin\/env python3[\s\S]*def arrhenius/);
  for (const figure of ["profile", "profiles", "diffusivity"]) {
    assert.match((await saved(page, `export-${figure}-svg`)).toString(), /^<svg[\s\S]*<text[\s\S]*<\/svg>\s*$/);
    const png = await saved(page, `export-${figure}-png`);
    assert.equal(png.subarray(1, 4).toString("latin1"), "PNG");
    assert.ok(png.length > 10_000, `${figure}: ${png.length} bytes`);
  }
});

test("a computation can be ended, and the next one works", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "radius-a").fill("1.0");
  await at(page, "radius-a").press("Enter");
  // It may be over before it can be ended: then there is nothing to end.
  await at(page, "cancel").click({ timeout: 2_000 }).catch(() => {});
  await idle(page);
  await at(page, "radius-a-toggle").click();
  await idle(page);
  assert.match(await answer(page), /E = /);
});
