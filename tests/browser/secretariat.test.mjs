// A body's secretariat takes 5,000 members out of a file: refused with each wrong line told, then right, confirmed,
// worked off behind the page. Every page judged by axe.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { message, startDemo } from "./demo.mjs";
import { Person, launch } from "./person.mjs";

const root = new URL("../..", import.meta.url).pathname;
const binary = process.env.CERALACCA_BINARY ?? join(root, "target/debug/ceralacca");
const output = join(root, "test-output/browser/secretariat");
const MEMBERS = 5000;
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

// The control letter of a fiscal code: odd places by the special table, even places by their order.
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const value = (c) => (c >= "A" ? c.charCodeAt(0) - 65 : Number(c));
const control = (begin) =>
  String.fromCharCode(65 + [...begin].reduce((sum, c, n) => sum + (n % 2 ? value(c) : ODD[value(c)]), 0) % 26);
// The n-th Anna Rossi, each born on another day.
function fiscalCode(n) {
  const year = 50 + Math.floor(n / 336);
  const begin = `RSSNNA${year}${"ABCDEHLMPRST"[Math.floor(n / 28) % 12]}${41 + (n % 28)}H501`;
  return begin + control(begin);
}
const HEAD = "nome;codice_fiscale;nome_titolare;cognome_titolare;indirizzo;cap;comune;provincia;email;cellulare;piano";
const line = (n) =>
  `iscritta.n${n};${fiscalCode(n)};Anna;Rossi;Via dei Serpenti 12;00184;Roma;RM;iscritta${n}@example.org;333 1234567;`;
const csv = (lines) => ({
  name: "iscritti.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(`\u{feff}${[HEAD, ...lines].join("\r\n")}\r\n`),
});

test("a secretariat imports 5,000 members", async () => {
  const [username, password] = demo.said().match(/^body\t(\S+)\t(\S+)/m).slice(1);
  const person = await Person.at(browser, demo.base, join(output, "body"));
  await person.through(async () => {
    await person.go("/login");
    await person.fill({ username, password });
    await person.page.locator("main form button[type=submit]").last().click();
    await person.on("/account");
    await person.go("/account/agreements");
    await person.judge("agreements");
    await person.go("/account/agreements/ORDGEO");
    await person.see("mario.rossi");
    await person.judge("members");
    await person.page.locator('main tbody a[href*="/members/"]').first().click();
    await person.see("Chi rinnova");
    await person.judge("member");
    await person.go("/account/agreements/ORDGEO/import");
    const wrong = [line(0), line(0), line(2).replace("@example.org", ""), line(3).replace("RSSNNA", "RSSNNB")];
    await person.page.locator("#file").setInputFiles(csv(wrong));
    await person.press("Controlla il file");
    await person.see("3 righe su 4 sono da correggere");
    await person.judge("refused");
    await person.go("/account/agreements/ORDGEO/import");
    await person.page.locator("#file").setInputFiles(csv(Array.from({ length: MEMBERS }, (_, n) => line(n))));
    await person.press("Controlla il file");
    await person.see("5.000 caselle sono pronte");
    await person.judge("preview");
    await person.press("Crea 5.000 caselle");
    await person.see("Stiamo creando le caselle");
    await person.judge("running");
    // The page asks again by itself.
    await person.page.getByText("5.000 caselle su 5.000.").waitFor({ timeout: 600_000 });
    await person.judge("done");
    await person.go(`/account/agreements/ORDGEO?q=iscritta.n${MEMBERS - 1}@`);
    await person.see(`iscritta.n${MEMBERS - 1}`);
    await person.go("/account/agreements/ORDGEO");
    await person.judge("members-full");
    await person.go("/account/agreements/ORDGEO/import");
    await person.judge("upload");
  });
  await message(demo.base, "iscritta0@example.org", "password");
  assert.deepEqual(person.faults, []);
});
