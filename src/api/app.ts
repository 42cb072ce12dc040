// The whole API: what every request goes through, and where each noun lives.
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { createAuth } from '../store/auth.ts';
import { account } from './account.ts';
import { ads } from './ads.ts';
import { apiKeys } from './api-keys.ts';
import { auditLog } from './audit-log.ts';
import { authenticate } from './authenticate.ts';
import { catalog } from './catalog.ts';
import { changes } from './changes.ts';
import { clicks } from './clicks.ts';
import { conversions } from './conversions.ts';
import { answerDashboard } from './dashboard.ts';
import type { ApiDeps, ApiEnv, SignInDeps } from './deps.ts';
import { docsPage } from './docs-page.ts';
import { events } from './events.ts';
import { health } from './health.ts';
import { invitations } from './invitations.ts';
import { invited } from './invited.ts';
import { mappings } from './mappings.ts';
import { me } from './me.ts';
import { createMetrics } from './metrics.ts';
import { openApiDocument } from './openapi-document.ts';
import { organizations } from './organizations.ts';
import { passwordReset } from './password-reset.ts';
import { paths } from './paths.ts';
import { answerError, answerNotFound } from './problems.ts';
import { rates } from './rates.ts';
import { reconciliation } from './reconciliation.ts';
import { reports } from './reports.ts';
import { onlyFrom, securityHeaders } from './security-headers.ts';
import { sessions } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { clickStories, conversionStories } from './stories.ts';
import { system } from './system.ts';
import { trackerChange } from './tracker-change.ts';
import { trackerCommands } from './tracker-commands.ts';
import { trackerDays } from './tracker-days.ts';
import { trackerProgress } from './tracker-progress.ts';
import { trackerTests } from './tracker-tests.ts';
import { trackerTypes } from './tracker-types.ts';
import { trackerUnmapped } from './tracker-unmapped.ts';
import { trackers } from './trackers.ts';
import { LARGEST_UPLOAD_BYTES } from './upload.ts';
import { users } from './users.ts';
import { views } from './views.ts';

const LARGEST_BODY_BYTES = 1024 * 1024;
const UPLOADS: ReadonlySet<string> = new Set(['/api/v1/ads', '/api/v1/rates']);

/** @returns the API without a server: `app.fetch` serves it, `app.request` asks it in a test */
export function createApp(given: ApiDeps) {
  const deps = withAuth(given);
  const app = new OpenAPIHono<ApiEnv>();
  const metrics = createMetrics();
  app.onError(answerError(deps.logger));
  app.notFound((c) => answerDashboard(c, deps.dashboard) ?? answerNotFound(c));
  app.use(metrics.measure);
  app.use(...securityHeaders());
  app.use(onlyFrom(deps.config.publicUrl));
  app.use(authenticate(deps));
  const limits = {
    body: bodyLimit({ maxSize: LARGEST_BODY_BYTES }),
    upload: bodyLimit({ maxSize: LARGEST_UPLOAD_BYTES }),
  };
  app.use((c, next) => (UPLOADS.has(c.req.path) ? limits.upload(c, next) : limits.body(c, next)));
  app.use('/api/*', async (c, next) => {
    await next();
    c.res.headers.set('cache-control', 'no-store');
  });

  const lists = catalog(deps);
  const resets = passwordReset(deps);
  const api = app
    .route('/', health(deps))
    .route('/', metrics.routes)
    .route('/', docsPage())
    .route('/api/v1/trackers', trackerTypes(deps))
    .route('/api/v1/trackers', trackerDays(deps))
    .route('/api/v1/trackers', trackerUnmapped(deps))
    .route('/api/v1/trackers', trackerTests(deps))
    .route('/api/v1/trackers', trackers(deps))
    .route('/api/v1/trackers', trackerChange(deps))
    .route('/api/v1/trackers', trackerCommands(deps))
    .route('/api/v1/trackers', trackerProgress(deps))
    .route('/api/v1/trackers', mappings(deps))
    .route('/api/v1/campaigns', lists.campaigns)
    .route('/api/v1/offers', lists.offers)
    .route('/api/v1/landing-pages', lists.landingPages)
    .route('/api/v1/flows', lists.flows)
    .route('/api/v1/traffic-sources', lists.trafficSources)
    .route('/api/v1/affiliate-networks', lists.affiliateNetworks)
    .route('/api/v1/clicks', clicks(deps))
    .route('/api/v1/conversions', conversions(deps))
    .route('/api/v1/clicks', clickStories(deps))
    .route('/api/v1/conversions', conversionStories(deps))
    .route('/api/v1/reports', reports(deps))
    .route('/api/v1/reports', paths(deps))
    .route('/api/v1/changes', changes(deps))
    .route('/api/v1/reconciliation', reconciliation(deps))
    .route('/api/v1/auth', signIn(deps))
    .route('/api/v1/auth', account(deps))
    .route('/api/v1/auth', resets.forAnybody)
    .route('/api/v1/auth', sessions(deps))
    .route('/api/v1/me', me(deps))
    .route('/api/v1/organizations', organizations(deps))
    .route('/api/v1/users', users(deps))
    .route('/api/v1/users', resets.forMembers)
    .route('/api/v1/invitations', invitations(deps))
    .route('/api/v1/invitations', invited(deps))
    .route('/api/v1/views', views(deps))
    .route('/api/v1/events', events(deps))
    .route('/api/v1/system', system(deps))
    .route('/api/v1/ads', ads(deps))
    .route('/api/v1/rates', rates(deps))
    .route('/api/v1/audit-log', auditLog(deps))
    .route('/api/v1/api-keys', apiKeys(deps));
  app.route('/', openApiDocument(app, deps.config.version));
  return api;
}

/** Better-auth is made when it is first needed: what it is to say of our address is known when the server listens. */
function withAuth(deps: ApiDeps): SignInDeps {
  const { db, config, logger } = deps;
  let auth: ReturnType<typeof createAuth> | undefined;
  const onError = (message: string) => logger.error({ message }, 'better-auth failed');
  return {
    ...deps,
    auth() {
      auth ??= createAuth(db, { secret: config.authSecret, publicUrl: config.publicUrl(), onError });
      return auth;
    },
  };
}

/** For Hono's typed client. */
export type Api = ReturnType<typeof createApp>;
