// What browsers are told on every answer: to run nothing, to show it in no frame, and which page alone may read it.
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { ApiEnv } from './deps.ts';

/** For data. A page sets a policy of its own, which stays. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function securityHeaders(): MiddlewareHandler<ApiEnv>[] {
  const rest = secureHeaders({
    crossOriginResourcePolicy: 'same-origin',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  });
  return [
    rest,
    async (c, next) => {
      await next();
      if (!c.res.headers.has('content-security-policy')) c.res.headers.set('content-security-policy', NOTHING);
    },
  ];
}

/** The dashboard's own address, and no other origin. */
export const onlyFrom = (publicUrl: () => string): MiddlewareHandler<ApiEnv> =>
  cors({
    origin: (origin) => (origin === new URL(publicUrl()).origin ? origin : null),
    credentials: true,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-organization'],
    exposeHeaders: ['content-disposition', 'retry-after'],
    maxAge: 600,
  });
