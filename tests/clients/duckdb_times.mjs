// How long SQL takes in DuckDB: reads `{threads, queries: {name: sql}}` from standard input, runs
// all queries once to warm up and then five rounds of them, so that a slow moment is not one
// query's alone, and prints `{name: median milliseconds}`.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';

const { threads, queries } = JSON.parse(readFileSync(0, 'utf8'));
const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
const connection = await instance.connect();
const times = {};
for (const [name, sql] of Object.entries(queries)) {
  await connection.runAndReadAll(sql);
  times[name] = [];
}
for (let round = 0; round < 5; ++round) {
  for (const [name, sql] of Object.entries(queries)) {
    const begin = performance.now();
    await connection.runAndReadAll(sql);
    times[name].push(performance.now() - begin);
  }
}
const median = (numbers) => numbers.sort((a, b) => a - b)[2];
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]))));
