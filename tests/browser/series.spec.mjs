// What the program finds out about a series, and what the user makes of it: which element is inside, which of several series is
// meant, files for every figure.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, openPage, test } from "./harness.mjs";
import { series } from "./forge.mjs";
import { at, download, idle, openFiles, openSample } from "./steps.mjs";

/// Brightnesses of gold inside silver.
const GOLD_INSIDE = { core: 1, shell: 0.4 };

const pair = async (page) => `${await at(page, "core").inputValue()}@${await at(page, "shell").inputValue()}`;

test("the first image says which element is inside; undo and the user have the last word", async ({ page, site }) => {
  await openFiles(page, series());
  assert.equal(await pair(page), "Ag@Au");
  assert.equal(await page.locator(".messages .message").count(), 0);

  await openFiles(page, series(GOLD_INSIDE));
  assert.equal(await pair(page), "Au@Ag");
  const [, chosen, other] = (await page.locator(".messages").innerText()).match(/Au is the core .* the first image says \(χ²\/ν = ([\d.]+), the other way round ([\d.]+)\)\. Undo/);
  assert.ok(Number(other) > 3 * Number(chosen), `${chosen} and ${other}`);
  await at(page, "notice-count").click();
  assert.match(await at(page, "notices").innerText(), /Au inside and Ag outside is an assumption/);
  await at(page, "notice-count").click();

  await page.keyboard.press("Control+z");
  await idle(page);
  assert.equal(await pair(page), "Ag@Au");
  assert.ok(await at(page, "undo").isDisabled());
  // The same files again: the decision stands.
  await openPage(page, site);
  await openFiles(page, series(GOLD_INSIDE));
  assert.equal(await pair(page), "Ag@Au");
  await at(page, "core").selectOption("Au");
  await at(page, "shell").selectOption("Ag");
  await idle(page);
  await at(page, "notice-count").click();
  assert.doesNotMatch(await at(page, "notices").innerText(), /is an assumption/);
});

test("of several series in a folder another one can be chosen, and each keeps its decisions", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-series-"));
  try {
    for (const [name, kind, count] of [["cold", {}, 5], ["warm", GOLD_INSIDE, 4]]) {
      mkdirSync(join(folder, name));
      // Without its first image the warm series has a row in its table that is not found.
      for (const file of series(kind).slice(5 - count)) writeFileSync(join(folder, name, file.name), file.buffer);
    }
    await at(page, "folder-input").setInputFiles(folder);
    await at(page, "strip").waitFor();
    await idle(page);
    const choose = at(page, "choose-series");
    assert.deepEqual(await choose.locator("option").allInnerTexts(), ["cold (4 frames)", "warm (3 frames)"]);
    assert.equal(await page.locator('[role="option"]').count(), 4);
    await at(page, "radius-b-toggle").click();
    await idle(page);

    await choose.selectOption({ label: "warm (3 frames)" });
    await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 3);
    await idle(page);
    assert.equal(await pair(page), "Au@Ag");
    assert.equal(await at(page, "radius-b-toggle").innerText(), "free");
    await at(page, "notice-count").click();
    assert.match(await at(page, "notices").innerText(), /'warm' was opened, not cold \(4 frames\)/);
    await at(page, "notice-count").click();

    await choose.selectOption({ label: "cold (4 frames)" });
    await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 4);
    await idle(page);
    assert.equal(await at(page, "radius-b-toggle").innerText(), "fixed");
    assert.equal(await pair(page), "Ag@Au");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every figure has its files, by keyboard too, named after series and figure", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "frame-2").click();
  for (const [figure, file, header] of [
    ["strip", "series", /^frame,file,plane,temperature_K,.*center_se_px.*\n0,/],
    ["frame", "frame2", /^frame,file,.*\n2,[^\n]*\n$/],
    ["profile", "profile-frame2", /^frame,radius_nm,value,standard_error,pixel_count,model\n2,/],
    ["profiles", "profiles", /^frame,radius_nm,.*\n0,/],
    ["diffusivity", "diffusivity", /^index,temperature_K,.*\n1,/],
  ]) {
    const files = {};
    for (const end of ["svg", "png", "csv"]) {
      await at(page, `save-${figure}`).press("Enter");
      const [offer] = await Promise.all([page.waitForEvent("download"), at(page, `save-${figure}-${end}`).press("Enter")]);
      assert.equal(offer.suggestedFilename(), `ag@au-${file}.${end}`);
      files[end] = await offer.createReadStream().then((stream) => stream.toArray()).then((parts) => Buffer.concat(parts));
      // The menu is closed and the focus is back where it was.
      assert.equal(await page.evaluate(() => document.activeElement.dataset.test), `save-${figure}`);
    }
    assert.match(files.svg.toString(), /^<svg[\s\S]*<text[\s\S]*<\/svg>\s*$/);
    assert.equal(files.png.subarray(1, 4).toString("latin1"), "PNG");
    assert.ok(files.png.length > 10_000, `${figure}: ${files.png.length} bytes`);
    assert.match(files.csv.toString(), header);
  }
});

test("an open menu closes by Escape and by a click elsewhere", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const open = page.locator("details.menu[open]");
  await at(page, "save-profile").press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.equal(await open.count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.test), "save-profile");
  await at(page, "save-strip").click();
  await at(page, "export").click();
  assert.equal(await open.count(), 1);
  await page.locator("h1").click();
  assert.equal(await open.count(), 0);
});

test("without a pixel size a profile is saved in pixels", async ({ page }) => {
  await at(page, "file-input").setInputFiles(series({ columns: ["temperature_K"] }));
  await at(page, "analysis-failed").waitFor();
  await at(page, "save-profile").click();
  const csv = await download(page, "save-profile-csv");
  assert.match(csv.toString(), /^frame,radius_px,.*\n0,[\d.]+,[\d.-]+,[\d.]+,\d+,\n/);
});

test("notices of one kind stand once, with their frames and all they say; a sample has none", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  assert.equal(await at(page, "notice-count").count(), 0);
  const images = series().filter((file) => file.name.endsWith(".tif"));
  const named = images.map((file, i) => ({ ...file, name: `${i}_${300 + 25 * i}K.tif` }));
  await at(page, "file-input").setInputFiles(named);
  await at(page, "notice-count").click();
  const kinds = at(page, "notices").locator(":scope > li", { hasText: "K.tif" });
  assert.equal(await kinds.count(), 1);
  assert.match(await kinds.locator("summary").innerText(), new RegExp(`^frames 0–${named.length - 1}: .*${named.length - 1} more`, "s"));
  await kinds.locator("summary").click();
  assert.match(await kinds.innerText(), /1_325K\.tif: temperature 325\.00 K/);
});
