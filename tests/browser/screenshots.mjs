// Pictures of the built page at three sizes, light and dark, for a look with one's own eyes and for the README.
//   node tests/browser/screenshots.mjs FOLDER [--sample ag-au] [--full] [--size 1440x900]... [--scheme light|dark] [--scale 2]
//     --sample NAME   click [data-test="sample-NAME"] first and wait for the answer
//     --full          the whole page instead of its first screen
//     --wait SELECTOR wait for this element before the picture is taken

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launchBrowser, openPage, openSite, watch } from "./site.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string" },
    full: { type: "boolean", default: false },
    size: { type: "string", multiple: true, default: ["1440x900", "1024x768", "390x844"] },
    scheme: { type: "string", multiple: true, default: ["light", "dark"] },
    scale: { type: "string", default: "1" },
    wait: { type: "string" },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error("error: no folder given\n  try: node tests/browser/screenshots.mjs target/screenshots");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const site = await openSite();
const { browser, close } = await launchBrowser();
let failed = false;
try {
  for (const size of values.size) {
    const [width, height] = size.split("x").map(Number);
    for (const colorScheme of values.scheme) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: Number(values.scale) });
      context.setDefaultTimeout(60_000);
      const problems = await watch(context, site);
      const page = await context.newPage();
      await openPage(page, site);
      if (values.sample) {
        await page.locator(`[data-test="sample-${values.sample}"]`).first().click();
        // A series has its answer, a spectrum image its order.
        await page.locator('[data-test="answer"]:not(.stale), [data-test="order"] li').first().waitFor();
        await page.locator('[data-test="progress"]:not(.busy)').waitFor({ state: "attached" });
      }
      if (values.wait) await page.locator(values.wait).first().waitFor();
      // Figures are drawn in the frame after the data has arrived.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.waitForTimeout(300);
      const path = join(folder, `${values.sample ? `${values.sample}-` : ""}${size}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: values.full });
      console.log(path);
      for (const problem of problems) {
        failed = true;
        console.error(`  ${problem}`);
      }
      await context.close();
    }
  }
} finally {
  await close();
  await site.close();
}
process.exitCode = failed ? 1 : 0;
