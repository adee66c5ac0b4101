import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** A prepared statement whose rows are `Row`. */
export interface Query<Row> {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  run(...values: SQLInputValue[]): number;
}

/**
 * Prepares a statement. `Row` is what the statement selects: the tables are STRICT, so column types are those
 * of the schema, and every caller names its columns in its SQL. With `asArrays` it is a tuple of them.
 */
export function prepare<Row = never>(db: DatabaseSync, sql: string, asArrays = false): Query<Row> {
  const statement = db.prepare(sql);
  statement.setReturnArrays(asArrays);
  return {
    // The casts hold because STRICT tables give the declared types and `Row` mirrors the selected columns.
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
    run: (...values) => Number(statement.run(...values).lastInsertRowid),
  };
}
