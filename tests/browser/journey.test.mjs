// The main journeys in Chromium: registration, purchase of three mailboxes, payment with challenge,
// password, customer area; once with scripts and axe, once without scripts.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { message, startDemo } from "./demo.mjs";
import { Person, launch } from "./person.mjs";

const root = new URL("../..", import.meta.url).pathname;
const binary = process.env.CERALACCA_BINARY ?? join(root, "target/debug/ceralacca");
const output = join(root, "test-output/browser");
const password = "Sigillo-Rosso-2026";
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

// The wizard of the registration for a natural person, from its first page to the end.
async function register(person, who, judge) {
  await judge("register-kind");
  await person.fill({ type: "person" });
  await person.press("Continua");
  await person.on("/register/data");
  await person.press("Continua");
  await person.see("C’è un problema");
  await judge("register-data-errors");
  await person.fill({
    first_name: who.first, last_name: who.last, fiscal_code: who.code, sex: who.sex, birth_date: who.born,
    birth_place: who.place, street: "Via delle Prove", street_number: "12", postal_code: "00184", province: "RM",
    municipality: "Roma",
  });
  await person.press("Continua");
  await person.on("/register/contacts");
  await person.fill({ email: who.email, email_again: who.email, mobile: "333 1234567" });
  await judge("register-contacts");
  await person.press("Continua");
  await person.on("/register/consents");
  await person.fill({ privacy_notice: true, marketing: "no" });
  await judge("register-consents");
  await person.press("Continua");
  await person.on("/register/check");
  await judge("register-check");
  await person.press("Avanti con la registrazione");
  await person.on("/register/credentials");
  await person.fill({ password, password_again: password });
  await judge("register-credentials");
  await person.press("Salva e accedi");
  await person.on("/register/done");
  await judge("register-done");
}

// A profile in the address book, so that one mailbox can be given to somebody already known.
async function profile(person, who, judge) {
  await person.go("/account/holders");
  await judge("holders-empty");
  await person.follow("Nuovo profilo titolare");
  await judge("holder-kind");
  await person.fill({ kind: "person" });
  await person.press("Continua");
  await fillProfile(person, who);
  await judge("holder-new");
  await person.press("Salva il profilo");
  await person.on("/account/holders");
}

async function fillProfile(person, who) {
  await person.fill({
    first_name: who.first, last_name: who.last, fiscal_code: who.code, sex: who.sex, birth_date: who.born,
    birth_place: who.place, street: "Via delle Prove", street_number: "3", postal_code: "20121", province: "MI",
    municipality: "Milano", email: who.email, email_again: who.email, mobile: "333 7654321",
  });
}

async function buy(person, names, known, fresh, judge) {
  await person.go("/order/names");
  await judge("names");
  await person.fill({ "name-1": names[0], "name-2": "giulia.bianchi", "name-3": names[1] });
  await person.press("Continua con i titolari");
  await person.see("C’è un problema");
  await judge("names-taken");
  // The same name on another domain, as the page offers it.
  await person.page.locator('main input[name="pick-2"]').last().check();
  await person.press("Continua con i titolari");
  await person.on("/order/holders");
  await person.fill({
    "holder-1": "account", "holder-2": "profile", "holder-3": "new",
    "email-1": "prima@example.org", "email-2": "seconda@example.org", "email-3": "terza@example.org",
  });
  await judge("holders");
  await person.press("Continua");
  if (person.path() !== "/order/review") {
    await person.fill({ kind: "person" });
    await person.press("Continua");
    await fillProfile(person, fresh);
    await person.press("Salva il profilo");
    if (person.path() === "/order/holders") await person.press("Continua");
  }
  await person.on("/order/review");
  await judge("review");
  await person.press("Conferma e completa l’ordine");
  await person.see("C’è un problema");
  await judge("review-errors");
  await person.fill({ years: "2", method: "card", conditions: true, unfair_terms: true });
  if (!person.scripts) await person.press("Aggiorna il totale");
  else await person.page.waitForLoadState("networkidle");
  await person.fill({ method: "card", conditions: true, unfair_terms: true });
  await person.press("Conferma e completa l’ordine");
  await person.on(/^\/(order\/payment|demo\/gateway)\//);
}

async function pay(person, judge) {
  if (person.path().startsWith("/order/payment/")) {
    await judge("payment");
    await person.page.locator("main form button, main a.btn-primary").first().click();
    await person.on(/^\/demo\/gateway\//);
  }
  await judge("gateway");
  await person.page.locator('button[value="challenge"]').click();
  await person.page.waitForLoadState("load");
  await judge("gateway-challenge");
  await person.page.locator('button[value="authenticate"]').click();
  await person.page.waitForLoadState("load");
  // The wait page asks again by itself, with scripts or without.
  await person.page.getByText("Le caselle sono attive").first().waitFor({ timeout: 30_000 });
  await judge("paid");
  await person.follow("Vedi l’ordine");
  await judge("order");
}

async function firstPassword(person, to, judge) {
  const mail = await message(demo.base, to, "password");
  const link = mail.text.match(/https?:\/\/\S+\/password\/[\w-]+/)[0];
  await person.go(new URL(link).pathname);
  await person.fill({ password: "breve", password_again: "breve" });
  await person.page.locator("main form button[type=submit]").last().click();
  await person.see("C’è un problema");
  await person.fill({ password, password_again: password });
  await judge("first-password");
  await person.page.locator("main form button[type=submit]").last().click();
  await person.page.waitForLoadState("load");
  await judge("first-password-done");
}

async function journey(person, who, names, judge) {
  await person.go("/");
  await judge("shop");
  await person.fill({ plan: "standard", quantity: "3" });
  await person.page.locator("#quantity").locator("xpath=ancestor::form").locator("button[type=submit]").last().click();
  await person.on("/login");
  await judge("login");
  await person.follow("Registrati");
  await person.on("/register");
  await register(person, who.self, judge);
  await profile(person, who.known, judge);
  await buy(person, names, who.known, who.fresh, judge);
  await pay(person, judge);
  await firstPassword(person, "prima@example.org", judge);
  await person.go("/account");
  await judge("home");
  await person.go("/account/mailboxes");
  await person.see(names[0]);
  await judge("mailboxes");
  await person.page.locator("main a", { hasText: names[0] }).first().click();
  await person.see("Attiva");
  await judge("mailbox-card");
  for (const page of ["orders", "profile", "sessions", "consents", "logins/new", "holders"]) {
    await person.go(`/account/${page}`);
    await judge(page.replace("/", "-"));
  }
  await message(demo.base, who.self.email, "registrazione").catch(() => message(demo.base, who.self.email, "iscrizione"));
}

const people = [
  {
    self: { first: "Maria", last: "Neri", code: "NREMRA90E47H501H", sex: "F", born: "07/05/1990", place: "Roma", email: "maria@example.org" },
    known: { first: "Luca", last: "Verdi", code: "VRDLCU79D14F205G", sex: "M", born: "14/04/1979", place: "Milano", email: "luca@example.org" },
    fresh: { first: "Anna", last: "Ferrari", code: "FRRNNA88L63G273K", sex: "F", born: "23/07/1988", place: "Palermo", email: "anna@example.org" },
  },
  {
    self: { first: "Paolo", last: "Gallo", code: "GLLPLA72H22L219A", sex: "M", born: "22/06/1972", place: "Torino", email: "paolo@example.org" },
    known: { first: "Luca", last: "Verdi", code: "VRDLCU79D14F205G", sex: "M", born: "14/04/1979", place: "Milano", email: "luca@example.org" },
    fresh: { first: "Anna", last: "Ferrari", code: "FRRNNA88L63G273K", sex: "F", born: "23/07/1988", place: "Palermo", email: "anna@example.org" },
  },
];

test("from the shop to the mailbox, in Italian, every page judged by axe at two widths", async () => {
  const person = await Person.at(browser, demo.base, join(output, "it"));
  await person.through(() => journey(person, people[0], ["contratti.neri", "studio.neri"], (name) => person.judge(name)));
  assert.deepEqual(person.faults, []);
  assert.ok(person.judged >= 50, `only ${person.judged} judgements`);
});

test("the same without scripts", async () => {
  const person = await Person.at(browser, demo.base, join(output, "no-scripts"), { scripts: false });
  await person.through(() => journey(person, people[1], ["contratti.gallo", "studio.gallo"], (name) => person.judge(name)));
  assert.deepEqual(person.faults, []);
});

test("every page of a customer in English, judged by axe at two widths", async () => {
  const person = await Person.at(browser, demo.base, join(output, "en"), { locale: "en-GB" });
  const visit = async (path) => {
    await person.go(path);
    await person.judge(path.replaceAll("/", "-").slice(1) || "shop");
  };
  await person.through(async () => {
    for (const path of ["/", "/login", "/register", "/recover/username", "/recover/password", "/mailbox/recover", "/legal/terms",
      "/legal/privacy", "/support"]) {
      await visit(path);
    }
    await person.go("/login");
    await person.fill({ username: "100001", password: demo.said().match(/^person\t\S+\t(\S+)/m)[1] });
    await person.page.locator("main form button[type=submit]").last().click();
    await person.on("/account");
    for (const path of ["/account", "/account/mailboxes", "/account/orders", "/account/holders", "/account/holders/new",
      "/account/profile", "/account/sessions", "/account/consents", "/account/logins/new", "/order/names"]) {
      await visit(path);
    }
    for (const list of ["mailboxes", "orders"]) {
      await person.go(`/account/${list}`);
      await person.page.locator(`main a[href^="/account/${list}/"]`).first().click();
      await person.on(new RegExp(`^/account/${list}/.`));
      await person.judge(`account-${list}-one`);
    }
  });
  assert.deepEqual(person.faults, []);
});
