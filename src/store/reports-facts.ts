// The sums that a report is made of: from roll-ups and logs, for one source and period.
import { sql } from 'kysely';
import type { Source } from './reports-dimensions.ts';
import { logRelations } from './reports-logs.ts';
import type { Pieces } from './reports-pieces.ts';
import { type FactsAsk, groupedSql, type Sql } from './reports-relation.ts';
import { summedDays, summedHours } from './reports-sums.ts';

/** A select of facts for everything that the pieces name. */
export function factsSql(source: Source, ask: FactsAsk, pieces: Pieces): Sql {
  const relations = [
    ...(pieces.days === null ? [] : [summedDays(source, ask, pieces)]),
    ...(pieces.set === null || (pieces.hours.length === 0 && !(pieces.hasMarks && pieces.days !== null))
      ? []
      : [summedHours(source, ask, pieces)]),
    ...logRelations(source, ask, pieces.spans),
  ];
  return sql.join(
    relations.map((relation) => groupedSql(relation, ask)),
    sql` union all `,
  );
}
