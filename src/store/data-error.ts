// Which refusals of PostgreSQL are about the row (it is set aside, the others go on), and which pass by themselves.
import pg from 'pg';

/** Constraints that a value can break, and limits that it can pass: too long for an index (54000), nested too deep (54001). */
const OF_A_ROW = new Set(['23502', '23514', '54000', '54001']);

/** Class 22 is PostgreSQL's "data exception". */
export function isDataError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && isDataErrorCode(error.code ?? '');
}

const isDataErrorCode = (code: string): boolean => code.startsWith('22') || OF_A_ROW.has(code);

/** Connection lost, resources exhausted, somebody's intervention, a lock that could not be had: the same may go through later. */
const PASSING_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

/** Whether a failure says something of the database's state, and not of the statement; so do all that is not PostgreSQL's word. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || PASSING_CLASSES.has((error.code ?? '').slice(0, 2));
