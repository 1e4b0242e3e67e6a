// What goes wrong or is unusual: a worker that breaks down, a reload in the middle, folders, fingers, many frames, one frame, files
// that are none.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, openPage, test } from "./harness.mjs";
import { broken, particle, series } from "./forge.mjs";
import { answer, at, idle, number, openFiles, openSample, settled, type } from "./steps.mjs";

/// The worker's next request ends in an error, as a panic does.
const breakDown = (page) => page.workers().at(-1).evaluate(() => { self.onmessage = () => { throw new Error("out of order"); }; });

test("a worker that breaks down is replaced, and its work is done again", async ({ page }) => {
  await openFiles(page, series());
  const before = page.workers().at(-1);
  await breakDown(page);
  await at(page, "radius-b-toggle").click();
  await page.locator(".messages .message").waitFor();
  assert.match(await page.locator(".messages").innerText(), /broke down and was started anew/);
  await idle(page);
  assert.notEqual(page.workers().at(-1), before);
  assert.equal(await at(page, "radius-b-toggle").innerText(), "fixed");
  assert.match(await answer(page), /D\(\d+ K\)/);
  assert.equal(await at(page, "analysis-failed").count(), 0);
});

test("work that breaks every worker down is given up with a message, and the page goes on", async ({ page }) => {
  await openFiles(page, series());
  // The next request breaks the worker down, and so does every new one's second, after it has opened the files again.
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    const first = new WeakSet();
    let old = true;
    Worker.prototype.postMessage = function (message, transfer) {
      if (message[0] instanceof WebAssembly.Module) {
        old = false;
        first.add(this);
      } else if (!old && first.delete(this)) {
        // The files, once more.
      } else {
        setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of order", cancelable: true })));
        return;
      }
      return post.call(this, message, transfer);
    };
  });
  await at(page, "radius-b-toggle").click();
  await at(page, "analysis-failed").waitFor();
  assert.match(await at(page, "analysis-failed").innerText(), /broke down.*out of order/s);
  assert.match(await answer(page), /D\(\d+ K\)/, "the result before stays");
});

test("an analysis interrupted by a reload is found again with its decisions", async ({ page, site }) => {
  await openSample(page, "sample-ag-au");
  await type(page, "radius-a", "1.1");
  await openPage(page, site);
  await at(page, "strip").waitFor();
  await idle(page);
  assert.equal(await number(page, "radius-a"), 1.1);
  assert.match(await page.locator(".messages").innerText(), /restored/);
});

test("a dropped folder is read with its sub-folders", async ({ page, context }) => {
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-drop-"));
  try {
    mkdirSync(join(folder, "heating", "raw"), { recursive: true });
    for (const file of series()) writeFileSync(join(folder, "heating", "raw", file.name), file.buffer);
    writeFileSync(join(folder, "heating", "notes.txt"), "held at 450 K for lunch");
    const cdp = await context.newCDPSession(page);
    const data = { items: [], files: [join(folder, "heating")], dragOperationsMask: 1 };
    const { x, y } = await at(page, "drop-zone").boundingBox();
    for (const type of ["dragEnter", "dragOver", "drop"]) await cdp.send("Input.dispatchDragEvent", { type, x: x + 20, y: y + 20, data });
    await at(page, "strip").waitFor();
    await idle(page);
    assert.equal(await page.locator('[role="option"]').count(), 4);
    assert.equal(await at(page, "series-name").innerText(), "raw");
    await at(page, "notice-count").click();
    assert.match(await at(page, "notices").innerText(), /heating\/notes\.txt skipped: no image/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("fingers drag the circle, enlarge pictures and plots, and scroll the page", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async ({ page, context }) => {
  await openFiles(page, series());
  const cdp = await context.newCDPSession(page);
  const touch = (type, points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const line = page.locator('[data-test="circle"] .line').first();
  const stage = await at(page, "frame-view").boundingBox();
  const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2 - 40];

  const start = await number(page, "circle-x");
  await touch("touchStart", [[x, y]]);
  for (let i = 1; i <= 4; i++) await touch("touchMove", [[x + 10 * i, y]]);
  await touch("touchEnd", []);
  const dragged = await number(page, "circle-x");
  assert.ok(dragged > start + 5, `${start} → ${dragged}`);

  const radius = Number(await line.getAttribute("r"));
  await touch("touchStart", [[x - 40, y]]);
  await touch("touchStart", [[x - 40, y], [x + 40, y]]);
  for (let i = 1; i <= 4; i++) await touch("touchMove", [[x - 40 - 10 * i, y], [x + 40 + 10 * i, y]]);
  await touch("touchEnd", []);
  const enlarged = Number(await line.getAttribute("r"));
  assert.ok(Math.abs(enlarged / radius - 2) < 0.1, `${radius} → ${enlarged}`);
  assert.equal(await number(page, "circle-x"), dragged, "what the first finger began has not been");

  await page.locator(".tabs").getByRole("button", { name: "Profiles" }).click();
  const plot = at(page, "plot-profile").locator(".plot-canvas");
  await plot.scrollIntoViewIfNeeded();
  const drawn = () => plot.locator("canvas").evaluate((canvas) => canvas.toDataURL());
  const changed = async (before) => {
    await page.waitForTimeout(200);
    return (await drawn()) !== before;
  };
  const box = await plot.boundingBox();
  const [px, py] = [box.x + box.width / 2, box.y + 120];
  const whole = await drawn();
  await touch("touchStart", [[px - 30, py]]);
  await touch("touchStart", [[px - 30, py], [px + 30, py]]);
  for (let i = 1; i <= 4; i++) await touch("touchMove", [[px - 30 - 10 * i, py], [px + 30 + 10 * i, py]]);
  await touch("touchEnd", []);
  assert.ok(await changed(whole), "two fingers enlarge the plot");
  const near = await drawn();
  await touch("touchStart", [[px, py]]);
  for (let i = 1; i <= 4; i++) await touch("touchMove", [[px - 10 * i, py]]);
  await touch("touchEnd", []);
  assert.ok(await changed(near), "a finger that goes sideways moves it");
  await touch("touchStart", [[px, py]]);
  for (let i = 1; i <= 8; i++) await touch("touchMove", [[px, py - 12 * i]]);
  await touch("touchEnd", []);
  await page.waitForFunction(() => scrollY > 20);
});

test("two hundred frames are analyzed, and the page answers all the while", async ({ page }) => {
  const few = [0, 0.3, 0.6, 0.9].map((mixing, i) => particle(mixing, i + 1));
  const files = Array.from({ length: 200 }, (_, i) => ({
    name: `${String(i).padStart(3, "0")}_${300 + i}K.tif`,
    mimeType: "image/tiff",
    buffer: few[Math.floor(i / 50)],
  }));
  const table = files.map((file, i) => `${file.name},${300 + i},${i ? 60 : 0},0.05`);
  files.push({ name: "series.csv", mimeType: "text/csv", buffer: Buffer.from(["file,temperature_K,dwell_s,pixel_nm", ...table].join("\n")) });
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.longest = Math.max(window.longest, e.duration); })).observe({ type: "longtask" });
  });
  await at(page, "file-input").setInputFiles(files);
  await at(page, "strip").waitFor();
  // The last frame can be chosen and is in sight before the analysis is over.
  await at(page, "strip").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => {
    const film = document.querySelector('[data-test="strip"]').getBoundingClientRect();
    const last = document.querySelector('[data-test="frame-199"]').getBoundingClientRect();
    return last.left >= film.left && last.left < film.right;
  });
  await idle(page, 100_000);
  assert.equal(await page.locator('[role="option"][data-badge="ok"]').count(), 200);
  // No time of a machine that may be busy, but the difference between a page that answers and one that hangs for minutes.
  assert.ok((await page.evaluate(() => window.longest)) < 5_000);
});

test("one frame gives its profile and says what is missing for D", async ({ page }) => {
  const [first] = series();
  await at(page, "file-input").setInputFiles([first]);
  await at(page, "no-pixel").waitFor();
  await settled(page);
  await type(page, "pixel-all", "0.05");
  await idle(page);
  assert.match(await answer(page), /Core radius 0\.9\d.* nm .*particle radius 1\.\d+ .* nm .*One image/);
});

test("files that are none cost only themselves, each with its reason", async ({ page }) => {
  const files = series();
  const file = (name, words) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(words) });
  await openFiles(page, [
    ...files,
    broken(files[2]),
    file("empty.tif", ""),
    file("letter.tif", "Dear reader"),
    file("half.png", "\x89PNG\r\n\x1a\n"),
    file("archive.zip", "PK\x03\x04 and nothing more"),
  ]);
  assert.equal(await page.locator('[role="option"]').count(), 4);
  const said = await at(page, "failures").innerText();
  for (const name of ["broken_02_450K.tif", "empty.tif", "letter.tif", "half.png", "archive.zip"]) assert.ok(said.includes(name), `${name} is not in: ${said}`);
});

test("files of which none can be used leave the series that is open", async ({ page }) => {
  const files = series();
  await openFiles(page, files);
  const said = await answer(page);
  for (const some of [[broken(files[2])], [broken(files[1]), broken(files[2])]]) {
    await at(page, "file-input").setInputFiles(some);
    await at(page, "open-failed").waitFor();
    assert.match(await at(page, "open-failed").innerText(), /broken_.*too early[^]*copy or export/);
    await at(page, "open-failed").getByRole("button").click();
  }
  // It is analyzed anew from its images.
  await at(page, "radius-b-toggle").click();
  await idle(page);
  await at(page, "undo").click();
  await idle(page);
  assert.equal(await answer(page), said);
  await page.reload();
  await at(page, "strip").waitFor();
  await idle(page);
  assert.equal(await answer(page), said);
});
