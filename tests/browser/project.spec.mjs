// Projects as files: saved, dropped, hosted beside the page, in a frame of another page. Figures and tables as files; the history of decisions.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../scripts/static-server.mjs";
import { assert, DIST, openPage, test } from "./harness.mjs";
import { series } from "./forge.mjs";
import { answer, at, download, idle, openFiles, openSample, saved } from "./steps.mjs";

/// Saves the project; `images` says whether with them.
async function save(page, images) {
  await page.keyboard.press("Control+s");
  await at(page, "project-dialog").waitFor();
  if (images !== undefined) await at(page, "project-images").setChecked(images);
  const file = await download(page, "project-save");
  await page.getByText("Saved.").waitFor();
  await page.keyboard.press("Escape");
  assert.match(file.fileName, /\.alloy$/);
  return { name: file.fileName, mimeType: "application/zip", buffer: Buffer.from(file) };
}

/// A page with a profile of its own.
async function stranger(browser, site, path = "") {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  await openPage(page, site, path);
  return page;
}

/// The built page with more files beside it.
async function hosting(files) {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-hosted-"));
  cpSync(DIST, folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const site = await serve(folder, { prefix: "/group/data/" });
  return { ...site, close: async () => { await site.close(); rmSync(folder, { recursive: true }); } };
}

test("a project comes back whole for somebody else, and can be saved again", async ({ page, browser, site }) => {
  await openFiles(page, series());
  await at(page, "radius-b-toggle").click();
  await idle(page);
  const said = await answer(page);
  const file = await save(page, true);
  const other = await stranger(browser, site);
  try {
    await openFiles(other, [file]);
    assert.equal(await answer(other), said);
    await other.waitForFunction(() => document.querySelectorAll('[data-test="strip"] canvas').length > 1);
    // What was in the file goes into the next one: the images are not packed twice, nor lost.
    const again = await save(other, true);
    assert.ok(Math.abs(again.buffer.length - file.buffer.length) < 2000, `${file.buffer.length}, ${again.buffer.length}`);
    // A reload keeps it.
    await other.reload();
    await at(other, "strip").waitFor();
    await idle(other);
    assert.equal(await answer(other), said);
  } finally {
    await other.context().close();
  }
});

test("without images it opens like a link, and takes them up when they come", async ({ page, browser, site }) => {
  await openFiles(page, series());
  const said = await answer(page);
  const file = await save(page, false);
  assert.ok(file.buffer.length < 30_000, `${file.buffer.length} bytes`);
  const other = await stranger(browser, site);
  try {
    await openFiles(other, [file]);
    assert.match(await other.locator(".messages").innerText(), /without its images/);
    await other.locator(".menu summary", { hasText: "Open" }).click();
    const [chooser] = await Promise.all([
      other.waitForEvent("filechooser"),
      other.getByRole("button", { name: "Add files to the series" }).click(),
    ]);
    await chooser.setFiles(series().filter((f) => f.name.endsWith(".tif")));
    await idle(other);
    assert.equal(await answer(other), said);
    await other.waitForFunction(() => document.querySelectorAll('[data-test="strip"] canvas').length > 1);
  } finally {
    await other.context().close();
  }
});

test("a sample says that its images are not saved; a broken project is an error in words", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const file = await save(page);
  await openFiles(page, [file]);
  const broken = { ...file, name: "broken.alloy", buffer: file.buffer.subarray(0, 3000) };
  await at(page, "file-input").setInputFiles([broken]);
  await page.getByText("broken.alloy").first().waitFor();
});

test("a project hosted beside the page opens from the address", async ({ page, browser }) => {
  await openFiles(page, series());
  const said = await answer(page);
  const file = await save(page, true);
  const site = await hosting({ "my particle.alloy": file.buffer, "none.alloy": "no zip" });
  const other = await stranger(browser, site, "?project=my%20particle.alloy");
  try {
    await at(other, "strip").waitFor();
    await idle(other);
    assert.equal(await answer(other), said);
    // A reload keeps the decisions made here; something else that is opened takes its place.
    await other.reload();
    await at(other, "strip").waitFor();
    await idle(other);
    await other.locator(".menu summary", { hasText: "Sample" }).click();
    await other.getByRole("button", { name: "Au core, Ag shell" }).click();
    await idle(other);
    assert.equal(new URL(other.url()).search, "");

    // Errors in words.
    const foreign = `http://example.org/a.alloy`;
    for (const [address, words] of [
      ["missing.alloy", /status 404.*case-sensitive/s],
      [foreign, /not on this site/],
      ["//example.org/a.alloy", /not on this site/],
      ["data:,a", /not on this site/],
    ]) {
      await other.goto(`${site.url}?project=${encodeURIComponent(address)}`);
      await at(other, "open-failed").waitFor();
      assert.match(await at(other, "open-failed").innerText(), words);
    }
    await other.goto(`${site.url}?project=none.alloy`);
    await other.getByText("none.alloy").first().waitFor();
  } finally {
    await other.context().close();
    await site.close();
  }
});

test("embedded, the page is a figure and a way to the whole", async ({ page, browser }) => {
  await openSample(page, "sample-ag-au");
  const file = await save(page);
  const site = await hosting({
    "a.alloy": file.buffer,
    "slide.html": `<!doctype html><title>slide</title><iframe title="figure" src="./?project=a.alloy&embed=1&figure=diffusivity&theme=dark" width="800" height="500"></iframe>`,
  });
  const other = await stranger(browser, site);
  try {
    await other.goto(`${site.url}slide.html`);
    const frame = other.frameLocator("iframe");
    await frame.locator(".diffusivity canvas").first().waitFor({ timeout: 30_000 });
    for (const hidden of [".top", ".strip", ".answer", ".profiles", ".model"]) {
      assert.equal(await frame.locator(hidden).first().isVisible(), false, hidden);
    }
    const theme = await frame.locator("html").getAttribute("data-theme");
    assert.equal(theme, "dark");
    assert.match(await frame.locator('[data-test="way-out"]').getAttribute("href"), /\?project=a\.alloy$/);
    const { width, height } = await frame.locator(".diffusivity").boundingBox();
    assert.ok(width > 700 && height > 400, `${width} × ${height}`);
    // The table behind the figure is there as well, for keys too.
    await frame.locator('.diffusivity .plot-canvas[aria-label^="Diffusion"]').focus();
    await other.keyboard.press("t");
    await frame.locator(".diffusivity .twin td").first().waitFor();
    assert.ok(await frame.locator(".diffusivity .twin table").isVisible());
    // What the slide was told does not stay.
    await other.goto(site.url);
    await at(other, "drop-zone").waitFor();
    assert.equal(await other.locator("html").getAttribute("data-theme"), null);
    // Without a figure, the workspace stays.
    await other.goto(`${site.url}?project=a.alloy&embed=1`);
    await at(other, "strip").waitFor();
    await at(other, "answer").waitFor();
    assert.equal(await other.locator(".top").isVisible(), false);
  } finally {
    await other.context().close();
    await site.close();
  }
});

test("figures are saved by their printed size and copied, tables with decimal commas", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openSample(page, "sample-ag-au");
  const menu = page.locator(".diffusivity details.menu.save").first();
  await menu.locator("summary").click();
  await menu.locator('[data-test="sheet"]').selectOption({ label: "one column, 85 × 68 mm, 7 pt" });
  await menu.locator('[data-test="commas"]').check();
  await menu.locator('[data-test="unit-row"]').check();
  await page.keyboard.press("Escape");
  const svg = (await saved(page, "export-diffusivity-svg")).toString();
  assert.match(svg, /^<svg [^>]*width="85mm" height="68mm"/);
  assert.match(svg, /font-size="9\.3/);
  const png = await saved(page, "export-diffusivity-png");
  assert.equal(png.readUInt32BE(16), Math.round((85 / 25.4) * 96 * 6.25));
  // 600 pixels an inch, so that it is as wide on paper.
  assert.equal(png.toString("latin1", 37, 41), "pHYs");
  assert.equal(png.readUInt32BE(41), 23622);
  const table = (await saved(page, "export-csv")).toString();
  assert.match(table, /;\d+,\d+/);
  assert.match(table, /^index;temperature;.*\n;K;/);
  assert.doesNotMatch(table, /\d\.\d/);
  // The choice outlives the page.
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  await menu.locator("summary").click();
  await menu.locator('[data-test$="-copy"]').click();
  await page.getByText("The figure is on the clipboard.").waitFor();
  const copied = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
  assert.deepEqual(copied, ["image/png"]);
});

test("the history of decisions is a list to go back in", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  assert.equal(await at(page, "history").count(), 0);
  await at(page, "radius-b-toggle").click();
  await idle(page);
  await page.locator('[role="option"]').nth(2).click();
  await page.keyboard.press("x");
  await idle(page);
  await at(page, "history").click();
  const steps = at(page, "step");
  await steps.first().waitFor(); // the list is made while the menu opens
  assert.deepEqual(await steps.allInnerTexts(), ["Frame 2: left out or used", "Model: RB", "As opened"]);
  await steps.last().click();
  await idle(page);
  assert.equal(await at(page, "undo").isEnabled(), false);
  await at(page, "history").click();
  await steps.first().waitFor();
  assert.equal(await steps.count(), 3);
  await steps.first().click();
  await idle(page);
  assert.equal(await at(page, "redo").isEnabled(), false);
});
