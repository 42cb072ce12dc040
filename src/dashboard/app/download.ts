// A file of the API's: asked for with the session and the organisation, like everything else.
import { organizationHeaders, Refused, refusalOf } from './client.ts';

/**
 * Saves what the API answers as CSV.
 * @throws Refused
 */
export async function downloadCsv(
  path: string,
  query: Record<string, string | readonly string[] | undefined>,
  name: string,
): Promise<void> {
  const filled = Object.entries(query).flatMap(([key, value = []]) => [value].flat().map((one) => [key, one]));
  const response = await fetch(`/api/v1/${path}?${new URLSearchParams(filled)}`, {
    headers: { accept: 'text/csv', ...organizationHeaders() },
  }).catch(() => {
    throw new Refused(0, 'unreachable', 'Tracker Hub cannot be reached. Check your connection.');
  });
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => null));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
