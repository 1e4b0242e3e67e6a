// Several series side by side: kept, added as results and as images, named, removed, saved, there again after a reload.

import { assert, test } from "./harness.mjs";
import { broken, series } from "./forge.mjs";
import { at, download, idle, openFiles, openSample, saved } from "./steps.mjs";

const rows = (page) => at(page, "compare-list").locator("tbody tr");

/// Opens the dialog.
async function compare(page) {
  await at(page, "compare-open").click();
  await at(page, "compare").waitFor();
}

/// Chooses files in the dialog and waits for what comes of them.
async function add(page, files) {
  await at(page, "compare-input").setInputFiles(files);
  await at(page, "compare-cancel").waitFor({ state: "detached", timeout: 45_000 });
}

/// Another particle of the kind.
const another = () => series({ core: 0.42 });

test("a series that is kept stands beside the next ones, and its order keeps it apart", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await compare(page);
  await at(page, "compare-alone").waitFor();
  await at(page, "compare-keep").click();
  // The same series beside itself would say nothing.
  await at(page, "compare-alone").waitFor();
  assert.equal(await rows(page).count(), 1);
  await page.keyboard.press("Escape");
  await openFiles(page, series());
  await compare(page);
  assert.equal(await rows(page).count(), 2);
  await at(page, "compare").locator("canvas").waitFor();
  assert.match(await at(page, "compare-open").innerText(), /1/);
  const said = await at(page, "compare-sentences").innerText();
  assert.match(said, /2 series with one E/);
  // The other order is another host.
  await page.keyboard.press("Escape");
  await openFiles(page, series({ core: 1, shell: 0.4 }));
  await compare(page);
  assert.match(await at(page, "compare-list").innerText(), /the other way round/);
  assert.match(await at(page, "compare-sentences").innerText(), /No two/);
});

test("results and images are added, named, removed, undone, saved and kept", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const result = await saved(page, "export-json");
  await openFiles(page, series());
  await compare(page);
  await add(page, [{ name: "result.json", mimeType: "application/json", buffer: Buffer.from(result) }]);
  assert.equal(await rows(page).count(), 2);
  await add(page, another());
  assert.equal(await rows(page).count(), 3);
  await at(page, "compare-name").last().fill("second run");
  await at(page, "compare-name").last().press("Enter");
  const json = JSON.parse(await download(page, "compare-json"));
  assert.equal(json.series.length, 3);
  assert.ok(json.series.some((one) => one.name === "second run"));
  assert.ok(json.one_energy.E_se_J_mol > 0);
  // One E is the mean of all, weighted by their errors: its own error is the smallest.
  for (const one of json.series) assert.ok(json.one_energy.E_se_J_mol < one.arrhenius.E_se_J_mol);
  await at(page, "compare-remove").last().click();
  assert.equal(await rows(page).count(), 2);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await compare(page);
  await rows(page).nth(2).waitFor();
  await page.keyboard.press("Escape");
  const report = String(await saved(page, "export-report"));
  assert.match(report, /Other series/);
  assert.match(report, /second run/);
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  await compare(page);
  assert.equal(await rows(page).count(), 3);
  assert.equal(await at(page, "compare-name").last().inputValue(), "second run");
});

test("what cannot be compared is an error in words, and nothing is lost", async ({ page }) => {
  await openFiles(page, series());
  await compare(page);
  const json = (words) => [{ name: "notes.json", mimeType: "application/json", buffer: Buffer.from(words) }];
  for (const [files, words] of [
    [json("{}"), /no result/],
    [json("not json"), /no JSON/],
    [[broken(series()[1])], /broken_/],
  ]) {
    await at(page, "compare-input").setInputFiles(files);
    await page.waitForFunction((source) => {
      const said = document.querySelector('[data-test="compare-failed"]');
      return said && new RegExp(source).test(said.textContent);
    }, words.source);
    assert.equal(await rows(page).count(), 1);
  }
  await page.keyboard.press("Escape");
  await idle(page);
});
