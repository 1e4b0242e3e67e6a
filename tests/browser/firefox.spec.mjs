// The ways that most visits take, in Firefox: driven over WebDriver BiDi, because Playwright drives only a Firefox of its own.
// Where there is no Firefox, the tests say so and are skipped; `FIREFOX` names the program.

import strict from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test as nodeTest } from "node:test";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import puppeteer from "puppeteer-core";
import { openSite, ROOT } from "./site.mjs";
import { series } from "./forge.mjs";

const assert = strict;

function findFirefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return ["firefox-esr", "firefox"].flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

const FIREFOX = findFirefox();
const skip = FIREFOX ? false : "no Firefox here: apt-get install firefox-esr, or set FIREFOX to the program";

let shared; // one browser and one server for all tests
before(async () => {
  if (skip) return;
  const scratch = mkdtempSync(join(tmpdir(), "alloyscope-firefox-"));
  const site = await openSite();
  try {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
    shared = { browser, scratch, site };
  } catch (error) {
    await site.close();
    throw error;
  }
});
after(async () => {
  if (!shared) return;
  await shared.browser.close();
  await shared.site.close();
  rmSync(shared.scratch, { recursive: true, force: true, maxRetries: 3 });
});

/// A test with a page of its own (new storage), which fails for anything that goes wrong in silence.
function test(name, body) {
  nodeTest(name, { skip, timeout: 60_000 }, async () => {
    const problems = [];
    const context = await shared.browser.createBrowserContext();
    const open = async (address = shared.site.url) => {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.setViewport({ width: 1440, height: 900 });
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`console error: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`uncaught error: ${error.stack ?? error}`));
      page.on("requestfailed", (request) => problems.push(`request failed: ${request.url()}`));
      await page.goto(address);
      return page;
    };
    try {
      await body(open);
    } catch (error) {
      if (problems.length) error.message += `\nbefore that, in the page:\n  ${problems.join("\n  ")}`;
      throw error;
    } finally {
      await context.close();
    }
    assert.deepEqual(problems, [], "the page reported problems");
  });
}

const named = (name) => `[data-test="${name}"]`;
const at = (page, name) => page.waitForSelector(named(name));
const click = (page, name) => page.locator(named(name)).click();
const text = (page, name) => page.$eval(named(name), (element) => element.innerText);
const frames = (page) => page.$$eval('[role="option"]', (all) => all.length);

/// Waits until nothing is being computed and what is shown is up to date.
const idle = (page) => page.waitForFunction(() => {
  const busy = document.querySelector('[data-test="progress"]')?.classList.contains("busy") ?? true;
  const answer = document.querySelector('[data-test="answer"]');
  return !busy && answer && !answer.classList.contains("stale");
}, { timeout: 45_000 });

/// The sentence that answers, without what limits it, which is computed afterwards.
const answer = (page) => page.$eval(named("answer"), (line) =>
  [...line.childNodes].filter((node) => node.dataset?.test !== "limits").map((node) => node.textContent).join("").trim());

/// Chooses files, which the browser wants from a disk.
async function choose(page, files) {
  const paths = files.map(({ name, buffer }) => {
    const path = join(shared.scratch, name);
    writeFileSync(path, buffer);
    return path;
  });
  const input = await page.waitForSelector(named("file-input"));
  await input.uploadFile(...paths);
}

test("Firefox: one click on the sample gives D(T), a link of it opens in a fresh profile", async (open) => {
  const page = await open();
  await click(page, "sample-ag-au");
  await at(page, "strip");
  await idle(page);
  const said = await answer(page);
  assert.match(said, /E = 5[\d.]+ ± [\d.]+ kJ\/mol/);
  assert.match(await page.$eval('[data-test="plot-diffusivity"] .plot-canvas', (plot) => plot.getAttribute("aria-label")), /Diffusion constant/);
  await click(page, "share");
  const address = await page.$eval(named("share-address"), (field) => field.value);
  await page.reload();
  await at(page, "strip");
  await idle(page);
  assert.equal(await answer(page), said, "a reload brings it back");
  const context = await shared.browser.createBrowserContext();
  try {
    const other = await context.newPage();
    await other.goto(address);
    await at(other, "strip");
    await idle(other);
    const energy = (words) => Number(/E = ([\d.]+)/.exec(words)[1]);
    assert.ok(Math.abs(energy(await answer(other)) - energy(said)) < 0.11, await answer(other));
    assert.equal(await frames(other), 12);
  } finally {
    await context.close();
  }
});

test("Firefox: images with their table are analyzed, decided about, undone, and there again after a reload", async (open) => {
  const page = await open();
  await choose(page, series());
  await at(page, "strip");
  await idle(page);
  assert.equal(await frames(page), 4);
  const first = await answer(page);
  const pressed = () => page.$eval(named("radius-b-toggle"), (button) => button.getAttribute("aria-pressed"));
  const free = await pressed();
  await click(page, "radius-b-toggle");
  await idle(page);
  const fixed = await pressed();
  assert.notEqual(fixed, free);
  await click(page, "undo");
  await idle(page);
  assert.equal(await pressed(), free);
  assert.equal(await answer(page), first);
  await click(page, "redo");
  await idle(page);
  assert.equal(await pressed(), fixed);
  const said = await answer(page);
  await page.reload();
  await at(page, "strip");
  await idle(page);
  assert.equal(await frames(page), 4);
  assert.equal(await pressed(), fixed);
  assert.equal(await answer(page), said);
});

test("Firefox: a reload right after the choice of files brings them back", async (open) => {
  const page = await open();
  await choose(page, series());
  await page.reload();
  await at(page, "strip");
  await idle(page);
  assert.equal(await frames(page), 4);
});

test("Firefox: an HDF5 file is read by the second program", async (open) => {
  const page = await open();
  const input = await page.waitForSelector(named("file-input"));
  const file = join(ROOT, "tests/data/hdf5_new.h5");
  await input.uploadFile(file);
  await at(page, "strip");
  await click(page, "contents-open");
  await page.waitForFunction(() => /HDF5, 2 signals/.test(document.querySelector('[data-test="contents-file"]')?.innerText));
  assert.match(await text(page, "contents-file"), new RegExp(basename(file)));
});
