// The page in German: by the menu, by the browser, by the address; decimal commas shown, both marks typed, points in files;
// what went wrong, anew in the other language.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { assert, openPage, test } from "./harness.mjs";
import { broken, series } from "./forge.mjs";
import { at, idle, openFiles, openSample, saved, settled, type } from "./steps.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const speaks = async (page, tag) => page.waitForFunction((tag) => document.documentElement.lang === tag, tag);

async function toGerman(page) {
  await at(page, "language").click();
  await speaks(page, "de");
}

async function accessible(page, what) {
  await page.evaluate(AXE);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
  const words = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  assert.deepEqual(words, [], what);
}

/// Nothing is wider than the window, and no button or heading is wider than its own place.
async function fits(page, what) {
  const wide = await page.evaluate(() => {
    const out = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) out.push(`the page: ${scrollWidth} in ${clientWidth}`);
    for (const element of document.querySelectorAll("button, h1, h2, h3, label, summary, legend")) {
      if (!element.checkVisibility() || element.closest(".skip")) continue;
      const style = getComputedStyle(element);
      if (style.overflowX !== "visible" && element.clientWidth > 2 && element.scrollWidth > element.clientWidth + 1) out.push(`${element.tagName}: ${element.textContent.trim()}`);
    }
    return out;
  });
  assert.deepEqual(wide, [], what);
}

test("the switch in the top line turns all that is seen into German and keeps what is open", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await type(page, "radius-b", "2.01");
  await idle(page);
  await toGerman(page);
  await idle(page);
  assert.match(await page.locator(".figures").innerText(), /Modell[\s\S]*beschreibt die Daten nicht[\s\S]*Die Bilder verlangen einen Strahl/);
  assert.match(await at(page, "answer").innerText(), /E = [\d,]+ ± [\d,]+ kJ\/mol/);
  assert.equal(await at(page, "radius-b").inputValue(), "2,01");
  await page.waitForFunction(() => document.activeElement?.dataset.test === "language"); // the button is another one now
  assert.equal(await at(page, "undo").getAttribute("aria-label"), "Rückgängig");

  await at(page, "language").click();
  await speaks(page, "en");
  assert.equal(await at(page, "undo").getAttribute("aria-label"), "Undo");
  assert.equal(await at(page, "radius-b").inputValue(), "2.01");
});

test("a browser that asks for German gets it", { locale: "de-AT" }, async ({ page }) => {
  await speaks(page, "de");
  assert.match(await page.locator("main").innerText(), /Eine Heizserie hier ablegen/);
});

test("the address has the last word until another language is chosen", { open: false }, async ({ page, site }) => {
  await openPage(page, { ...site, url: `${site.url}?lang=de` });
  await speaks(page, "de");
  await at(page, "language").click();
  await speaks(page, "en");
  assert.doesNotMatch(page.url(), /lang=/);
});

test("a reload keeps the language", async ({ page }) => {
  await toGerman(page);
  await page.reload();
  await speaks(page, "de");
  assert.match(await page.locator("main").innerText(), /Nichts verlässt diesen Rechner/);
});

test("a broken file is refused in the language that is read, whichever it was dropped in", async ({ page }) => {
  const files = series();
  await openFiles(page, [...files, broken(files[1])]);
  const said = (words) => at(page, "failures").filter({ hasText: words }).innerText();
  const english = await said("ends too early");
  assert.match(english, /broken_01_400K\.tif[^]*TIFF: the file ends too early[^]*copy or export the file again/);
  await toGerman(page);
  const german = await said("endet zu früh");
  assert.match(german, /broken_01_400K\.tif[^]*TIFF: die Datei endet zu früh[^]*die Datei noch einmal kopieren oder exportieren/);
  assert.doesNotMatch(german, /too early|copy or export/);
  await at(page, "language").click();
  await speaks(page, "en");
  assert.equal(await said("ends too early"), english);
});

test("comma and point are understood in both languages; files for machines have points", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await type(page, "radius-b", "4,15");
  assert.equal(await at(page, "radius-b").inputValue(), "4.15");
  await toGerman(page);
  await type(page, "radius-b", "4.05");
  assert.equal(await at(page, "radius-b").inputValue(), "4,05");
  await type(page, "radius-b", "4,1");
  assert.equal(await at(page, "radius-b").inputValue(), "4,1");
  await idle(page);
  const intervals = (await saved(page, "export-csv")).toString();
  assert.match(intervals, /\d\.\d/);
  assert.doesNotMatch(intervals, /\d;\d/);
  const header = intervals.split("\n").find((line) => !line.startsWith("#"));
  for (const line of intervals.trim().split("\n").filter((line) => !line.startsWith("#") && !line.includes('"')))
    assert.equal(line.split(",").length, header.split(",").length, line);
  const json = JSON.parse((await saved(page, "export-json")).toString());
  assert.ok(json);
  const report = (await saved(page, "export-report")).toString();
  assert.match(report, /lang="en"|Alloyscope/);
  assert.doesNotMatch(report, /\d,\d+ (nm|kJ\/mol|K)\b/);
});

for (const [width, height] of [[390, 844], [1024, 768]]) {
  test(`German fits into ${width} × ${height}`, { viewport: { width, height }, locale: "de" }, async ({ page }) => {
    await fits(page, "the first screen");
    await openSample(page, "sample-ag-au");
    await fits(page, "a series");
    await at(page, "certainty-open").click();
    await at(page, "certainty").locator("canvas").first().waitFor();
    await fits(page, "how sure");
    await page.keyboard.press("Escape");
    await at(page, "materials").click();
    await at(page, "materials-table").waitFor();
    await fits(page, "materials");
  });
}

test("the rooms to learn in are German", { locale: "de" }, async ({ page }) => {
  for (const room of ["tour", "simulator", "planner"]) {
    await page.evaluate((room) => { location.hash = room; }, room);
    await settled(page);
    await page.locator("main h2").first().waitFor();
    const words = await page.locator("main").innerText();
    assert.doesNotMatch(words, /\b(the|and|with|of)\b/i, `${room}: ${words}`);
    await fits(page, room);
  }
});

test("the rules of access hold in German", { locale: "de" }, async ({ page }) => {
  await accessible(page, "the first screen");
  await openSample(page, "sample-ag-au");
  await accessible(page, "a series");
});
