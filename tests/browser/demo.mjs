// Starts the demonstration with its own data on a free port, and ends it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export async function startDemo(binary, output) {
  const data = mkdtempSync(join(tmpdir(), "ceralacca-browser-"));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ["demo"], {
    env: { ...process.env, CERALACCA_LISTEN: address, CERALACCA_DATA: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(/^ready (http:\S+)/m);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the demonstration ended with ${code}:\n${said}`)));
    setTimeout(() => reject(new Error(`the demonstration is not ready after 60 s:\n${said}`)), 60_000).unref();
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(killer);
    writeFileSync(join(output, "demo.log"), said);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { base: (await ready).replace(/\/$/, ""), stop, said: () => said };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

// The messages sent so far, oldest first.
export const messages = async (base) => (await fetch(`${base}/demo/messages.json`)).json();

// Waits until a message to this address has these words in its subject; the worker sends it.
export async function message(base, to, words) {
  for (let tries = 0; tries < 100; tries++) {
    const found = (await messages(base)).filter((m) => m.to === to && m.subject.includes(words));
    if (found.length) return found.at(-1);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no message «${words}» to ${to} after 10 s`);
}
