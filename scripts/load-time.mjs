// How long a first visit takes: from navigation to the page on the screen, and to a worker that is ready to compute; in
// Chromium, with an empty cache, from a server on this machine. The bytes are those that come over the line, uncompressed.
//   node scripts/load-time.mjs dist [--visits 5]

const [folder = "dist", ...options] = process.argv.slice(2);
process.env.ALLOYSCOPE_DIST = folder;
const at = options.indexOf("--visits");
const visits = at < 0 ? 5 : Number(options[at + 1]);

let site;
let launched;
try {
  const { launchBrowser, openSite } = await import("../tests/browser/site.mjs");
  launched = await launchBrowser();
  site = await openSite();
} catch (error) {
  await launched?.close();
  console.log(`load time: not measured, there is no browser here to do it (${error.message.split("\n")[0]})\n  try: make setup`);
  process.exit(0);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const runs = [];
try {
  for (let visit = 0; visit < visits; visit++) {
    const context = await launched.browser.newContext({ serviceWorkers: "block" });
    await context.addInitScript(() => {
      window.marks = {};
      const look = () => {
        const progress = document.querySelector('[data-test="progress"]');
        if (progress) window.marks.shown ??= performance.now();
        if (progress && !progress.classList.contains("busy")) window.marks.usable ??= performance.now();
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
    });
    const page = await context.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => window.marks.usable);
    runs.push(await page.evaluate(() => ({
      ...window.marks,
      files: performance.getEntries()
        .filter((entry) => entry.entryType === "navigation" || entry.entryType === "resource")
        .map((entry) => ({ name: new URL(entry.name).pathname.split("/").pop() || "index.html", bytes: entry.transferSize, ms: entry.responseEnd })),
    })));
    await context.close();
  }
} finally {
  await launched.close();
  await site.close();
}

const files = runs[0].files;
const width = Math.max(16, ...files.map((file) => file.name.length));
console.log(`\n${"first visit".padEnd(width)} ${"bytes".padStart(10)} ${"there, ms".padStart(10)}`);
for (const { name, bytes } of files) {
  const there = median(runs.flatMap((run) => run.files.filter((file) => file.name === name).map((file) => file.ms)));
  console.log(`${name.padEnd(width)} ${String(bytes).padStart(10)} ${there.toFixed(0).padStart(10)}`);
}
const range = (key) => {
  const times = runs.map((run) => run[key]);
  return `${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`;
};
console.log(`load time, median of ${visits} visits with an empty cache: shown after ${range("shown")}, usable after ${range("usable")}`);
