// The old guide's example in a browser: a member of a professional body with €8,48 of credit buys one GB, keeps
// €5,43 and has two GB; three more lack credit, a top-up by card resumes that purchase. Every page judged by axe.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { message, startDemo } from "./demo.mjs";
import { Person, launch } from "./person.mjs";

const root = new URL("../..", import.meta.url).pathname;
const binary = process.env.CERALACCA_BINARY ?? join(root, "target/debug/ceralacca");
const output = join(root, "test-output/browser/holder");
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

async function member(folder, options) {
  const [user, password] = demo.said().match(/^member\t(\S+)\t(\S+)/m).slice(1);
  const person = await Person.at(browser, demo.base, join(output, folder), options);
  await person.go("/login");
  await person.fill({ username: user, password });
  await person.page.locator("main form button[type=submit]").last().click();
  await person.on("/mailbox");
  return person;
}

// The bank's event may arrive a moment after the first page: the credit is there when the page says so.
async function credited(person, words) {
  for (let tries = 0; tries < 100; tries++) {
    await person.go("/mailbox");
    if ((await person.page.locator(".cl-credit").innerText()).includes(words)) return;
  }
  throw new Error(`no credit of ${words}`);
}

test("credit, one GB, a top-up that resumes a purchase", async () => {
  const person = await member("member");
  await person.through(async () => {
    await credited(person, "€8,48");
    await person.judge("mailboxes");
    await person.go("/mailbox/card");
    await person.see("Non è stato trovato nessun elemento.");
    await person.see("1 GB base + 0 GB extra");
    await person.judge("card-empty");
    await person.follow("Tabella comparativa Servizi Aggiuntivi");
    await person.judge("compare");
    await person.follow("Nuovo Servizio Aggiuntivo");
    await person.see("€3,05");
    await person.judge("new-addon");
    // The total follows what is typed, without a button.
    await person.page.locator("#gb").fill("3");
    await person.see("mancano €0,67");
    await person.page.locator("#gb").fill("1");
    await person.see("Dopo l’acquisto restano €5,43.");
    await person.press("Conferma");
    await person.on("/mailbox/card");
    await person.see("1 GB base + 1 GB extra");
    assert.match(await person.page.locator(".cl-credit").innerText(), /€5,43/);
    await person.judge("card-bought");
    const mail = await message(demo.base, "mario.rossi@example.it", "Servizio aggiuntivo acquistato");
    assert.match(mail.text, /1 GB × 1 anno × €2,50/);
  });
  assert.deepEqual(person.faults, []);
});

test("without scripts: a top-up resumes a purchase, outcomes and statement tell it", async () => {
  const person = await member("plain", { scripts: false });
  await person.through(async () => {
    await person.go("/mailbox/addons/new");
    await person.fill({ service: "legal_storage", gb: "2" });
    await person.press("Calcola il prezzo");
    await person.see("€9,76");
    await person.judge("short");
    await person.page.locator("#total a.btn-primary").click();
    await person.see("Mancano €4,33.");
    await person.judge("top-up");
    await person.press("Importo mancante");
    await person.page.locator('button[value="approve"]').click();
    await person.page.waitForURL(/\/mailbox\/addons\/new/, { timeout: 20_000 });
    await person.see("Ricarica riuscita.");
    await person.judge("resumed");
    await person.page.locator('button[name="confirm"]').click();
    await person.on("/mailbox/card");
    await person.see("Conservazione a norma, 2 GB");
    await person.go("/mailbox/credit/statement");
    await person.see("€10,43");
    await person.judge("statement");
    await person.go("/mailbox/operations");
    await person.see("Il credito è stato ricaricato.");
    await person.judge("operations");
    await person.page.locator('main a[href^="/mailbox/orders/"]').first().click();
    await person.see("2 GB × 1 anno × €4,00");
    await person.judge("order");
    await person.go("/mailbox/data");
    await person.judge("data");
    await person.go("/mailbox/data?lang=en");
    await person.see("Your remaining credit");
  });
  assert.deepEqual(person.faults, []);
});
