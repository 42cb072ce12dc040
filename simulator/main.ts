// The command line: starts the simulator, says where it listens in one line of JSON, ends with its parent.
import { parseArgs } from 'node:util';
import type { HostedOptionsInput } from './options.ts';
import { startSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    ledger: { type: 'string', multiple: true, default: [] },
    'until-stdin-ends': { type: 'boolean', default: false },
  },
});

const simulator = await startSimulator({
  port: Number(values.port),
  // Wrong options are found by the schema inside.
  ledgers: values.ledger.map((text) => JSON.parse(text) as HostedOptionsInput),
});

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  simulator.stop().then(() => process.exit(0));
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (process.connected) process.on('disconnect', stop);
if (values['until-stdin-ends']) process.stdin.on('end', stop).on('error', stop).resume();

process.stdout.write(`${JSON.stringify({ address: simulator.address, ledgers: simulator.ledgers })}\n`);
