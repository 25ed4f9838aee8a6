// The gallery: every sample of every page and mail in both languages, written by an example of `render`
// and served here with the assets that the binary embeds.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";

const types = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

// Draws everything anew into the folder and answers the list: language, name, kind and path of each sample.
export function drawGallery(root, folder) {
  const program = process.env.CERALACCA_GALLERY ?? join(root, "target/debug/examples/gallery");
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: cargo build --package ceralacca --package render --bins --example gallery`);
  }
  if (!existsSync(join(root, "crates/web/assets/dist/manifest.json"))) throw new Error("no assets: scripts/assets");
  mkdirSync(folder, { recursive: true });
  execFileSync(program, [folder], { stdio: "pipe" });
  return ["it", "en"].flatMap((language) =>
    readdirSync(join(folder, language))
      .filter((file) => file.endsWith(".html"))
      .map((file) => ({
        language,
        name: file.replace(/(\.mail)?\.html$/, ""),
        mail: file.endsWith(".mail.html"),
        path: `/${language}/${file}`,
      })),
  );
}

// Serves the folder, under /assets what the pages are built from, and the judge: one that is fetched the browser keeps
// compiled, one that is handed over is parsed anew for each page.
export async function serveGallery(root, folder) {
  const assets = join(root, "crates/web/assets/dist");
  const judge = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  const server = createServer((request, answer) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://gallery").pathname));
    let file = path.startsWith("/assets/") ? join(assets, path.slice("/assets/".length)) : join(folder, path);
    if (path === "/axe.js") file = judge;
    answer.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    answer.setHeader("cache-control", "max-age=3600");
    // Pages that wait ask again after some seconds: on a slow machine they would do so while they are judged.
    if (request.headers["hx-request"]) {
      answer.statusCode = 204;
      answer.end();
      return;
    }
    if (extname(file) === ".html" && existsSync(file)) {
      answer.end(readFileSync(file, "utf8").replace(/<meta http-equiv="refresh"[^>]*>/, ""));
      return;
    }
    createReadStream(file)
      .on("error", () => {
        answer.statusCode = 404;
        answer.end();
      })
      .pipe(answer);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}
