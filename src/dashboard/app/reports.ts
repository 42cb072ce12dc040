// Reports as the API answers them.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

export type Report = Awaited<ReturnType<typeof readReport>>;
export type ReportQuery = Parameters<typeof api.reports.$get>[0]['query'];

const readReport = (query: ReportQuery) => answered(api.reports.$get({ query }));

export const reportQuery = (query: ReportQuery) =>
  queryOptions({ queryKey: ['report', query], queryFn: () => readReport(query), refetchInterval: 60_000 });
