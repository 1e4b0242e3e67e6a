// The phase diagram and the library of materials: slider, pair, assumptions, points, edits, files, light and dark.

import { assert, test } from "./harness.mjs";
import { at, download, idle, openSample as open, saved } from "./steps.mjs";

/// What the figure says of itself.
const said = (page) => at(page, "plot-phase").locator(".plot-canvas").getAttribute("aria-label");

/// Waits until the figure says so.
async function says(page, pattern) {
  await page.waitForFunction(
    ([source]) => new RegExp(source).test(document.querySelector('[data-test="plot-phase"] .plot-canvas').getAttribute("aria-label")),
    [pattern.source],
    { timeout: 20_000 },
  );
}

async function openSample(page, name) {
  await open(page, name);
  await says(page, /Phase diagram .*the particle/);
}

test("the particle lies over the phase diagram of its pair, at its own radius", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await says(page, /Phase diagram Ag-Au\. bulk: solid up to 1234\.9 K for Ag, 1337\.3 K for Au/);
  assert.match(await said(page), /r = \d\.\d+ nm: solid up to .*the particle at x = 0\.\d+ ± 0\.\d+ in 12 frames/);
  await at(page, "plot-phase").locator(".twin summary").click();
  assert.match(await at(page, "plot-phase").locator("table").innerText(), /bulk\s+0\.50\s+1304\.45\s+1305\.79/);
});

test("the radius follows the fit, the slider and the field; each is one step of undo", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const before = await said(page);
  const slider = at(page, "phase-slider");
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + 0.3 * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + box.height / 2, { steps: 8 });
  await page.mouse.move(box.x + 0.7 * box.width, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await idle(page);
  const radius = Number(await at(page, "phase-radius").inputValue());
  assert.ok(radius > 5 && radius < 40, `${radius}`);
  assert.equal(await at(page, "phase-follow").getAttribute("aria-pressed"), "false");
  await at(page, "undo").click();
  await page.waitForFunction((words) => document.querySelector('[data-test="plot-phase"] .plot-canvas').getAttribute("aria-label") === words, before);
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((words) => document.querySelector('[data-test="plot-phase"] .plot-canvas').getAttribute("aria-label") !== words, before);
  await at(page, "phase-radius").fill("5");
  await page.keyboard.press("Enter");
  await says(page, /r = 5 nm: solid up to 1141\.8 K for Ag, 1210\.8 K for Au/);
  await at(page, "phase-follow").click();
  await page.waitForFunction((words) => document.querySelector('[data-test="plot-phase"] .plot-canvas').getAttribute("aria-label") === words, before);
});

test("another pair has another diagram, and says what the model can and cannot", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "shell").selectOption("Cu");
  await says(page, /Phase diagram Ag-Cu/);
  assert.match(await at(page, "applicability").innerText(), /gap/i);
  await at(page, "core").selectOption("Pt");
  await at(page, "shell").selectOption("Au");
  await says(page, /Phase diagram Au-Pt/);
  assert.match(await at(page, "applicability").innerText(), /contrast/i);
  await at(page, "core").selectOption("Ag");
  await says(page, /Phase diagram Ag-Au/);
  assert.equal(await at(page, "applicability").count(), 0);
});

test("assumptions move the curves, and points of one's own are kept", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "phase-radius").fill("2.5");
  await page.keyboard.press("Enter");
  await says(page, /r = 2\.5 nm: solid up to 1015\.5 K for Ag, 1030\.7 K for Au; the particle/);
  await at(page, "phase-choices").click();
  await at(page, "c-solid").fill("1");
  await page.keyboard.press("Enter");
  await says(page, /r = 2\.5 nm: solid up to 1090\.5 K for Ag, 1124\.9 K for Au; the particle/);
  await at(page, "surface-k").fill("3");
  await at(page, "c-solid").fill("1.05");
  await page.keyboard.press("Enter");
  await says(page, /r = 2\.5 nm: solid up to 835\.4 K for Ag, 756\.6 K for Au; the particle/);
  await at(page, "add-point").click();
  await at(page, "point-t").fill("700");
  await at(page, "point-label").fill("Rayleigh break-up");
  await page.keyboard.press("Enter");
  assert.equal(await at(page, "point-label").count(), 1);
  for (let i = 0; i < 3; i += 1) await at(page, "undo").click();
  assert.equal(await at(page, "point-label").count(), 0);
});

test("the diagram is exported as SVG, and drawn in light and dark", async ({ page }) => {
  await openSample(page, "sample-au-ag");
  const svg = (await saved(page, "export-phase-svg")).toString();
  assert.match(svg, /<svg[\s\S]*mole fraction of Au[\s\S]*<\/svg>/);
  const corner = () =>
    page.evaluate(() => {
      const canvas = document.querySelector('[data-test="plot-phase"] canvas');
      return [...canvas.getContext("2d").getImageData(2, 2, 1, 1).data].slice(0, 3);
    });
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForTimeout(200);
  assert.deepEqual(await corner(), [255, 255, 255]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(200);
  assert.ok((await corner()).every((v) => v < 60));
});

test("a number of a material is changed, taken back, saved and read again", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const before = await said(page);
  await at(page, "materials").click();
  const density = at(page, "material atomic density of Au");
  const csv = await download(page, "materials-export");
  assert.match(csv.toString(), /Au,atomic_density,59/);
  await density.fill("30");
  await page.keyboard.press("Enter");
  await idle(page);
  assert.notEqual(await said(page), before);
  assert.match(await page.locator("tr.changed").innerText(), /user/);
  await density.fill("-3");
  await page.keyboard.press("Enter");
  assert.match(await at(page, "materials-problem").innerText(), /atomic.density.*Au.*−3/);
  await at(page, "materials-import").setInputFiles([{ name: "materials.csv", mimeType: "text/csv", buffer: csv }]);
  await page.locator("tr.changed").waitFor({ state: "detached" });
  await page.waitForFunction((words) => document.querySelector('[data-test="plot-phase"] .plot-canvas').getAttribute("aria-label") === words, before);
  await at(page, "materials-import").setInputFiles([{ name: "odd.csv", mimeType: "text/csv", buffer: Buffer.from("of,quantity,value\nAg,weight,3\n") }]);
  assert.match(await at(page, "materials-problem").innerText(), /odd\.csv.*line 2/s);
});

test("an element and a pair that nobody knew are entered in a form, in one step of undo", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "materials").click();
  await at(page, "entry").click();
  await at(page, "entry-first").fill("ti");
  await at(page, "entry-ask").click();
  assert.match(await at(page, "entry-problem").innerText(), /'ti'.*like Ag/s);
  await at(page, "entry-first").fill("Ti");
  await at(page, "entry-second").fill("Ag");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const given = {
    atomic_number: 22, molar_mass: 47.87, lattice_a: 0.295, atomic_diameter: 0.289, atomic_density: 56.6, molar_volume: 10.64, melting_point: 1941,
    melting_enthalpy: 14.15, melting_entropy: 7.29, liquid_tension: 1.65, liquid_tension_slope: -2.6e-4, solid_tension_tyson_miller: 1.99,
  };
  for (const [name, value] of Object.entries(given)) await at(page, `entry ${name.replaceAll("_", " ")} of Ti`).fill(String(value));
  await at(page, "entry compound of Ti-Ag").fill("1");
  await at(page, "entry-source").fill("a handbook");
  await at(page, "entry-add").click();
  assert.match(await at(page, "entry-problem").innerText(), /solid tension vitos of Ti is missing/);
  assert.equal(await at(page, "entry solid tension vitos of Ti").getAttribute("aria-invalid"), "true");
  await at(page, "entry solid tension vitos of Ti").fill("2,63");
  await at(page, "entry-add").click();
  assert.match(await at(page, "entry-done").innerText(), /^14 numbers added/);
  await at(page, "materials-pair").uncheck();
  assert.equal(await at(page, "material solid tension vitos of Ti").inputValue(), "2.63");
  assert.match(await page.locator("tr.changed").first().innerText(), /user[\s\S]*a handbook/);
  await page.keyboard.press("Escape");
  await at(page, "shell").selectOption("Ti");
  await says(page, /Phase diagram Ag-Ti/);
  assert.match(await at(page, "applicability").innerText(), /Compounds grow/);
  await at(page, "undo").click();
  await at(page, "undo").click();
  await page.waitForFunction(() => ![...document.querySelectorAll('[data-test="shell"] option')].some((o) => o.value === "Ti"));
});

test("the paper is checked, slide by slide", async ({ page }) => {
  await at(page, "paper-open").click();
  const slide = at(page, "paper");
  assert.match(await at(page, "paper-place").innerText(), /^1 of \d+/);
  assert.match(await slide.innerText(), /The paper prints[\s\S]*Its equations give/);
  const first = await slide.locator("h3").innerText();
  await page.keyboard.press("ArrowRight");
  assert.match(await at(page, "paper-place").innerText(), /^2 of/);
  assert.notEqual(await slide.locator("h3").innerText(), first);
  await page.keyboard.press("End");
  assert.ok(await at(page, "paper-next").isDisabled());
  await page.keyboard.press("Home");
  assert.equal(await slide.locator("h3").innerText(), first);
  await page.keyboard.press("Escape");
  assert.ok(!(await slide.isVisible()));
});

test("what is known of materials outlives the series", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "materials").click();
  await at(page, "material atomic density of Au").fill("30");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.locator("header .menu summary", { hasText: "Sample" }).click();
  await page.getByRole("button", { name: "Au core, Ag shell" }).click();
  await page.waitForFunction(() => /au@ag/.test(document.querySelector('[data-test="series-name"]').textContent));
  await idle(page);
  await at(page, "materials").click();
  assert.equal(await at(page, "material atomic density of Au").inputValue(), "30");
});
