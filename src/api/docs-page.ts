// GET /docs: the API's document as one page that calls no other host.
import { createRoute, z } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import { createRouter } from './router.ts';

const route = createRoute({
  method: 'get',
  path: '/docs',
  tags: ['operations'],
  summary: 'The API for people',
  responses: { 200: { description: 'A page.', content: { 'text/html': { schema: z.string() } } } },
});

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: #1c2024; background: #fff }
  h2 { margin-top: 2.5rem; border-bottom: 1px solid #d9dde1 } summary { cursor: pointer; padding: .35rem 0 }
  code, pre { font: 13px/1.45 ui-monospace, monospace } pre { background: #f4f6f8; padding: .75rem; overflow: auto; border-radius: 6px }
  .method { display: inline-block; min-width: 4.5rem; font-weight: 600 } .words { color: #5b6570 }
  @media (prefers-color-scheme: dark) { body { color: #e6e8ea; background: #15181b } pre { background: #20252a } h2 { border-color: #343b42 } .words { color: #9aa5b1 } }
`;

/** Runs in the browser: reads the document beside it and lays it out. Everything is set as text, never as HTML. */
const SCRIPT = `
  const make = (tag, text, name) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (name) e.className = name; return e };
  const resolve = (schema, all) => schema && schema.$ref ? all[schema.$ref.split('/').pop()] : schema;
  const block = (title, value) => { const part = make('div'); part.append(make('p', title, 'words'), make('pre', JSON.stringify(value, null, 2))); return part };
  fetch('openapi.json').then((answer) => answer.json()).then((doc) => {
    const root = document.getElementById('api');
    const all = (doc.components && doc.components.schemas) || {};
    const groups = new Map();
    for (const [path, methods] of Object.entries(doc.paths)) for (const [method, operation] of Object.entries(methods)) {
      const tag = (operation.tags && operation.tags[0]) || 'other';
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push([method.toUpperCase(), path, operation]);
    }
    for (const [tag, operations] of groups) {
      root.append(make('h2', tag));
      for (const [method, path, operation] of operations) {
        const details = make('details'); const summary = make('summary');
        summary.append(make('span', method, 'method'), make('code', path), make('span', ' ' + (operation.summary || ''), 'words'));
        details.append(summary);
        if (operation.parameters) details.append(block('Parameters', operation.parameters));
        const body = operation.requestBody && Object.values(operation.requestBody.content)[0];
        if (body) details.append(block('Body', resolve(body.schema, all)));
        for (const [status, response] of Object.entries(operation.responses)) {
          const content = response.content && Object.values(response.content)[0];
          if (status < '300') details.append(block(status + ' ' + response.description, content ? resolve(content.schema, all) : null));
          else details.append(make('p', status + ' ' + response.description, 'words'));
        }
        root.append(details);
      }
    }
    root.append(make('h2', 'schemas'));
    for (const [name, schema] of Object.entries(all)) { const details = make('details'); details.append(make('summary', name), make('pre', JSON.stringify(schema, null, 2))); root.append(details) }
  });
`;

export function docsPage() {
  return createRouter().openapi(route, (c) => {
    c.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
    );
    return c.html(html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Tracker Hub: the API</title>
          <style>${raw(STYLE)}</style>
        </head>
        <body>
          <h1>Tracker Hub: the API</h1>
          <p>Send <code>Authorization: Bearer &lt;API key&gt;</code>. The document itself: <a href="openapi.json">openapi.json</a>.</p>
          <div id="api"></div>
          <script>${raw(SCRIPT)}</script>
        </body>
      </html>`);
  });
}
