// Simulator, planner, tour, presenter: what a student, a teacher and a planner of beam time do.

import { assert, test } from "./harness.mjs";
import { at, idle, number, openSample, type } from "./steps.mjs";

/// What a figure says of itself.
const words = (page, name) => at(page, `plot-${name}`).locator(".plot-canvas").getAttribute("aria-label");
/// Waits until an element has the focus, which the page gives when it next draws.
const focused = (page, name) => page.waitForFunction((name) => document.activeElement?.dataset.test === name, name);

test("a student simulates, analyzes blind, finds E, and then sees the truth", async ({ page }) => {
  await at(page, "first-simulator").click();
  await at(page, "simulator").waitFor();
  // Fewer, larger pixels: a small series.
  await type(page, "dial-pixel", "0.04");
  await type(page, "dial-energy", "48");
  await at(page, "analyze-simulated").click();
  await at(page, "blind").waitFor();
  await at(page, "strip").waitFor();
  await idle(page);
  const hidden = await page.evaluate(() => document.body.innerText);
  assert.ok(!/48 kJ/.test(hidden.replace(await at(page, "answer").innerText(), "")), "the truth is nowhere to be read");
  assert.equal(await at(page, "truth").count(), 0);
  await at(page, "reveal").click();
  const rows = (await at(page, "truth").innerText()).split("\n");
  const energy = rows.find((row) => row.startsWith("E"));
  assert.match(energy, /48(\.0+)? kJ\/mol/);
  // Off by less than four standard errors, as one in ten thousand is.
  assert.ok(Math.abs(Number(energy.match(/([−-]?[\d.]+) standard errors/)[1].replace("−", "-"))) < 4, energy);
  await page.waitForFunction(() => /Truth/i.test(document.querySelector('[data-test="truth"]').innerText));
  // Another series has no truth to show.
  await page.reload();
  await at(page, "blind").waitFor();
  await at(page, "strip").waitFor();
  assert.equal(await at(page, "truth").count(), 0, "a reload hides it again");
});

test("another series takes the hidden truth away", async ({ page }) => {
  await at(page, "first-simulator").click();
  await type(page, "dial-pixel", "0.05");
  await at(page, "analyze-simulated").click();
  await at(page, "strip").waitFor();
  await idle(page);
  await page.locator(".menu summary", { hasText: "Sample" }).click();
  await page.locator(".menu-list button", { hasText: "Ag core, Au shell" }).click();
  await at(page, "reveal").waitFor({ state: "detached" });
});

test("sliders and keys move the simulation, and the heating is played and scrubbed", async ({ page }) => {
  await at(page, "first-simulator").click();
  const section = () => at(page, "picture-section").locator(".image").getAttribute("aria-label");
  await at(page, "picture-section").waitFor();
  const before = await section();
  await at(page, "dial-core-slider").focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  assert.ok(await number(page, "dial-core") > 0.19);
  await at(page, "moment").focus();
  await page.keyboard.press("End");
  assert.notEqual(await section(), before, "heated through, the composition is another one");
  assert.match(await words(page, "sim-profile"), /now from/);
  // Playing from the end begins anew, Space stops.
  await at(page, "play").click();
  await page.waitForFunction(() => { const m = Number(document.querySelector('[data-test="moment"]').value); return m > 0.1 && m < 8; });
  await at(page, "play").click();
  assert.equal(await at(page, "play").getAttribute("aria-pressed"), "false");
});

test("with little motion wanted, the heating goes from image to image", { reducedMotion: "reduce" }, async ({ page }) => {
  await at(page, "first-simulator").click();
  await at(page, "play").click();
  await page.waitForFunction(() => Number(document.querySelector('[data-test="moment"]').value) === 1);
});

test("the planner says how many steps will give D, and longer dwells or more counts change it", async ({ page }) => {
  await at(page, "first-planner").click();
  const says = at(page, "plan-says");
  await page.waitForFunction(() => /of 11 steps will give/.test(document.querySelector('[data-test="plan-says"]')?.innerText));
  const first = await says.innerText();
  assert.match(first, /standard error of [\d.]+ kJ\/mol \([\d.]+ from counting alone\)/);
  assert.match(await words(page, "plan"), /11 intervals will hold a value/);
  assert.equal(await at(page, "plan-table").locator("tbody tr").count(), 11);
  assert.match(await at(page, "planner").innerText(), /Not inside: errors of pixel size/);
  await type(page, "dial-dwell", "36000");
  await page.waitForFunction((first) => document.querySelector('[data-test="plan-says"]').innerText !== first, first);
  await page.locator(".planner .tools button", { hasText: "Dwell" }).click();
  await page.waitForFunction(() => /dwell/.test(document.querySelector('[data-test="plot-plan"] .plot-canvas').getAttribute("aria-label")));
});

test("the tour: eight steps by arrow keys, a prediction before every answer", async ({ page }) => {
  await at(page, "first-tour").click();
  await at(page, "tour").waitFor();
  const stands = (step) => at(page, "tour-place").getByText(`Step ${step} of 8`).waitFor();
  for (let step = 1; step <= 8; step++) {
    await stands(step);
    assert.match(page.url(), new RegExp(`#tour=${step}$`));
    assert.ok(await at(page, "tour-reveal").isDisabled(), "the answer waits for a prediction");
    assert.equal(await at(page, "tour-answer").innerText(), "");
    await at(page, "option-1").click();
    await at(page, "tour-reveal").click();
    assert.match(await at(page, "tour-answer").innerText(), /s you said/);
    await focused(page, "tour-answer"); // it is read out
    await page.keyboard.press("ArrowRight");
  }
  await stands(8);
  await page.keyboard.press("ArrowLeft");
  await stands(7);
});

test("the tour's phase diagram is computed in the worker, the one before dimmed meanwhile", { open: false }, async ({ page, site }) => {
  await page.goto(`${site.url}#tour=8`);
  await page.waitForFunction(() => document.querySelector('[data-test="plot-sim-phase"] .plot-canvas')?.getAttribute("aria-label").length > 3);
  const rows = () => at(page, "plot-sim-phase").locator(".twin td").allInnerTexts();
  await at(page, "plot-sim-phase").locator(".twin summary").click();
  await at(page, "plot-sim-phase").locator(".twin td").first().waitFor();
  const before = await rows();
  assert.ok(before.length > 3 * 4 * 20, `${before.length} cells`);
  // Every state of the figure's box while the radius is changed.
  await page.evaluate(() => {
    const plot = document.querySelector('[data-test="plot-sim-phase"]');
    window.seen = [];
    new MutationObserver(() => window.seen.push(plot.classList.contains("stale"))).observe(plot, { attributeFilter: ["class"] });
  });
  await type(page, "dial-radius", "1.5");
  await page.waitForFunction(() => window.seen.at(-1) === false);
  assert.ok((await page.evaluate(() => window.seen))[0], "dimmed while the worker computes");
  const after = await rows();
  assert.equal(after.length, before.length);
  assert.notDeepEqual(after, before);
});

test("an address leads to a step of the tour", { open: false }, async ({ page, site }) => {
  await page.goto(`${site.url}#tour=5`);
  await at(page, "tour-title").waitFor();
  assert.match(await at(page, "tour-title").innerText(), /last frames say nothing/);
  await focused(page, "tour"); // keys act at once
  await page.keyboard.press("ArrowLeft");
  assert.match(await at(page, "tour-place").innerText(), /Step 4 of 8/);
});

test("presenting: one figure at a time, large, by keys, back with Escape", { viewport: { width: 1024, height: 768 } }, async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await page.locator(".menu summary", { hasText: "Sample" }).click();
  await at(page, "menu-present").click();
  await at(page, "present").waitFor();
  assert.equal(await page.locator(".top").isVisible(), false);
  assert.equal(await page.locator(".plot-canvas:visible").count(), 1);
  assert.match(await at(page, "figure-place").innerText(), /Figure 1 of/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await at(page, "figure-place").innerText(), /Figure 3 of/);
  await page.waitForFunction(() => /Diffusion constant/.test(document.querySelector(".plot-canvas").getAttribute("aria-label")));
  const overflow = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]);
  assert.ok(overflow.every((by) => by <= 1), `fits on the screen: ${overflow}`);
  // The table behind the figure, by a key or by its small control; Escape closes it before it leaves.
  assert.equal(await page.locator(".twin td").count(), 0);
  await page.keyboard.press("t");
  await page.locator(".twin td").first().waitFor();
  assert.match(await page.locator(".twin table").innerText(), /D \(m² s⁻¹\)[\s\S]*10⁻/);
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.activeElement.matches(".twin .scroll"));
  await page.keyboard.press("ArrowDown");
  assert.match(await at(page, "figure-place").innerText(), /Figure 3 of/, "arrows scroll the table");
  const fits = await page.evaluate(() => [document.documentElement.scrollHeight - innerHeight, document.querySelector(".plot-canvas").clientHeight]);
  assert.ok(fits[0] <= 1 && fits[1] > 150, `the figure stays: ${fits}`);
  await page.keyboard.press("Escape");
  await page.locator(".twin td").first().waitFor({ state: "detached" });
  await page.locator(".twin summary").click();
  await page.locator(".twin td").first().waitFor();
  // Every figure has one.
  await at(page, "present").focus();
  const figures = Number((await at(page, "figure-place").innerText()).match(/of (\d+)/)[1]);
  for (let i = 0; i < figures; i++) {
    await page.keyboard.press("ArrowLeft");
    await focused(page, "present");
  }
  for (let figure = 1; figure <= figures; figure++) {
    assert.match(await at(page, "figure-place").innerText(), new RegExp(`Figure ${figure} of`));
    await page.keyboard.press("t");
    // Rows of what is still being computed come later.
    await page.locator(".twin th").first().waitFor();
    await page.keyboard.press("Escape");
    await focused(page, "present");
    await page.keyboard.press("ArrowRight");
    await focused(page, "present");
  }
  await page.keyboard.press("Escape");
  await at(page, "strip").waitFor();
});

test("a slide of the tour is presented with one of its figures", { viewport: { width: 1024, height: 768 } }, async ({ page }) => {
  await at(page, "first-tour").click();
  await at(page, "present").click();
  assert.equal(await page.locator(".fig:visible").count(), 1);
  await at(page, "tour").focus();
  await page.keyboard.press("ArrowDown");
  assert.match(await at(page, "figure-place").innerText(), /Figure 2 of 2/);
  await page.keyboard.press("ArrowRight");
  assert.match(await at(page, "tour-place").innerText(), /Step 2 of 8/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".fig:visible").count(), 2);
});

test("while a slider is dragged, every frame of the screen shows another particle", async ({ page, t }) => {
  await at(page, "first-simulator").click();
  await at(page, "picture-micrograph").waitFor();
  for (const name of ["dial-sigma", "dial-core", "moment"]) {
    const { median, worst, shown } = await page.evaluate(async (name) => {
      const slider = document.querySelector(`[data-test="${name}-slider"], [data-test="${name}"]`);
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const label = () => document.querySelector('[data-test="plot-sim-profile"] .plot-canvas').getAttribute("aria-label");
      const [low, high] = [Number(slider.min), Number(slider.max)];
      const times = [], labels = new Set();
      let last = await frame();
      for (let i = 0; i < 90; i++) {
        slider.value = low + (high - low) * (0.5 + 0.4 * Math.sin(i / 9));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        const now = await frame();
        times.push(now - last);
        labels.add(label());
        last = now;
      }
      times.sort((a, b) => a - b);
      return { median: times[45], worst: times[85], shown: labels.size };
    }, name);
    t.diagnostic(`${name}: median ${median.toFixed(1)} ms a frame (${(1000 / median).toFixed(0)} frames/s), nineteen of twenty within ${worst.toFixed(1)} ms`);
    assert.ok(shown > 20, `${shown} pictures of ${name} were shown`);
  }
});
