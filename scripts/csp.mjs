// Writes the hashes of the inline scripts into the content security policy of index.html.
//
// The script that starts the page names files whose names hold hashes, so its text, and the hash that the policy
// must allow, are new with every build. A page whose policy does not fit its script would stay blank: so every
// doubt in here is an error that fails the build.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PLACEHOLDER = "'inline-script-hashes'";
const file = join(process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? "dist", "index.html");
const html = readFileSync(file, "utf8");

function fail(what) {
  console.error(`error: ${file}: ${what}`);
  process.exit(1);
}

const meta = html.match(/<meta\s+http-equiv="Content-Security-Policy"\s+content="[^"]*"\s*\/?>/i);
if (!meta) fail("no content security policy found");
if (meta[0].split(PLACEHOLDER).length !== 2) fail(`the policy must hold ${PLACEHOLDER} once`);

const hashes = [];
for (const match of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
  const [, attributes, text] = match;
  if (/\bsrc\s*=/i.test(attributes)) continue;
  // A policy in a meta element says nothing about what stands before it.
  if (match.index < meta.index) fail("an inline script stands before the policy");
  hashes.push(`'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`);
}
if (hashes.length === 0) fail("no inline script found: Trunk's own should be there");
if (/\son[a-z]+\s*=\s*["']/i.test(html.replace(/<script\b[\s\S]*?<\/script>/gi, ""))) fail("an inline event handler would be blocked by the policy");

const policy = meta[0].replace(PLACEHOLDER, hashes.join(" "));
writeFileSync(file, html.slice(0, meta.index) + policy + html.slice(meta.index + meta[0].length));
