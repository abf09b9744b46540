// The history's schema as numbered steps. A step that was released is never changed: a new one is added below it, with its test.
// Step n brings `user_version` from n - 1 to n.

export const migrations: readonly string[] = [
  // 1: documents, by the SHA-256 of their bytes.
  `CREATE TABLE documents (
     id TEXT PRIMARY KEY CHECK (length(id) = 64),
     name TEXT NOT NULL,
     title TEXT NOT NULL,
     pages INTEGER NOT NULL,
     words INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     added_at TEXT NOT NULL,
     opened_at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX documents_by_opening ON documents (opened_at);`,
  // 2: runs: one question or summary with its reply as JSON.
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     created_at TEXT NOT NULL,
     reply TEXT NOT NULL CHECK (json_valid(reply))
   ) STRICT;
   CREATE INDEX runs_by_document ON runs (document_id, id);`,
  // 3: settings, a JSON value by key.
  `CREATE TABLE settings (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL CHECK (json_valid(value))
   ) STRICT;`,
  // 4: hashes of the reader's own model files, for as long as size and time of change are the same.
  `CREATE TABLE model_files (
     file TEXT PRIMARY KEY,
     bytes INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL,
     sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
   ) STRICT;`,
  // 5: replies under way. `owner` is the process that makes one, 0 once it has ended without a reply.
  `CREATE TABLE begun_runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     created_at TEXT NOT NULL,
     owner INTEGER NOT NULL,
     request TEXT NOT NULL CHECK (json_valid(request))
   ) STRICT;
   CREATE INDEX begun_runs_by_document ON begun_runs (document_id, id);`,
  // 6: what a long reading has done so far, by document and by a fingerprint of model and settings.
  `CREATE TABLE checkpoints (
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     key TEXT NOT NULL,
     saved_at TEXT NOT NULL,
     value TEXT NOT NULL CHECK (json_valid(value)),
     PRIMARY KEY (document_id, key)
   ) STRICT;`,
  // 7: what a reply under way has written so far, as JSON.
  'ALTER TABLE begun_runs ADD COLUMN written TEXT CHECK (written IS NULL OR json_valid(written));',
  // 8: what self-tests of models found, by the SHA-256 of the model, as JSON.
  `CREATE TABLE self_tests (
     model TEXT PRIMARY KEY CHECK (length(model) = 64),
     measured_at TEXT NOT NULL,
     result TEXT NOT NULL CHECK (json_valid(result))
   ) STRICT;`,
];
