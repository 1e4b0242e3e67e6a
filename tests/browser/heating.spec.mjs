// The heater log: laid beside the images, its clock typed, stepped and dragged, and what follows from it.

import { assert, test } from "./harness.mjs";
import { heaterLog, series } from "./forge.mjs";
import { answer, at, idle, openFiles, settled } from "./steps.mjs";

const columns = ["temperature_K", "dwell_s", "pixel_nm", "time"];

test("a heater log is laid beside the images, its clock can be changed, and undo takes that back", async ({ page }) => {
  await openFiles(page, series({ columns }));
  assert.equal(await at(page, "heating").count(), 0, "no panel without a log");

  await openFiles(page, [...series({ columns }), heaterLog()]);
  assert.match(await at(page, "heater-log").innerText(), /log\.csv .*4 of 4 frames lie in it/);
  assert.equal(await at(page, "clock-offset").inputValue(), "0");
  assert.match(await at(page, "clocks").innerText(), /images: no date, log: no date/);
  const said = await answer(page);

  await at(page, "clock-offset").press("ArrowUp");
  await idle(page);
  assert.equal(await at(page, "clock-offset").inputValue(), "1");
  await at(page, "undo").click();
  await idle(page);
  assert.equal(await answer(page), said);

  await at(page, "heating-toggle").click();
  // The line of the first frame moves all of them along the log; one drag is one step of undo.
  const box = await page.locator('[data-test="plot-heating"] .plot-canvas').boundingBox();
  const reading = async () => Number(await at(page, "clock-offset").inputValue());
  await page.evaluate(() => document.querySelector('[data-test="plot-heating"] .plot-canvas').scrollIntoView({ block: "center" }));
  let start = null;
  for (let x = box.x + 30; x < box.x + 140 && !start; x += 2) {
    await page.mouse.move(x, box.y + box.height / 2);
    if (await page.locator('[data-test="plot-heating"] canvas.on-handle').count()) start = x + 6;
  }
  assert.ok(start, "the first frame has a line that can be taken");
  await page.mouse.move(start, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(start + 40, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  assert.ok((await reading()) > 20, `${await reading()}`);
  await at(page, "undo").click();
  await idle(page);
  assert.equal(await reading(), 0);

  await at(page, "use-log").uncheck();
  await idle(page);
  await at(page, "use-log").check();
  await idle(page);
  assert.equal(await answer(page), said);
});

test("errors of temperature widen the error of E", async ({ page }) => {
  await openFiles(page, series());
  const error = async () => Number((await answer(page)).match(/± ([\d.]+)/)[1]);
  const before = await error();
  await at(page, "table-toggle").click();
  await at(page, "error-kelvin").fill("20");
  await at(page, "error-kelvin").press("Enter");
  await idle(page);
  assert.ok((await error()) > before, `${await error()} ${before}`);
});
