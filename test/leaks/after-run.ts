// After a whole run: what its servers keep of it, in files and in workflow histories, holds no credential of any test.
import { existsSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { systemFolderFor } from '../../src/local/system-folder.ts';
import { expectNoCanary, searchForCanary } from './canary.ts';
import { searchFolder, searchWorkflows } from './places.ts';
import type { Search } from './search.ts';

/** @throws where a credential was found, which fails the run although every test of it has passed */
export async function expectNothingLeft(servers: { folder: string; temporalAddress: string }): Promise<void> {
  const search = searchForCanary();
  for (const folder of [servers.folder, systemFolderFor(servers.folder)]) {
    if (existsSync(folder)) await searchFolder(search, folder);
  }
  await searchTemporal(search, servers.temporalAddress);
  expectNoCanary(search);
}

/** Tests that start workers have a namespace each. */
async function searchTemporal(search: Search, address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const { namespaces } = await connection.workflowService.listNamespaces({ pageSize: 1_000 });
    for (const { namespaceInfo } of namespaces ?? []) {
      const namespace = namespaceInfo?.name ?? 'default';
      if (namespace === 'temporal-system') continue;
      await searchWorkflows(search, new Client({ connection, namespace }));
    }
  } finally {
    await connection.close();
  }
}
