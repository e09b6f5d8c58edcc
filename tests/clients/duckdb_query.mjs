// Runs SQL in DuckDB: each argument is a query, each line of the output its rows as JSON.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
for (const query of process.argv.slice(2)) {
  const result = await connection.runAndReadAll(query);
  console.log(JSON.stringify(result.getRowObjectsJson()));
}
