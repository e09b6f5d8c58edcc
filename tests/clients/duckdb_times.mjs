// How long SQL takes in DuckDB: reads `{threads, queries: {name: sql}}` from standard input, runs
// each query once to warm up and then five times, and prints `{name: median milliseconds}`.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';

const { threads, queries } = JSON.parse(readFileSync(0, 'utf8'));
const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
const connection = await instance.connect();
const medians = {};
for (const [name, sql] of Object.entries(queries)) {
  await connection.runAndReadAll(sql);
  const times = [];
  for (let i = 0; i < 5; ++i) {
    const begin = performance.now();
    await connection.runAndReadAll(sql);
    times.push(performance.now() - begin);
  }
  medians[name] = times.sort((a, b) => a - b)[2];
}
console.log(JSON.stringify(medians));
