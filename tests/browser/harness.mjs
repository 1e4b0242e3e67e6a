// What every browser test stands on: the built site behind a plain static server, in a sub-folder as on a shared host;
// Chromium with a new profile; and a watch on the page that fails a test for anything that went wrong in silence
// (console errors, uncaught errors, failed or foreign requests, violations of the content security policy).
//
//   import { test, assert } from "./harness.mjs";
//   test("the page says its name", async ({ page, site }) => { assert.equal(await page.title(), "Alloyscope"); });
//
// `test` opens the page before it calls the body. Options: `{ open: false }` leaves that to the body,
// `{ viewport, colorScheme, … }` are those of a Playwright context (without service workers, unless it says so), `{ allow: [/text/] }` names the messages of the
// watch that this test expects (each must be seen, or the test fails).
//
// `SLOW=6 node --test …` slows the processor of every page six times down: it finds what a test reads too early.

import strict from "node:assert/strict";
import { after, before, test as nodeTest } from "node:test";
import { launchBrowser, openPage, openSite, watch } from "./site.mjs";

export { DIST, openPage, ROOT } from "./site.mjs";
export const assert = strict;

let shared; // one browser and one server for all tests of a file
before(async () => {
  const site = await openSite();
  try {
    shared = { site, ...(await launchBrowser()) };
  } catch (error) {
    await site.close();
    throw error;
  }
});
after(async () => {
  if (!shared) return;
  await shared.close();
  await shared.site.close();
});

async function slowDown(page, rate) {
  try {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

/// A test with a page of its own (new cookies, storage and cache), in the manner described above.
export function test(name, ...rest) {
  const body = rest.pop();
  const { open = true, allow = [], timeout = 120_000, ...contextOptions } = rest[0] ?? {};
  nodeTest(name, { timeout }, async (t) => {
    const { browser, site } = shared;
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block", ...contextOptions });
    context.setDefaultTimeout(15_000);
    const problems = await watch(context, site);
    try {
      if (process.env.SLOW) context.on("page", (page) => slowDown(page, Number(process.env.SLOW)));
      const page = await context.newPage();
      if (open) await openPage(page, site);
      await body({ page, context, browser, site, problems, t });
      // Give late messages (a worker's, a violation's) the time to arrive.
      if (!page.isClosed()) await page.waitForTimeout(100);
    } catch (error) {
      if (problems.length) error.message += `\nbefore that, in the page:\n  ${problems.join("\n  ")}`;
      throw error;
    } finally {
      await context.close();
    }
    const unexpected = problems.filter((problem) => !allow.some((pattern) => pattern.test(problem)));
    assert.deepEqual(unexpected, [], "the page reported problems");
    for (const pattern of allow) assert.ok(problems.some((problem) => pattern.test(problem)), `expected a problem like ${pattern}`);
  });
}
