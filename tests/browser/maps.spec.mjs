// The room of the element maps: a spectrum image becomes a composite, an order with its evidence, and a word on the valence.

import { assert, test } from "./harness.mjs";
import { copperEdge, dualSpectra, heatedSpectra, manganeseEdge, series, tiff } from "./forge.mjs";
import { at, download, number, openFiles, settled, type } from "./steps.mjs";

const still = (page) => page.waitForFunction(() => !document.querySelector('[data-test="progress"]').classList.contains("busy")
  && document.querySelector('[data-test="order"] li'), null, { timeout: 45_000 });

const openSpectra = async (page) => { await at(page, "sample-cu-mg").click(); await at(page, "maps").waitFor(); await still(page); };

/// What a figure says of itself.
const words = (page, name) => at(page, `plot-${name}`).locator(".plot-canvas").getAttribute("aria-label");

test("the sample shows copper inside magnesium, and that it was picked up last", async ({ page }) => {
  await openSpectra(page);
  assert.match(await words(page, "composite"), /Cu_L3, Mg_K/);
  assert.match(await at(page, "order").innerText(), /Cu_L3 is inside, Mg_K outside .*R_A = 1\.[4-8]\d* ± .* nm/);
  await at(page, "picked-first").selectOption("Mg_K");
  await page.waitForFunction(() => /inverted/.test(document.querySelector('[data-test="order"]').innerText));
});

test("a window moved by a key makes another map", async ({ page }) => {
  await openSpectra(page);
  const before = await words(page, "map-0");
  const end = await number(page, "window-0-3");
  await at(page, "window-0-3").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await number(page, "window-0-3"), end - 2);
  await page.waitForFunction((before) => document.querySelector('[data-test="plot-map-0"] .plot-canvas').getAttribute("aria-label") !== before, before);
});

test("channels of 2 eV do not tell the valence, and it is said what would help", async ({ page }) => {
  await openSpectra(page);
  assert.match(await at(page, "valence").innerText(), /cannot tell.*monochromator/s);
});

test("decisions about maps are undone step by step, and outlive a reload", async ({ page }) => {
  await openSpectra(page);
  const end = await number(page, "window-0-3");
  await type(page, "window-0-3", end - 10);
  const safe = page.getByText("Magenta, green");
  await safe.click();
  assert.equal(await safe.getAttribute("aria-pressed"), "true");
  await at(page, "undo").click();
  assert.equal(await safe.getAttribute("aria-pressed"), "false");
  await at(page, "undo").click();
  assert.equal(await number(page, "window-0-3"), end);
  assert.ok(await at(page, "undo").isDisabled());
  await at(page, "redo").click();
  assert.equal(await number(page, "window-0-3"), end - 10);
  await still(page);
  await page.reload();
  await at(page, "maps").waitFor();
  await still(page);
  assert.equal(await number(page, "window-0-3"), end - 10);
});

test("the ends of windows are sliders for keys; a key held down is one step", async ({ page }) => {
  await openSpectra(page);
  const end = await number(page, "window-1-3");
  const slider = page.getByRole("slider", { name: "Mg_K: signal to (eV)" });
  assert.equal(await slider.getAttribute("aria-valuenow"), end.toFixed(1));
  await slider.focus();
  await page.keyboard.down("ArrowLeft");
  await page.keyboard.down("ArrowLeft");
  await page.keyboard.up("ArrowLeft");
  await page.waitForFunction((end) => document.activeElement.getAttribute("aria-valuenow") === end, (end - 4).toFixed(1));
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await number(page, "window-1-3"), Number((end - 3.8).toFixed(1)));
  await at(page, "undo").click();
  await at(page, "undo").click();
  await page.waitForFunction((end) => Number(document.querySelector('[data-test="window-1-3"]').value) === end, end);
});

test("a window dragged with the mouse is one step of undo", async ({ page }) => {
  await openSpectra(page);
  const end = await number(page, "window-0-3");
  const slider = page.getByRole("slider", { name: "Cu_L3: signal to (eV)" });
  const box = await slider.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const by of [5, 10, 15, 20]) await page.mouse.move(x - by, y);
  await page.mouse.up();
  assert.ok(await number(page, "window-0-3") < end - 3);
  await still(page);
  await at(page, "undo").click();
  assert.equal(await number(page, "window-0-3"), end);
  assert.ok(await at(page, "undo").isDisabled());
});

test("a region brushed on the picture sums its spectrum, by fields too", async ({ page }) => {
  await openSpectra(page);
  const counts = async () => Number((await words(page, "spectrum")).length);
  assert.ok(await counts() > 0);
  const box = await at(page, "plot-navigator").locator(".plot-canvas").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.45];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 12, y);
  await page.mouse.move(x + 25, y);
  await page.mouse.up();
  const radius = await number(page, "region-r");
  assert.ok(radius > 1 && radius < 18, `${radius}`);
  await at(page, "region-r").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await number(page, "region-r"), Math.max(0.5, Math.round((radius - 1) * 1e9) / 1e9));
  await still(page);
  await at(page, "undo").click();
  await at(page, "undo").click();
  assert.equal(await at(page, "region-r").inputValue(), "");
});

test("atomic fractions come with the errors of counting and of cross-sections", async ({ page }) => {
  await openSpectra(page);
  assert.match(await at(page, "order").innerText(), /Atomic per cent .*Cu_L3 \d.* \(counting\).* \(cross-sections\).*assumed/);
  await type(page, "collection", 30);
  await page.waitForFunction(() => /30 mrad/.test(document.querySelector('[data-test="order"]').innerText));
  assert.match(await words(page, "atomic-fraction"), /atomic fraction of Cu/);
  assert.match(await words(page, "element-profile-1"), /Mg_K/);
});

test("spectra of known states take the place of the built-in shapes, from two on", async ({ page }) => {
  await at(page, "sample-cu-mg").click();
  await at(page, "valence").locator("p").first().waitFor();
  await settled(page);
  const said = () => at(page, "valence").innerText();
  const before = await said();
  await at(page, "reference-input").setInputFiles([copperEdge("Cu foil", 0)]);
  await at(page, "reference-name").waitFor();
  await settled(page);
  assert.equal(await at(page, "reference-name").inputValue(), "Cu");
  assert.match(await page.locator(".references").innerText(), /One alone explains/);
  assert.equal(await said(), before);
  await at(page, "reference-input").setInputFiles([copperEdge("my Cu2O", 1.2)]);
  await page.waitForFunction(() => document.querySelectorAll('[data-test="reference-name"]').length === 2);
  await page.waitForFunction((before) => document.querySelector('[data-test="valence"]').innerText !== before, before);
  assert.equal(Number(await at(page, "reference-valence").last().inputValue()), 1);
  await settled(page);
  const both = await said();
  // Kept over a reload.
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('[data-test="reference-name"]').length === 2);
  await settled(page);
  await page.waitForFunction((both) => document.querySelector('[data-test="valence"]').innerText === both, both);
  // What is none is told, and nothing is lost.
  await at(page, "reference-input").setInputFiles([{ name: "letter.msa", mimeType: "text/plain", buffer: Buffer.from("Dear reader") }]);
  await at(page, "open-failed").waitFor();
  assert.match(await at(page, "open-failed").innerText(), /letter\.msa/);
  await at(page, "remove-reference").first().click();
  await at(page, "undo").click();
  await page.waitForFunction(() => document.querySelectorAll('[data-test="reference-name"]').length === 2);
});

const openDual = async (page) => {
  await at(page, "file-input").setInputFiles(dualSpectra());
  await at(page, "maps").waitFor();
  await still(page);
};

test("the low loss dropped with the spectra sets zero in every pixel; other spectra are a choice that is undone", async ({ page }) => {
  await openDual(page);
  assert.ok(await at(page, "zero-loss").isChecked());
  assert.match(await at(page, "order").innerText(), /zero-loss peak of 'low', pixel by pixel, which lay at −?\d.* t\/λ = 0\.\d/);
  const rise = async () => /rises at (\d+\.?\d*).* \(table (\d+\.?\d*)\)/.exec(await at(page, "onset").first().innerText()).slice(1).map(Number);
  const [measured, table] = await rise();
  assert.ok(Math.abs(measured - table) < 2, `${measured}, ${table}`);
  await at(page, "set-axis").first().click();
  await still(page);
  assert.notEqual(await number(page, "shift"), 0);
  await page.waitForFunction((table) => Math.abs(Number(/rises at (\d+\.?\d*)/.exec(document.querySelector('[data-test="onset"]')?.innerText ?? "")?.[1]) - table) < 0.02, table);
  await at(page, "undo").click();
  await at(page, "zero-loss").uncheck();
  await page.waitForFunction(() => !/zero-loss/.test(document.querySelector('[data-test="order"]').innerText));
  await at(page, "undo").click();
  assert.ok(await at(page, "zero-loss").isChecked());
  await still(page);
  await at(page, "choose-spectra").selectOption({ label: "low.rpl: low" });
  await page.waitForFunction(() => !document.querySelector('[data-test="zero-loss"]'));
  await at(page, "undo").click();
  await at(page, "zero-loss").waitFor();
});

test("spectra dropped while a series is open are shown, and the series stays", async ({ page }) => {
  await openFiles(page, series());
  assert.equal(await page.locator(".skip").count(), 1);
  await openDual(page);
  assert.equal(await at(page, "open-failed").count(), 0);
  // Without an answer there is nothing to skip to.
  assert.equal(await page.locator(".skip").count(), 0);
  await at(page, "rooms").getByRole("button").first().click();
  await at(page, "strip").waitFor();
  assert.equal(await page.locator('[role="option"]').count(), 4);
});

test("tables of figures are saved with plain numbers", async ({ page }) => {
  await openSpectra(page);
  await at(page, "save-spectrum").click();
  const spectrum = (await download(page, "save-spectrum-csv")).toString();
  assert.match(spectrum, /^"E \(eV\)","[^"]+"\n(-?[\d.]+(e-?\d+)?,-?[\d.]+(e-?\d+)?\n)+$/);
  await at(page, "save-navigator").click();
  const [, ...rows] = (await download(page, "save-navigator-csv")).toString().trim().split("\n");
  for (const row of rows.map((row) => row.split(",").map(Number))) {
    assert.ok(Math.abs(row[3] - Math.sqrt(Math.max(row[2], 1))) < 1e-3 * row[3], String(row));
  }
  await at(page, "save-atomic-fraction").click();
  assert.doesNotMatch((await download(page, "save-atomic-fraction-csv")).toString(), /NaN|inf/);
});

test("principal components are for the eye: counts in table and file stay", async ({ page }) => {
  await openSpectra(page);
  const table = async () => at(page, "order").innerText();
  const [said, map] = [await table(), await words(page, "map-0")];
  await at(page, "denoise").check();
  await at(page, "denoised").waitFor();
  assert.match(await at(page, "denoised").innerText(), /Pictures of [2-6] principal components .* for the eye/);
  assert.notEqual(await words(page, "map-0"), map);
  assert.equal(await table(), said);
  await type(page, "components", 1);
  await page.waitForFunction(() => /Pictures of 1 principal/.test(document.querySelector('[data-test="denoised"]').innerText));
  await at(page, "undo").click();
  await at(page, "undo").click();
  await page.waitForFunction(() => !document.querySelector('[data-test="denoised"]'));
});

test("plural scattering is taken off the copper edge by the low loss", async ({ page }) => {
  await openDual(page);
  await page.waitForFunction(() => /L3 maximum/.test(document.querySelector('[data-test="valence"]').innerText));
  const said = await at(page, "valence").innerText();
  await at(page, "single-scattering").check();
  await page.waitForFunction((said) => !["", said].includes(document.querySelector('[data-test="valence"]').innerText), said);
  assert.match(await at(page, "valence").innerText(), /cannot tell/);
});

test("pixels are chosen in the dark-field image of the same scan, which may be fitted with the profiles", async ({ page }) => {
  const bright = (x, y) => { const r = Math.hypot(x - 11.5, y - 11.5); return 3000 + (r < 9 ? 4000 : 0) + (r < 5 ? 9000 : 0) + 40 * Math.sin(12.9898 * x + 78.233 * y); };
  const image = { name: "scan_haadf.tif", mimeType: "image/tiff", buffer: tiff(24, bright) };
  await at(page, "file-input").setInputFiles([...dualSpectra(), image]);
  await at(page, "rooms").getByText("Elemental maps").click();
  await at(page, "maps").waitFor();
  await still(page);
  assert.match(await words(page, "navigator"), /All counts/);
  await page.getByRole("group", { name: "Picture for choosing pixels" }).getByText("Dark-field image").click();
  await page.waitForFunction(() => /Dark-field image/.test(document.querySelector('[data-test="plot-navigator"] .plot-canvas').getAttribute("aria-label")));
  await at(page, "with-image").check();
  await page.waitForFunction(() => /The image was fitted with them/.test(document.querySelector('[data-test="order"]').innerText));
});

test("the background of windows is fitted as chosen, and the choice is undone", async ({ page }) => {
  await openSpectra(page);
  await page.getByText("Windows", { exact: true }).click();
  await still(page);
  const before = await words(page, "map-0");
  const other = () => page.waitForFunction((before) => document.querySelector('[data-test="plot-map-0"] .plot-canvas').getAttribute("aria-label") !== before, before);
  const same = () => page.waitForFunction((before) => document.querySelector('[data-test="plot-map-0"] .plot-canvas').getAttribute("aria-label") === before, before);
  await at(page, "background").selectOption("two windows (quick look)");
  await other();
  await at(page, "undo").click();
  await same();
  assert.equal(await at(page, "background").inputValue(), "maximum likelihood");
  await at(page, "shared-exponent").check();
  await other();
  await at(page, "undo").click();
  await same();
});

test("D·t of the elements since the spectra from before heating, with D where the time is given", async ({ page }) => {
  await at(page, "file-input").setInputFiles(heatedSpectra());
  await at(page, "maps").waitFor();
  await still(page);
  await at(page, "choose-spectra").selectOption({ label: "hot.rpl: hot" });
  await at(page, "before").selectOption({ label: "cold.rpl: cold" });
  const said = (words) => page.waitForFunction((words) => new RegExp(words).test(document.querySelector('[data-test="order"]').innerText), words);
  await said("the shape then: 0\\.\\d+ ± 0\\.\\d+ nm², mole fractions");
  await type(page, "heated-for", 600);
  await said("D = .* m²/s");
  const [, dtau, d, power] = /then: (0\.\d+) ± .*? nm², D = \((\d\.\d+) ± [\d.]+\) × 10⁻²(.) m²/.exec(await at(page, "order").innerText());
  const seconds = (Number(dtau) * 1e-18) / (Number(d) * 10 ** -(20 + "⁰¹²³⁴".indexOf(power)));
  assert.ok(Math.abs(seconds / 600 - 1) < 0.06, `${dtau} nm², ${d} × 10⁻²${power} m²/s: ${seconds} s`);
  await page.reload();
  await at(page, "maps").waitFor();
  await said("D = .* m²/s");
  await at(page, "undo").click();
  await page.waitForFunction(() => !/D·t of the elements/.test(document.querySelector('[data-test="order"]').innerText));
});

test("white lines are measured, and it is said what their ratio is not", async ({ page }) => {
  await at(page, "file-input").setInputFiles([manganeseEdge()]);
  await at(page, "white-lines").waitFor();
  const [, ratio] = /L3\/L2 = (\d\.\d+) ±/.exec(await at(page, "white-lines").innerText());
  assert.ok(Math.abs(Number(ratio) - 3) < 0.3, ratio);
  assert.match(await at(page, "white-lines").innerText(), /never with a table/);
});
