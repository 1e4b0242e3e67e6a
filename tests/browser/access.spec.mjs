// Every state of the page against the rules of WCAG 2.2 AA that a program can check (axe-core), light and dark.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { assert, test } from "./harness.mjs";
import { broken, heaterLog, series, tiff, twoSignals } from "./forge.mjs";
import { at, endAtOnce, idle, openFiles, openSample, settled, type } from "./steps.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const tool = (page, name) => page.locator(".frame .tools").getByRole("button", { name, exact: true }).click();

/// Waits until what follows from another size or color scheme is drawn: colors are compared when no transition runs any more,
/// however long a busy page takes to start it. A transition that never ends (of an element that left the page meanwhile)
/// is given two seconds: the longest of the page lasts a fraction of one.
const restyled = (page) => page.evaluate(async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  await frame();
  await frame();
  const ended = Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  await Promise.race([ended, new Promise((tired) => setTimeout(tired, 2000))]);
  await frame();
});

/// State by state: how to get there.
const STATES = {
  "the first screen": async () => {},
  "a series": async (page) => openSample(page, "sample-ag-au"),
  "the table": async (page) => { await openFiles(page, series()); await at(page, "table-toggle").click(); },
  "what is missing, and files that failed": async (page) => {
    const files = series({ columns: ["temperature_K"] });
    await at(page, "file-input").setInputFiles([...files, broken(files[1])]);
    await at(page, "analysis-failed").waitFor();
    await settled(page);
  },
  "a remark and the notices": async (page) => { await openFiles(page, series({ core: 1, shell: 0.4 })); await at(page, "notice-count").click(); },
  "masks": async (page) => { await openFiles(page, series()); await tool(page, "Mask"); await at(page, "add-mask").click(); await at(page, "add-polygon").click(); },
  "the ruler": async (page) => { await openFiles(page, series({ bar: true })); await tool(page, "Ruler"); },
  "the menus": async (page) => { await openSample(page, "sample-ag-au"); await at(page, "export").click(); },
  "a figure's menu and data": async (page) => {
    await openSample(page, "sample-ag-au");
    await page.locator(".profiles .twin summary").first().click();
    await at(page, "save-profile").click();
  },
  "a frame left out": async (page) => { await openFiles(page, series()); await at(page, "exclude").check(); await settled(page); },
  "element maps": async (page) => { await at(page, "sample-cu-mg").click(); await at(page, "order").locator("li").first().waitFor(); await settled(page); },
  "what the browser keeps": async (page) => {
    await openFiles(page, series());
    await page.locator(".menu summary", { hasText: "Open" }).click();
    await at(page, "kept-menu").click();
    await at(page, "kept-open").waitFor();
  },
  "what a file holds": async (page) => {
    await openFiles(page, twoSignals());
    await at(page, "contents-open").click();
    await at(page, "calibration").waitFor();
  },
  "a heater log": async (page) => {
    await openFiles(page, [...series({ columns: ["temperature_K", "dwell_s", "pixel_nm", "time"] }), heaterLog()]);
    await at(page, "heating-toggle").click();
  },
  "how sure": async (page) => {
    await openSample(page, "sample-ag-au");
    await at(page, "certainty-open").click();
    await at(page, "certainty").locator("canvas").first().waitFor();
    await at(page, "certainty-steps").waitFor({ state: "detached", timeout: 45_000 });
  },
  "series side by side": async (page) => {
    await openSample(page, "sample-ag-au");
    await at(page, "compare-open").click();
    await at(page, "compare-keep").click();
    await page.keyboard.press("Escape");
    await openFiles(page, series());
    await at(page, "compare-open").click();
    await at(page, "compare").locator("canvas").waitFor();
  },
  "a project to save": async (page) => {
    await openFiles(page, series());
    await page.keyboard.press("Control+s");
    await at(page, "project-dialog").waitFor();
  },
  "the history": async (page) => {
    await openFiles(page, series());
    await at(page, "radius-b-toggle").click();
    await idle(page);
    await at(page, "history").click();
  },
  "a link to copy": async (page) => {
    await openFiles(page, series());
    await at(page, "share").click();
    await at(page, "share-address").waitFor();
  },
  "the simulator": async (page) => { await at(page, "first-simulator").click(); await at(page, "picture-section").waitFor(); },
  "a simulated series, its truth revealed": async (page) => {
    await at(page, "first-simulator").click();
    await at(page, "dial-pixel").fill("0.05");
    await at(page, "analyze-simulated").click();
    await at(page, "strip").waitFor();
    await settled(page);
    await at(page, "reveal").click();
  },
  "the planner": async (page) => { await at(page, "first-planner").click(); await at(page, "plan-table").locator("td").first().waitFor(); },
  "a step of the tour, answered": async (page) => { await at(page, "first-tour").click(); await at(page, "option-0").click(); await at(page, "tour-reveal").click(); },
  "a step of the tour, presented": async (page) => { await at(page, "first-tour").click(); await at(page, "present").click(); },
  "a figure of the analysis, presented with its table": async (page) => {
    await openSample(page, "sample-ag-au");
    await page.locator(".menu summary", { hasText: "Sample" }).click();
    await at(page, "menu-present").click();
    await at(page, "figure-place").waitFor();
    await page.keyboard.press("t");
    await page.locator(".twin td").first().waitFor();
  },
  "a computation that was ended": async (page) => {
    await openSample(page, "sample-ag-au");
    await endAtOnce(page, () => type(page, "radius-a", "1.0"));
  },
  "a frame without a particle": async (page) => {
    const [first, ...others] = series();
    const checkered = tiff(160, (x, y) => 200 + ((7 * x + 3 * y) % 5));
    await openFiles(page, [{ ...first, buffer: checkered }, ...others]);
    await at(page, "frames-failed").waitFor();
  },
  "the help": async (page) => at(page, "help").click(),
};

for (const [name, act] of Object.entries(STATES)) {
  test(`${name}: nothing for axe to find, light or dark, large or small`, async ({ page }) => {
    await act(page);
    await page.evaluate(AXE);
    for (const [colorScheme, width, height] of [["light", 1440, 900], ["dark", 1440, 900], ["dark", 390, 844], ["light", 390, 844]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await restyled(page);
      const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), TAGS);
      const where = (node) => `    ${node.html.slice(0, 160)}\n      ${node.failureSummary.replace(/\s+/g, " ")}`;
      // What an open menu covers for the moment is no target.
      const covered = (node) => /partially obscured/.test(node.failureSummary);
      const found = violations
        .map((v) => ({ ...v, nodes: v.nodes.filter((node) => !covered(node)) }))
        .filter((v) => v.nodes.length)
        .map((v) => [`${v.id}: ${v.help} (${colorScheme}, ${width} px)`, ...v.nodes.map(where)].join("\n"));
      assert.ok(found.length === 0, found.join("\n"));
    }
  });
}
