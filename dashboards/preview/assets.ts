import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface Asset {
  readonly contentType: string;
  readonly body: string;
}

const folder = new URL('./page/', import.meta.url);
const contentTypes: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** Every file of page/ that a browser may have: TypeScript without its types, and the style sheet. */
export async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const names = (await readdir(folder)).filter(
    (name) => /\.(?:ts|css)$/.test(name) && !name.endsWith('.test.ts'),
  );
  const assets = names.map(async (name): Promise<[string, Asset]> => {
    const source = await readFile(new URL(name, folder), 'utf8');
    const contentType = contentTypes[name.split('.').pop() ?? ''] ?? 'text/plain';
    return [name, { contentType, body: name.endsWith('.ts') ? withoutTypes(source) : source }];
  });
  return new Map(await Promise.all(assets));
}

function withoutTypes(source: string): string {
  // Node still warns that stripping types is experimental, though it runs this very file by it.
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = warn;
  }
}

/** Packages that the pages import, each as one ES module of its own. */
const vendor: Readonly<Record<string, string>> = {
  'echarts.js': 'echarts/dist/echarts.esm.min.mjs',
  'marked.js': 'marked',
};

/** Path of such a module; undefined when there is none of that name. */
export function vendored(name: string): string | undefined {
  const specifier = Object.hasOwn(vendor, name) ? vendor[name] : undefined;
  return specifier === undefined ? undefined : fileURLToPath(import.meta.resolve(specifier));
}

export interface Page {
  readonly html: string;
  /** The import map stands in the page; the policy names it by its hash. */
  readonly contentSecurityPolicy: string;
}

export async function loadPage(): Promise<Page> {
  const html = await readFile(new URL('index.html', folder), 'utf8');
  const inline = /<script type="importmap">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(inline).digest('base64');
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    // ECharts sets the style of its tooltips inline.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}
