import { createRequire } from 'node:module';
import { Router } from 'express';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';

const require = createRequire(import.meta.url);

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'";

const page = (head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sightline log gateway</title>${head}</head><body>${body}</body></html>`;

const swaggerPage = page(
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
  '<div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>',
);
const swaggerStart = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', validatorUrl: null });\n";
const redocPage = page('', '<redoc spec-url="/openapi.json"></redoc><script src="/docs/redoc.js"></script>');

/** The API’s document, and two ways to read it; all from here, nothing from elsewhere. */
export function docsRoutes(document: object): Router {
  const router = Router();
  const text = JSON.stringify(document, null, 2);
  const assets: Readonly<Record<string, string>> = {
    'swagger-ui.css': require.resolve('swagger-ui-dist/swagger-ui.css'),
    'swagger-ui-bundle.js': require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    'redoc.js': require.resolve('redoc/bundles/redoc.standalone.js'),
  };

  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(text);
  });
  router.get('/docs', (_request, response) => {
    response.set('Content-Security-Policy', policy).type('html').send(swaggerPage);
  });
  router.get('/redoc', (_request, response) => {
    response.set('Content-Security-Policy', policy).type('html').send(redocPage);
  });
  router.get('/docs/:asset', (request, response) => {
    const { asset } = request.params;
    if (asset === 'start.js') {
      response.type('text/javascript').send(swaggerStart);
      return;
    }
    const file = Object.hasOwn(assets, asset) ? assets[asset] : undefined;
    if (file === undefined) throw new HttpProblem(404, 'There is no such page');
    response.set('Cache-Control', 'max-age=86400').sendFile(file);
  });
  return router;
}
