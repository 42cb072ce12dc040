// The program that shows the API's document in a browser: Scalar's, out of the package that carries it whole.
import { gzipSync } from 'node:zlib';

export interface Script {
  plain: string;
  gzipped: Buffer;
}

let script: Promise<Script> | undefined;

/** Loaded when it is first asked for: it has five megabytes. */
export function scalarScript(): Promise<Script> {
  script ??= load();
  return script;
}

/** The package is a plugin of another server, which is told of its routes; one of them answers with the program. */
async function load(): Promise<Script> {
  const { default: plugin } = await import('@scalar/fastify-api-reference');
  let plain = '';
  const reply = {
    header: () => reply,
    send: (text: string) => {
      plain = text;
    },
  };
  const server = {
    initialConfig: {},
    hasPlugin: () => false,
    route: ({ url, handler }: { url: string; handler(request: null, to: typeof reply): void }) => {
      if (url.endsWith('/js/scalar.js')) handler(null, reply);
    },
  };
  // Nothing else of that server is touched for a document that is named by its address.
  (plugin as unknown as (to: typeof server, options: object, done: () => void) => void)(
    server,
    { routePrefix: '/docs', configuration: { url: '/openapi.json' } },
    () => {},
  );
  if (plain === '') throw new Error('the package of Scalar no longer gives its program');
  return { plain, gzipped: gzipSync(plain) };
}
