/** Texts by which lines betray what no field says. RE2, without delimiters; each with who writes it. */

/** Last words of a program, in plain text because its logger is already gone. */
export const lastWords = [
  // Go's runtime: src/runtime/panic.go.
  '^panic: ',
  '^fatal error: ',
  // V8, when its heap is full: src/api/api.cc.
  '^FATAL ERROR: ',
  // Node, for what nobody caught before the logger was there.
  '^Node\\.js v\\d+',
  // The C library and shells.
  'Segmentation fault',
  // The JVM, in Kafka.
  'java\\.lang\\.OutOfMemoryError',
] as const;

/** Messages of errors after which data is lost or cannot be written. SQLite's are in sqlite3ErrStr of its main.c. */
export const storageDamage = [
  'database disk image is malformed',
  'database or disk is full',
  'disk I/O error',
  'attempt to write a readonly database',
  'no space left on device',
  // PostgreSQL: src/backend/catalog/storage.c.
  'invalid page in block',
] as const;

/** Messages of errors that a database answers with. SQLite's are in sqlite3ErrStr and its SQL compiler, PostgreSQL's in its server. */
export const databaseErrors = [
  ...storageDamage,
  'database (table |schema )?is locked',
  'database is not open',
  'constraint failed',
  'violates [a-z-]+ constraint',
  'no such (table|column)',
  'deadlock detected',
  'too many clients already',
  // The fault `database` on demand.
  'the SQL statement fails',
] as const;

/** Secrets by their form. The forms do not match their own text, so that a query in a log is no finding. */
export const credentials = [
  '-----BEGIN [A-Z ]*PRIVATE KEY-----',
  // A signed JSON web token: header and claims begin with {" in base64url.
  'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}',
  // An access key id of AWS.
  'AKIA[0-9A-Z]{16}',
  '(?i:bearer) [A-Za-z0-9._~+/-]{20,}',
] as const;
