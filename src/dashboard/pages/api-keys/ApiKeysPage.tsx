// The keys that programs sign in with: made, seen at work, revoked.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useEndless } from '../../app/endless.ts';
import { meQuery, useMay } from '../../app/me.ts';
import { readApiKeys } from '../../app/people.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { columnsOf } from './columns.tsx';
import { MakeKey } from './MakeKey.tsx';

export function ApiKeysPage() {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const [isMaking, setMaking] = useState(false);
  const keys = useEndless(['api-keys'], readApiKeys);
  const make = may('POST /api/v1/api-keys') && (
    <Button leftSection={<Plus size={16} />} onClick={() => setMaking(true)}>
      Make a key
    </Button>
  );
  return (
    <>
      <PageHead title="API keys">{keys.rows?.length !== 0 && make}</PageHead>
      <EndlessTable
        label="API keys"
        list={keys}
        columns={columnsOf(me)}
        idOf={({ id }) => id}
        rowHeight={52}
        empty={
          <EmptyState title="No key was made yet">
            <p>
              A program, a notebook or a spreadsheet reads the hub with a key of its own, and may do what the key’s role
              allows. All it can ask for is described at <a href="/docs">/docs</a>.
            </p>
            {make}
          </EmptyState>
        }
      />
      <MakeKey me={me} isOpen={isMaking} onClose={() => setMaking(false)} />
    </>
  );
}
