// Builds what browsers load: one style sheet, one script, the captcha, fonts, icons. Everything gets
// a name with a hash and a packed twin; manifest.json maps plain names to the built ones.
// usage: npm ci && npm run build
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const out = resolve(here, '../crates/web/assets/dist');
const manifest = {};

function hashed(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return name.replace(/(\.[a-z0-9]+)$/, `-${hash}$1`);
}

async function put(name, content) {
  const file = hashed(name, content);
  await writeFile(join(out, file), content);
  manifest[name] = file;
  return file;
}

// Small drawings of ours, 20 units square, joined into one file.
async function icons() {
  const folder = join(here, 'icons');
  const symbols = [];
  for (const file of (await readdir(folder)).sort().filter((f) => f.endsWith('.path'))) {
    const d = (await readFile(join(folder, file), 'utf8')).trim();
    symbols.push(`<symbol id="i-${file.slice(0, -5)}" viewBox="0 0 20 20"><path d="${d}"/></symbol>`);
  }
  await put('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
}

async function style() {
  const toolkit = sass.compile(join(here, 'css/app.scss'), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'legacy-js-api', 'if-function'],
  }).css;
  const own = await readFile(join(here, 'css/ceralacca.css'), 'utf8');
  const built = await esbuild.build({
    stdin: { contents: `${toolkit}\n${own}`, loader: 'css', resolveDir: modules, sourcefile: 'app.css' },
    bundle: true,
    minify: true,
    write: false,
    outdir: out,
    assetNames: '[name]-[hash]',
    loader: { '.woff2': 'file', '.svg': 'dataurl' },
    legalComments: 'none',
  });
  for (const file of built.outputFiles) {
    const name = file.path.slice(out.length + 1);
    if (name.endsWith('.css')) await put('app.css', Buffer.from(file.contents));
    else await writeFile(join(out, name), file.contents);
  }
}

// The words that a password may not be made of, from the rule itself.
async function commonWords() {
  const rule = await readFile(resolve(here, '../crates/domain/src/ident/password.rs'), 'utf8');
  const list = /const COMMON: &\[&str\] = &\[([^\]]*)\]/.exec(rule)?.[1].match(/[a-z]+/g);
  if (!list || list.length < 20) throw new Error('the list of common words has moved: look in assets/build.mjs');
  return JSON.stringify(list);
}

async function script(entry, name, format) {
  const built = await esbuild.build({
    entryPoints: [join(here, 'js', entry)],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: 'es2021',
    define: { COMMON_WORDS: await commonWords() },
    legalComments: 'eof',
  });
  await put(name, Buffer.from(built.outputFiles[0].contents));
}

async function pack() {
  for (const file of await readdir(out)) {
    if (!/\.(css|js|svg)$/.test(file)) continue;
    const content = await readFile(join(out, file));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    await writeFile(join(out, `${file}.br`), brotliCompressSync(content, { params }));
    await writeFile(join(out, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([icons(), style(), script('app.js', 'app.js', 'iife'), script('altcha.js', 'altcha.js', 'esm'), script('card.js', 'card.js', 'iife')]);
await put('altcha.css', await readFile(join(modules, 'altcha/dist/external/altcha.css')));
await put('altcha-worker.js', await readFile(join(modules, 'altcha/dist/workers/sha.js')));
await put('favicon.svg', await readFile(join(here, 'favicon.svg')));
await pack();
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, null, 1));
for (const [name, file] of Object.entries(manifest)) {
  const size = (ending) => readFile(join(out, file + ending)).then((b) => b.length, () => 0);
  console.log(`${name.padEnd(18)} ${String(await size('')).padStart(7)} bytes, ${String(await size('.br')).padStart(6)} packed`);
}
