// Every sample of every page and mail, in both languages, at three widths: judged by axe, no sideways
// scrolling. A new sample is judged as soon as it exists.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { drawGallery, serveGallery } from "./gallery.mjs";
import { launch } from "./person.mjs";

const root = new URL("../..", import.meta.url).pathname;
const folder = join(root, "test-output/gallery");
// What a narrower window can break; the rest of axe reads the same elements again and is asked once a sample,
// at the first width.
const widths = [1280, 375, 320];
const dependOnWidth = ["color-contrast", "target-size", "scrollable-region-focusable", "heading-order", "region",
  "page-has-heading-one", "link-in-text-block", "aria-hidden-focus"];
let samples, gallery, browser;

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  samples = drawGallery(root, folder);
  // While drawing a page: CERALACCA_PAGES='^wizard' judges those alone.
  if (process.env.CERALACCA_PAGES) samples = samples.filter((s) => new RegExp(process.env.CERALACCA_PAGES).test(s.name));
  gallery = await serveGallery(root, folder);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gallery?.stop();
});

// Sideways scrolling and what axe finds, at one width.
async function judge(page, sample, width, faults) {
  const say = (words) => faults.push(`${sample.path} at ${width}: ${words}`);
  await page.setViewportSize({ width, height: 900 });
  const found = await page.evaluate(async ({ rules }) => {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    const wide = over <= 0 ? [] : [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 0.5)
      .map((e) => e.tagName.toLowerCase() + (e.className ? `.${e.className}` : "")).slice(-3);
    const options = { resultTypes: ["violations"], preload: false, elementRef: false, performanceTimer: false };
    if (rules) options.runOnly = { type: "rule", values: rules };
    const { violations } = await window.axe.run(document, options);
    return {
      over, wide,
      violations: violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`),
    };
  }, { rules: width === widths[0] ? null : dependOnWidth });
  if (found.over > 0) say(`${found.over} px wider than the window: ${found.wide.join(", ")}`);
  for (const violation of found.violations) say(violation);
}

async function worker(queue, faults, judged) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("pageerror", (e) => faults.push(`${page.url()}: script error: ${e.message}`));
  page.on("response", (r) => r.status() >= 400 && faults.push(`${page.url()}: ${r.url()} answers ${r.status()}`));
  for (let sample = queue.pop(); sample; sample = queue.pop()) {
    await page.setViewportSize({ width: widths[0], height: 900 });
    await page.goto(gallery.base + sample.path, { waitUntil: "load" });
    await page.addScriptTag({ url: "/axe.js" });
    for (const width of widths) {
      await judge(page, sample, width, faults);
      judged.push(sample);
    }
  }
  await context.close();
}

test("every page and mail, Italian and English, at 1280, 375 and 320", async (t) => {
  const began = performance.now();
  const queue = [...samples];
  const faults = [];
  const judged = [];
  const workers = Array.from({ length: Math.max(2, Math.min(6, cpus().length)) }, () => worker(queue, faults, judged));
  await Promise.all(workers);
  t.diagnostic(`${samples.length} samples, ${judged.length} views in ${Math.round((performance.now() - began) / 1000)} s`);
  assert.deepEqual(faults.sort(), []);
  assert.equal(judged.length, samples.length * widths.length);
  for (const language of ["it", "en"]) assert.ok(samples.some((s) => s.language === language && !s.mail), language);
});

test("an order can be left at each width, by one way that is seen", async () => {
  const steps = samples.filter((s) => /^wizard\.(names|holders|review|import)-/.test(s.name));
  const page = await browser.newPage();
  const faults = [];
  for (const step of steps) {
    await page.goto(gallery.base + step.path);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const seen = await page.getByText(/^(Salva ed esci|Save and leave)$/).filter({ visible: true }).count();
      if (seen !== 1) faults.push(`${step.path} at ${width}: ${seen}`);
    }
  }
  await page.close();
  assert.deepEqual(faults, []);
  assert.ok(steps.length > 0 || process.env.CERALACCA_PAGES, "the steps have samples");
});

// What watches asks again every few seconds: an answer without it must not empty the page.
test("a part that watches outlasts an answer without it", async () => {
  const page = await browser.newPage();
  const asked = [];
  const nothingNew = { status: 204 };
  const busy = { status: 503, contentType: "text/html", body: "<title>503</title><p>Torna tra poco</p>" };
  let answer = nothingNew;
  await page.route("**/order/payment/**", (route) => {
    asked.push(answer.status);
    return route.fulfill(answer);
  });
  await page.goto(`${gallery.base}/it/payments.wait-0.html`);
  const told = await page.locator("#wait").innerText();
  await page.evaluate(() => { window.sameDocument = true; });
  for (answer of [nothingNew, busy]) {
    for (let times = 0; times < 2; times++) await page.waitForResponse((r) => r.status() === answer.status);
  }
  assert.ok(await page.evaluate(() => window.sameDocument), "nothing was read anew");
  assert.equal(await page.locator("#wait").innerText(), told, "it is kept while the program does not answer");
  // The session is over: the answer is the sign-in, which the whole page then leads to.
  answer = { status: 200, contentType: "text/html", body: "<title>Accedi</title><main id=content><h1>Accedi</h1></main>" };
  await page.waitForEvent("load");
  assert.equal(await page.locator("#wait").innerText(), told, "the page was read anew");
  await page.close();
  assert.deepEqual([...new Set(asked)], [204, 503, 200]);
});
