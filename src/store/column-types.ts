// How columns are read, inserted and updated: times, defaults, nulls, counts, JSON.
import type { ColumnType } from 'kysely';

export type Time = ColumnType<Date, Date | string, Date | string>;
export type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type Defaulted<T> = ColumnType<T, T | undefined, T>;
export type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** PostgreSQL gives `bigint` as text; `db.ts` reads it as a number where it is safe. */
export type Count = ColumnType<number, number | undefined, number>;
export type JsonValue<T> = ColumnType<T, string, string>;
export type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
