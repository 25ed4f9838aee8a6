// A bank transfer from the instructions to the working mailbox: the customer reads where it goes, the operator
// uploads the bank's statement, and what names no order is decided by a person. Every page judged by axe.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { message, startDemo } from "./demo.mjs";
import { Person, launch } from "./person.mjs";

const root = new URL("../..", import.meta.url).pathname;
const binary = process.env.CERALACCA_BINARY ?? join(root, "target/debug/ceralacca");
const output = join(root, "test-output/browser/transfer");
let demo, browser;

before(async () => {
  mkdirSync(output, { recursive: true });
  demo = await startDemo(binary, output);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

// A line of the sample users: role, user, password.
const sample = (role) => demo.said().match(new RegExp(`^${role}\\t(\\S+)\\t(\\S+)`, "m")).slice(1);

async function customer(role) {
  const [username, password] = sample(role);
  const person = await Person.at(browser, demo.base, join(output, role));
  await person.go("/login");
  await person.fill({ username, password });
  await person.page.locator("main form button[type=submit]").last().click();
  await person.on("/account");
  return person;
}

async function operator() {
  const [username, password] = sample("operator");
  const desk = await Person.at(browser, demo.base, join(output, "desk"));
  await desk.go("/office/login");
  await desk.fill({ username, password });
  await desk.page.locator("main form button[type=submit]").last().click();
  await desk.on("/office/login/code");
  const { code } = await (await fetch(`${demo.base}/demo/operator-code.json`)).json();
  await desk.fill({ code });
  await desk.page.locator("main form button[type=submit]").last().click();
  await desk.on("/office");
  return desk;
}

test("a transfer booked from a CAMT.053 file", async () => {
  const person = await customer("company");
  let number;
  await person.through(async () => {
    await person.go("/account/orders");
    await person.page.locator('main a[href^="/account/orders/"]').first().click();
    await person.see("Bonifico bancario");
    await person.page.locator('main a[href^="/order/payment/"]').first().click();
    await person.see("Fai il bonifico");
    await person.judge("instructions");
    number = (await person.page.locator("#transfer-reason").innerText()).trim();
    assert.match(number, /^\d{4}-\d{6}$/, "only the order number");
  });
  const desk = await operator();
  await desk.through(async () => {
    await desk.judge("home");
    await desk.go("/office/transfers");
    await desk.judge("transfers-empty");
    await desk.follow("Carica un estratto conto");
    const [download] = await Promise.all([
      desk.page.waitForEvent("download"),
      desk.page.getByRole("link", { name: "Scarica un estratto di prova" }).click(),
    ]);
    const file = join(output, "camt053.xml");
    await download.saveAs(file);
    await desk.page.locator("#file").setInputFiles({ name: "x.xml", mimeType: "text/xml", buffer: Buffer.from("<no/>") });
    await desk.press("Carica");
    await desk.see("Il file non è un estratto conto CAMT.053");
    await desk.judge("statement-refused");
    await desk.page.locator("#file").setInputFiles(file);
    await desk.press("Carica");
    await desk.see("Estratto preso");
    await message(demo.base, "marco.ferrari@example.it", `pagamento dell’ordine ${number}`);
    await desk.go("/office/transfers");
    await desk.see(`Ordine ${number}`);
    await desk.judge("transfers");
    await desk.go("/office/transfers?state=unmatched");
    await desk.page.locator('main a[href^="/office/transfers/mov_"]').first().click();
    await desk.see("Non è di nessun ordine");
    await desk.judge("movement");
    await desk.fill({ note: "Chiesto alla banca" });
    await desk.press("Lascia come sconosciuto");
    await desk.see("resta tra gli sconosciuti");
    await desk.go(`/office/search?q=${number}`);
    await desk.judge("search");
    await desk.page.locator("main tbody th a").first().click();
    await desk.see("Pagamenti e rimborsi");
    await desk.judge("order");
    await desk.follow("Rimborsa");
    await desk.judge("refund");
  });
  await person.through(async () => {
    await person.go("/account/orders");
    await person.page.getByRole("link", { name: number }).first().click();
    await person.see("Evaso");
    await person.judge("order-done");
  });
  assert.deepEqual([...person.faults, ...desk.faults], []);
});
