// From files to D(T) in the page: the samples, files of one's own, broken ones among good ones, the circle by mouse,
// key and number, undo, saved decisions, exports.

import { createHash } from "node:crypto";
import { assert, openPage, test } from "./harness.mjs";
import { broken, series, tiff } from "./forge.mjs";
import { answer, at, endAtOnce, idle, number, openFiles, openSample, saved, settled, type } from "./steps.mjs";

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

test("pasted columns go where they stand: the error of temperature has its own", async ({ page }) => {
  await openFiles(page, series());
  await at(page, "table-toggle").click();
  const paste = async (name, words) => {
    await at(page, name).first().focus();
    await page.evaluate((words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", words);
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, words);
  };
  const column = async (name) => Promise.all([0, 1, 2].map((row) => at(page, name).nth(row).inputValue()));
  // The first frame has neither an error nor a dwell.
  await paste("cell-temperature-error", "1\n2\n3");
  assert.deepEqual(await column("cell-temperature-error"), ["1", "2", "3"]);
  await paste("cell-temperature-error", "4\t1 200\t0.06\n5\t240\t0.06");
  assert.deepEqual(await column("cell-temperature-error"), ["4", "5", "3"]);
  assert.deepEqual(await column("cell-dwell"), ["1200", "240", "600"]);
  assert.deepEqual(await column("cell-pixel"), ["0.05", "0.06", "0.06"]);
  // Groups of a thousand are one number, other digits apart are none.
  const typed = at(page, "cell-dwell").first();
  await typed.fill("1 2 3");
  await typed.press("Enter");
  assert.equal(await typed.getAttribute("aria-invalid"), "true");
  await typed.press("Escape");
  assert.equal(await typed.inputValue(), "1200");
  await idle(page);
});

test("a pixel size given for those without one leaves the others, and frames left out ask for none", async ({ page }) => {
  await openFiles(page, series());
  await at(page, "table-toggle").click();
  const pixels = at(page, "cell-pixel");
  for (const row of [1, 2]) {
    await pixels.nth(row).fill("");
    await pixels.nth(row).press("Enter");
  }
  await page.locator(".series-table tbody tr").nth(2).getByRole("checkbox").uncheck();
  await at(page, "pixel-all").fill("0.07");
  await at(page, "pixel-all").press("Enter");
  await at(page, "no-pixel").waitFor({ state: "detached" });
  assert.deepEqual(await Promise.all([0, 1, 2, 3].map((row) => pixels.nth(row).inputValue())), ["0.05", "0.07", "", "0.05"]);
  await settled(page);
});

test("a table below its figure covers nothing", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  for (const figure of ["profiles", "diffusivity", "phase"]) {
    await page.locator(`.${figure} .twin summary`).first().click();
    await page.locator(`.${figure} .twin td`).first().waitFor();
    const beyond = await page.locator(`.${figure}`).evaluate((panel) => panel.querySelector(".twin").getBoundingClientRect().bottom - panel.getBoundingClientRect().bottom);
    assert.ok(beyond < 1, `${figure}: ${beyond} px beyond its panel`);
    await at(page, "compare-open").click({ trial: true });
  }
});

test("undo by keys while a check box or a choice has the focus", async ({ page }) => {
  await openFiles(page, series());
  await at(page, "exclude").check();
  await settled(page);
  await page.keyboard.press("Control+z");
  assert.ok(!(await at(page, "exclude").isChecked()));
  await page.keyboard.press("Control+y");
  assert.ok(await at(page, "exclude").isChecked());
  await page.getByLabel("Color map").focus();
  await page.keyboard.press("Control+z");
  assert.ok(!(await at(page, "exclude").isChecked()));
  await idle(page);
});

test("a wrong dwell is named in the answer and among the notices, until it is right", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "table-toggle").click();
  const dwell = at(page, "cell-dwell").nth(4);
  await dwell.fill("6000");
  await dwell.press("Enter");
  await idle(page);
  await page.waitForFunction(() => /the heating before .*05_423K\.tif contradicts the others/.test(document.querySelector('[data-test="answer"]').textContent));
  await at(page, "notice-count").click();
  await at(page, "notices").getByText(/05_423K\.tif does not go with the others.* s in place of 6000 s would fit/).waitFor();
  await page.keyboard.press("Escape");
  await at(page, "undo").click();
  await idle(page);
  await page.waitForFunction(() => !/contradicts/.test(document.querySelector('[data-test="answer"]').textContent));
});

test("errors in the answer are of the level chosen, and it is told where that is not 68 %", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const error = async () => Number(/E = [\d.]+ ± ([\d.]+) kJ/.exec(await answer(page))[1]);
  const one = await error();
  assert.doesNotMatch(await answer(page), /errors at/);
  await page.getByRole("button", { name: "95 %", exact: true }).click();
  await idle(page);
  await page.waitForFunction(() => /errors at 95/.test(document.querySelector('[data-test="answer"]').textContent));
  const ratio = (await error()) / one;
  // 1.96; errors drawn from sectors may come in between.
  assert.ok(ratio > 1.4 && ratio < 2.8, `${ratio} times as wide`);
  assert.match((await saved(page, "export-report")).toString(), /E = [^<]*D₀ = [^<]*errors are those of 95 %/);
});

test("a pasted table with a cell that cannot be changes nothing and says where", async ({ page }) => {
  await openFiles(page, series());
  await at(page, "table-toggle").click();
  const dwells = at(page, "cell-dwell");
  const paste = async (words) => {
    await dwells.first().focus();
    await page.evaluate((words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", words);
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, words);
  };
  const header = "File\tTemperature (K)\tDwell (s)\tPixel (nm)";
  for (const [words, said] of [
    [`${header}\n00_300K.tif\t310\t0\t0.05\n01_400K.tif\t410\tten\t0.05`, /row 3, column 3 .*'ten' is not a number/],
    [`${header}\nothers.tif\t310\t0\t0.05`, /files are not those of this series/],
    ["Temp\tZeit\n310\t10", /names none of the columns/],
    ["120\n-5", /row 2, .*“-5” cannot be/],
  ]) {
    await paste(words);
    await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector(".messages").innerText), [said.source]);
    assert.deepEqual([await dwells.nth(0).inputValue(), await dwells.nth(1).inputValue()], ["600", "600"]);
    assert.ok(await at(page, "undo").isDisabled());
  }
  const typed = at(page, "cell-temperature").nth(1);
  await typed.fill("20000");
  await typed.press("Enter");
  assert.match(await typed.getAttribute("aria-description"), /above 0, up to 10000/);
  assert.ok(await at(page, "undo").isDisabled());
  await typed.press("Escape");
  await paste(`${header}\n00_300K.tif\t310\t-\t0.05\n01_400K.tif\t410\t300\tn/a`);
  await idle(page);
  assert.equal(await dwells.nth(0).inputValue(), "300");
  assert.equal(await at(page, "cell-temperature").nth(1).inputValue(), "410");
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

test("a computation can be ended: what is shown is said to be of earlier decisions, until it is computed after all", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const before = await answer(page);
  await endAtOnce(page, () => type(page, "radius-a", "1.0"));
  assert.equal(await answer(page), before);
  assert.ok(await at(page, "answer").evaluate((line) => line.classList.contains("stale")));
  // Nor do files pair decisions with the result of others.
  assert.ok(await at(page, "export-json").evaluate((button) => button.closest("[inert]") !== null));
  await at(page, "analyze-again").click();
  await idle(page);
  assert.notEqual(await answer(page), before);
  const fit = JSON.parse(await saved(page, "export-json")).fit;
  assert.ok(JSON.stringify(fit).includes('"fixed":true'));
  assert.equal(await at(page, "analysis-stopped").count(), 0);
});

test("undo in a field takes back what was typed last, before Enter the typing and after it the decision", async ({ page }) => {
  await openFiles(page, series());
  const before = await number(page, "radius-a");
  await type(page, "radius-a", "1.0");
  await idle(page);
  await page.keyboard.press("Control+z");
  await idle(page);
  assert.equal(await number(page, "radius-a"), before);
  assert.ok(await at(page, "undo").isDisabled());
  await page.keyboard.press("Control+a");
  await page.keyboard.type("0.7");
  await page.keyboard.press("Control+z");
  assert.notEqual(await number(page, "radius-a"), 0.7);
  await page.keyboard.press("Escape");
  assert.ok(await at(page, "undo").isDisabled());
});

test("where no particle is found it can be said where one is, in numbers and by keys; frames without one say why", async ({ page }) => {
  const [first, ...others] = series();
  let state = 7;
  const noise = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const empty = { ...first, buffer: tiff(160, () => 200 + 20 * noise()) };
  await openFiles(page, [empty, ...others]);
  assert.match(await at(page, "frames-failed").innerText(), /frame 1 now is the initial state[^]*00_300K\.tif/);
  assert.equal(await at(page, "circle-x").inputValue(), "");
  await at(page, "frame-view").focus();
  await page.keyboard.press("ArrowRight");
  await idle(page);
  assert.equal(await number(page, "circle-x"), 80.5);
  await page.keyboard.press("Control+z");
  await idle(page);
  await type(page, "circle-x", "70");
  await type(page, "circle-y", "75");
  await type(page, "circle-r", "30");
  await settled(page);
  assert.deepEqual([await number(page, "circle-x"), await number(page, "circle-y"), await number(page, "circle-r")], [70, 75, 30]);
});

test("a model that misses the images says which probe they want, and a click takes it", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const given = await number(page, "psf");
  assert.equal(await at(page, "poor-fit").count(), 0);
  await type(page, "psf", 2.5 * given);
  await idle(page);
  assert.match(await at(page, "poor-fit").innerText(), /does not describe the data .*\. The images want a probe of σ = /);
  await at(page, "take-probe").click();
  await idle(page);
  await at(page, "poor-fit").waitFor({ state: "detached" });
  // Without a heating in which the edge stays sharp, probe and edge are told together only: any that describes the images is right.
  const taken = await number(page, "psf");
  assert.ok(taken > 0 && taken < 1.7 * given, `${taken} nm, of ${given} nm`);
  await page.keyboard.press("Control+z");
  await at(page, "take-probe").waitFor();
});

test("the focus goes on where what had it is gone", async ({ page, site }) => {
  const focused = (name) => page.waitForFunction((name) => document.activeElement?.dataset.test === name, name);
  await at(page, "first-simulator").focus();
  await page.keyboard.press("Enter");
  await at(page, "leave-room").focus();
  await page.keyboard.press("Enter");
  await focused("first-simulator");
  await openPage(page, site);
  await at(page, "sample-ag-au").focus();
  await page.keyboard.press("Enter");
  await focused("strip");
  await idle(page);
  await at(page, "exclude").check();
  await at(page, "undo").focus();
  await page.keyboard.press("Enter");
  await focused("redo");
  await page.keyboard.press("Enter");
  await focused("undo");
  await page.locator(".frame .tools").getByRole("button", { name: "Mask", exact: true }).click();
  await at(page, "add-mask").press("Enter");
  await at(page, "remove-mask").focus();
  await page.keyboard.press("Enter");
  await focused("add-mask");
  await settled(page);
});

test("a number that cannot be is refused with what can; Escape takes it back", async ({ page }) => {
  await openFiles(page, series());
  const before = await at(page, "circle-y").inputValue();
  await type(page, "circle-y", "1e300");
  assert.equal(await at(page, "circle-y").getAttribute("aria-invalid"), "true");
  assert.match(await at(page, "circle-y").getAttribute("aria-description"), /from 0 to 1 × 10¹²/);
  assert.ok(await at(page, "undo").isDisabled());
  await at(page, "circle-y").press("Escape");
  assert.equal(await at(page, "circle-y").inputValue(), before);
  assert.equal(await at(page, "circle-y").getAttribute("aria-description"), "");
});

test("on a phone, why a cell is refused stands whole in its cell", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await openFiles(page, series());
  await at(page, "table-toggle").click();
  const field = at(page, "cell-temperature").first();
  await field.fill("-5");
  await field.press("Enter");
  const [cell, why, inside] = await field.evaluate((input) => {
    const cell = input.closest(".number");
    const [own, table] = [cell, cell.closest(".scroll")].map((element) => element.getBoundingClientRect());
    const why = parseFloat(getComputedStyle(cell, "::after").height);
    return [own.height - input.offsetHeight, why, own.top >= table.top && own.bottom <= table.bottom && own.left >= table.left && own.right <= table.right];
  });
  assert.ok(why > 20 && cell >= why, `${cell} px for ${why} px`);
  assert.ok(inside, "the table cuts nothing of it");
});

test("on a phone, nothing that takes the focus is under the answer", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const [seen, hidden] = await page.evaluate(() => {
    const bar = document.querySelector(".answer");
    const hidden = [];
    let seen = 0;
    for (const element of document.querySelectorAll("main :is(button, input, select, summary, [tabindex='0'])")) {
      if (bar.contains(element) || !element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
      element.focus();
      if (document.activeElement !== element) continue;
      seen += 1;
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > bar.getBoundingClientRect().top + 0.5 && bottom - top < 500) hidden.push(element.outerHTML.slice(0, 120));
    }
    return [seen, hidden];
  });
  assert.ok(seen > 20, `${seen} elements`);
  assert.deepEqual(hidden, []);
  // At its end, the page stands above it.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const [end, bar] = await page.evaluate(() => [".workspace", ".answer"].map((e) => document.querySelector(e).getBoundingClientRect()).map((r, i) => i ? r.top : r.bottom));
  assert.ok(end <= bar + 0.5, `${end} ${bar}`);
});

test("no line of the answer begins or ends with a dot, and none is cut", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "limits").filter({ hasText: "what limits it" }).waitFor({ timeout: 45_000 });
  let lines = 0;
  for (const width of [1920, 1440, 1100, 800, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const parts = await at(page, "answer").evaluate((line, width) => {
      const own = line.getBoundingClientRect();
      // Where what is left of it begins to be seen.
      const left = own.left + 16;
      return [...line.querySelectorAll(width > 699 ? "b" : "span:first-child b")].map((part) => {
        const [box, dot] = [part, part.querySelector("i")].map((e) => e.getBoundingClientRect());
        return { right: box.right - own.right, top: box.top, dot: dot.right - left, words: part.textContent };
      });
    }, width);
    parts.forEach(({ right, top, dot, words }, place) => {
      assert.ok(right < 0.5, `${words} at ${width}`);
      const begins = place === 0 || top > parts[place - 1].top + 5;
      lines += begins && place > 0;
      assert.equal(dot < 0.5, begins, `${words} at ${width}: dot up to ${dot}`);
    });
  }
  assert.ok(lines > 2, `${lines} lines`);
});

test("what is pointed at moves with the data", async ({ page }) => {
  await openFiles(page, series());
  const plot = at(page, "plot-diffusivity");
  const left = () => plot.locator(".cursor").evaluate((ring) => parseFloat(ring.style.left));
  await plot.locator(".plot-canvas").focus();
  await page.keyboard.press("PageDown");
  const before = await left();
  // As far as this key moves the data.
  await page.keyboard.press("Shift+ArrowLeft");
  await page.waitForFunction((before) => {
    const ring = document.querySelector('[data-test="plot-diffusivity"] .cursor');
    return ring && Math.abs(parseFloat(ring.style.left) - before - 10) < 1.1;
  }, before);
  for (let i = 0; i < 60; i++) await page.keyboard.press("Shift+ArrowRight");
  await plot.locator(".cursor").waitFor({ state: "detached" });
});
