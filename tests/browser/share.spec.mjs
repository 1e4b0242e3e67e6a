// An analysis as a link: made, opened in a fresh profile, cut, newer than the program; nothing leaves the page.

import { assert, test } from "./harness.mjs";
import { answer, at, idle, openSample } from "./steps.mjs";

/// Opens the dialog and reads the link.
async function link(page) {
  await at(page, "share").click();
  const address = await at(page, "share-address").inputValue();
  await page.keyboard.press("Escape");
  return address;
}

test("a link shows the same answer in a fresh profile, without the images", async ({ page, browser }) => {
  await openSample(page, "sample-ag-au");
  const said = await answer(page);
  const address = await link(page);
  assert.ok(address.length < 8000, `${address.length} characters`);

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const other = await context.newPage();
    await other.goto(address);
    await at(other, "strip").waitFor();
    await idle(other);
    // The figures are computed anew from rounded profiles: E agrees to the digits shown, or to one unit of the last.
    const energy = (words) => Number(/E = ([\d.]+)/.exec(words)[1]);
    const again = await answer(other);
    assert.ok(Math.abs(energy(said) - energy(again)) < 0.11, `${said} → ${again}`);
    assert.equal(await other.locator('[role="option"]').count(), 12);
    // Errors drawn from sectors would need the images: where the answer stands it says that there are none.
    const limits = (page, words) => at(page, "limits").filter({ hasText: words }).waitFor({ timeout: 45_000 });
    await limits(other, "errors of the likelihood alone, for want of images");
    await limits(page, /^[ ·]*±.*what limits it/);
    // What would have to be measured anew stays as it is, by keys and by numbers.
    const [x, shown] = [await at(other, "circle-x").inputValue(), await answer(other)];
    await at(other, "frame-view").focus();
    await other.keyboard.press("ArrowRight");
    await other.locator(".messages", { hasText: "came without its images" }).waitFor();
    await other.keyboard.press("f");
    await at(other, "circle-x").fill("12");
    await at(other, "circle-x").press("Enter");
    assert.equal(await at(other, "circle-x").inputValue(), x);
    assert.ok(await at(other, "undo").isDisabled());
    await idle(other);
    assert.equal(await answer(other), shown);
    // Reloading keeps it; other files take its place in the address.
    await other.reload();
    await at(other, "strip").waitFor();
    await idle(other);
  } finally {
    await context.close();
  }
});

test("names and pictures can be left out", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  await at(page, "share").click();
  const whole = (await at(page, "share-address").inputValue()).length;
  await at(page, "share-pictures").uncheck();
  const plain = (await at(page, "share-address").inputValue()).length;
  await at(page, "share-names").uncheck();
  const nameless = (await at(page, "share-address").inputValue()).length;
  assert.ok(nameless < plain && plain < whole, `${whole}, ${plain}, ${nameless}`);
});

test("a broken link is an error in words, and the page goes on", async ({ page }) => {
  await openSample(page, "sample-ag-au");
  const address = await link(page);
  for (const fragment of [address.split("#")[1].slice(0, 900), "a=AAAA", "a=_w", "a=%%%"]) {
    await page.evaluate((f) => { location.hash = f; }, fragment);
    await at(page, "open-failed").waitFor();
    await at(page, "open-failed").getByRole("button").click();
    await at(page, "open-failed").waitFor({ state: "detached" });
  }
  await idle(page);
});
