// Runs SQL in DuckDB and says how many bytes it read for it: each argument is a query, each
// line of the output its rows and bytes as JSON.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1]);

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
// What is kept from one query for the next would not be read.
await connection.run('set enable_external_file_cache = false');
for (const query of process.argv.slice(2)) {
  const before = bytesRead();
  const result = await connection.runAndReadAll(query);
  console.log(JSON.stringify({ rows: result.getRowObjectsJson(), bytes: bytesRead() - before }));
}
