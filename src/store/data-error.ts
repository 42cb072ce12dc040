// Which refusals of PostgreSQL are about the row and not about the database: that row is set aside, the others go on.
import pg from 'pg';

/** Constraints that a value can break, and limits that it can pass: too long for an index (54000), nested too deep (54001). */
const OF_A_ROW = new Set(['23502', '23514', '54000', '54001']);

/** Class 22 is PostgreSQL's "data exception". */
export function isDataError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && isDataErrorCode(error.code ?? '');
}

const isDataErrorCode = (code: string): boolean => code.startsWith('22') || OF_A_ROW.has(code);
