// The command that gives an organisation's analysts a login for SQL, or takes it away.
import { StartError } from './local/start-error.ts';
import { closeAnalystLogin, findOrganizations, openAnalystLogin } from './store/analysts.ts';
import { createDb } from './store/db.ts';

/**
 * @param argv the organisation's id, slug or name; `--close`
 * @throws StartError
 */
export async function runAnalyst(databaseUrl: string, argv: readonly string[]): Promise<number> {
  const named = argv.find((word) => !word.startsWith('--')) ?? 'default';
  const db = createDb(databaseUrl, { max: 1 });
  try {
    const isToClose = argv.includes('--close');
    const [organization, ...others] = await findOrganizations(db, named, { ended: isToClose });
    if (organization === undefined) throw new StartError(`There is no organisation ${named}.`);
    if (others.length > 0) {
      const ids = [organization, ...others].map(({ id }) => id).join(', ');
      throw new StartError(`Several organisations are called ${named}: say which by its id (${ids}).`);
    }
    const title = `${organization.name} (${organization.id})`;
    if (isToClose) {
      const wasThere = await closeAnalystLogin(db, organization.id);
      console.log(wasThere ? `The login of ${title} is gone.` : `${title} has no login.`);
      return 0;
    }
    const { user, password } = await openAnalystLogin(db, organization.id);
    const url = new URL(databaseUrl);
    url.username = user;
    url.password = password;
    console.log(`Reads the views analytics.* of ${title}; shown only now, and made anew each time:\n${url.href}`);
    return 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
      throw new StartError('The database does not answer: start the hub first.', { cause: error });
    throw error;
  } finally {
    await db.destroy();
  }
}
