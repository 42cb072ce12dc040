// Who is signed in, and what they may do.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answered, api, chooseOrganization, chosenOrganization, Refused } from './client.ts';

export type Me = Awaited<ReturnType<typeof readMe>>;

async function readMe() {
  try {
    return await answered(api.me.$get());
  } catch (error) {
    // Chosen once, and no longer theirs.
    if (!(error instanceof Refused) || error.code !== 'not_found' || chosenOrganization() === null) throw error;
    chooseOrganization(null);
    return answered(api.me.$get());
  }
}

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: readMe, staleTime: 60_000 });

/** Asks what the API's own table of access says for this role: `may('POST /api/v1/trackers')`. */
export function useMay(): (route: string) => boolean {
  const { data } = useQuery(meQuery);
  return (route) => data?.allowed.includes(route) ?? false;
}
