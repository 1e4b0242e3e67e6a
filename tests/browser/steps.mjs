// What a user does in almost every test, and how to wait for what follows from it.

import { readFileSync } from "node:fs";

/// An element by the name it has for tests.
export const at = (page, name) => page.locator(`[data-test="${name}"]`);

/// Waits until nothing is being computed and what is shown is up to date.
export async function idle(page, timeout = 45_000) {
  await page.waitForFunction(() => {
    const busy = document.querySelector('[data-test="progress"]').classList.contains("busy");
    const answer = document.querySelector('[data-test="answer"]');
    return !busy && answer && !answer.classList.contains("stale");
  }, null, { timeout });
}

/// Waits until nothing is being computed, whether or not there is an answer.
export async function settled(page, timeout = 45_000) {
  await page.waitForFunction(() => !document.querySelector('[data-test="progress"]').classList.contains("busy"), null, { timeout });
}

/// Does what starts a computation, and ends that as soon as it can be.
export async function endAtOnce(page, start) {
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const cancel = document.querySelector('[data-test="cancel"]');
      if (!cancel) return;
      observer.disconnect();
      cancel.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await start();
  await at(page, "analysis-stopped").waitFor();
  await settled(page);
}

/// The sentence that answers. What limits it is computed afterwards and stands behind it: not part of this.
export const answer = (page) => at(page, "answer").evaluate((line) =>
  [...line.childNodes].filter((node) => node.dataset?.test !== "limits").map((node) => node.textContent).join("").trim());

/// Chooses files and waits for the answer.
export async function openFiles(page, files) {
  await at(page, "file-input").setInputFiles(files);
  await at(page, "strip").waitFor();
  await idle(page);
}

/// Clicks a sample and waits for the answer.
export async function openSample(page, name) {
  await at(page, name).click();
  await at(page, "strip").waitFor();
  await idle(page);
}

/// What a number field shows.
export const number = async (page, name) => Number(await at(page, name).inputValue());

/// Types into a field.
export async function type(page, name, words) {
  await at(page, name).fill(String(words));
  await at(page, name).press("Enter");
}

/// What a click in the export menu offers as a file.
export async function saved(page, button) {
  await at(page, "export").click();
  return download(page, button);
}

/// What a click offers as a file: its name and its bytes.
export async function download(page, button) {
  const [offer] = await Promise.all([page.waitForEvent("download"), at(page, button).click()]);
  const bytes = readFileSync(await offer.path());
  return Object.assign(bytes, { fileName: offer.suggestedFilename() });
}

/// Maps pixels of an image of `size`² to the window while the frame view shows the whole image.
export async function stage(page, size) {
  const box = await at(page, "frame-view").boundingBox();
  const scale = Math.min(box.width, box.height) / size;
  return (x, y) => [box.x + box.width / 2 + (x - (size - 1) / 2) * scale, box.y + box.height / 2 + (y - (size - 1) / 2) * scale];
}
