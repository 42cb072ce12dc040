// Up to when the figures are whole, and which trackers are behind: a quiet line.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { trackersQuery } from '../app/trackers.ts';
import css from './parts.module.css';
import { RelativeTime } from './RelativeTime.tsx';

const MOST_NAMED = 3;

interface Freshness {
  asOf: string | null;
  behind: readonly string[];
}

/** Keeps its line until it is known. */
export function AsOf({ of }: { of: Freshness | undefined }) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  if (of === undefined) return <p className={css.asOf} />;
  const { asOf, behind } = of;
  const late = trackers.filter(({ id }) => behind.includes(id));
  return (
    <p className={css.asOf}>
      {asOf === null ? (
        'No tracker has been read to the end yet.'
      ) : (
        <>
          As of <RelativeTime at={asOf} />
        </>
      )}
      {late.length > 0 && (
        <>
          {' · behind: '}
          {late.slice(0, MOST_NAMED).map(({ id, name }, place) => (
            <Fragment key={id}>
              {place > 0 && ', '}
              <Link to="/trackers/$configId" params={{ configId: id }}>
                {name}
              </Link>
            </Fragment>
          ))}
          {late.length > MOST_NAMED && (
            <>
              {' and '}
              <Link to="/trackers">{late.length - MOST_NAMED} more</Link>
            </>
          )}
        </>
      )}
    </p>
  );
}
