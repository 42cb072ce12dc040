// Who works here, with which role, and who is invited.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useEndless } from '../../app/endless.ts';
import { meQuery, useMay } from '../../app/me.ts';
import { readUsers } from '../../app/people.ts';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Section } from '../../parts/Section.tsx';
import { Invitations } from './Invitations.tsx';
import { Invite } from './Invite.tsx';
import { OrganizationName } from './OrganizationName.tsx';
import { peopleColumns } from './people.tsx';

export function TeamPage() {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const [isInviting, setInviting] = useState(false);
  const people = useEndless(['users'], readUsers);
  return (
    <>
      <PageHead title="Team">
        {may('POST /api/v1/invitations') && (
          <Button leftSection={<UserPlus size={16} />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        )}
      </PageHead>
      {me !== undefined && <OrganizationName me={me} />}
      <Section title="People">
        <EndlessTable
          label="People"
          list={people}
          columns={peopleColumns(me)}
          idOf={({ id }) => id}
          rowHeight={52}
          empty={<p>Nobody belongs to this organisation yet. Invite somebody.</p>}
        />
      </Section>
      <Invitations me={me} />
      <Invite me={me} isOpen={isInviting} onClose={() => setInviting(false)} />
    </>
  );
}
