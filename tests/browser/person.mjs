// A person at Chromium: fills what the page asks, keeps a picture of each page, lets axe judge it.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const widths = [1280, 375];

const browsers = [process.env.CERALACCA_CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export const launch = () =>
  chromium.launch({
    executablePath: browsers.find((path) => path && existsSync(path)),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });

export class Person {
  constructor(context, base, output, scripts) {
    Object.assign(this, { context, base, output, scripts, shots: 0, faults: [], judged: 0 });
  }
  static async at(browser, base, output, { scripts = true, locale = "it-IT" } = {}) {
    mkdirSync(output, { recursive: true });
    const context = await browser.newContext({ javaScriptEnabled: scripts, locale, viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(15_000);
    const person = new Person(context, base, output, scripts);
    person.page = await context.newPage();
    person.page.on("pageerror", (e) => person.faults.push(`script error on ${person.page.url()}: ${e.message}`));
    person.page.on("request", (r) => {
      if (!r.url().startsWith(base) && !r.url().startsWith("data:")) person.faults.push(`request to elsewhere: ${r.url()}`);
    });
    return person;
  }
  async go(path) {
    const answer = await this.page.goto(this.base + path);
    if (answer.status() >= 400) throw new Error(`${path} answers ${answer.status()}`);
  }
  path() {
    return new URL(this.page.url()).pathname;
  }
  // By the name of the field, whatever kind it is.
  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`main [name="${name}"]`);
      const kind = await field.first().evaluate((e) => (e.tagName === "SELECT" ? "select" : e.type));
      if (kind === "select") await field.selectOption(value);
      else if (kind === "radio") await this.page.locator(`main input[name="${name}"][value="${value}"]`).check();
      else if (kind === "checkbox") await field.setChecked(value);
      else await field.fill(value);
    }
  }
  async press(words) {
    await this.page.getByRole("button", { name: words }).first().click();
    await this.page.waitForLoadState("load");
  }
  async follow(words) {
    await this.page.getByRole("link", { name: words }).first().click();
    await this.page.waitForLoadState("load");
  }
  async see(words) {
    await this.page.getByText(words).first().waitFor({ state: "visible" });
  }
  async on(path) {
    await this.page.waitForURL((url) => (path instanceof RegExp ? path.test(url.pathname) : url.pathname === path));
  }
  // Walks a journey; where it ends early, the page it ended on is kept and told.
  async through(journey) {
    try {
      await journey();
    } catch (error) {
      await this.page.screenshot({ path: join(this.output, "ended-here.png"), fullPage: true });
      const words = await this.page.locator("main").innerText().catch(() => "");
      throw new Error(`${error.message}\non ${this.page.url()}:\n${words.slice(0, 1500)}`, { cause: error });
    }
  }
  // A picture at each width, no sideways scrolling, no axe violation.
  async judge(name) {
    const number = String(++this.shots).padStart(2, "0");
    for (const width of widths) {
      await this.page.setViewportSize({ width, height: 900 });
      await this.page.screenshot({ path: join(this.output, `${number}-${name}-${width}.png`), fullPage: true });
      if (!this.scripts) continue;
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) this.faults.push(`${name} at ${width}: ${wide} px wider than the window`);
      await this.page.evaluate(axe);
      const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const v of found.violations) {
        this.faults.push(`${name} at ${width}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
      }
      this.judged++;
    }
    await this.page.setViewportSize({ width: 1280, height: 900 });
  }
}
