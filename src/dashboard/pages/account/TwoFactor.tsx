// Two-factor sign-in: on, off, and its backup codes. Each needs the password, so that an open screen is not enough.
import { Button, Group, Modal, PasswordInput, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Section } from '../../parts/Section.tsx';
import css from './Account.module.css';
import { BackupCodes } from './BackupCodes.tsx';
import { BeginTwoFactor } from './BeginTwoFactor.tsx';

type Deed = 'enable' | 'disable' | 'renew';
const TITLES: Readonly<Record<Deed, string>> = {
  enable: 'Turn two-factor sign-in on',
  disable: 'Turn two-factor sign-in off',
  renew: 'New backup codes',
};

export function TwoFactor({ isOn }: { isOn: boolean }) {
  const [deed, setDeed] = useState<Deed | null>(null);
  return (
    <Section title="Two-factor sign-in">
      <p className={css.quiet}>
        {isOn
          ? 'On: beside your password a code of your authenticator app is asked for.'
          : 'Off: your password alone opens your account. With it on, a code of an app on your phone is asked for too.'}
      </p>
      <Group gap={8}>
        {/* One button, so that it keeps the focus. */}
        <Button variant="default" onClick={() => setDeed(isOn ? 'disable' : 'enable')}>
          {isOn ? 'Turn off' : 'Turn on'}
        </Button>
        {isOn && (
          <Button variant="default" onClick={() => setDeed('renew')}>
            New backup codes
          </Button>
        )}
      </Group>
      <Modal opened={deed !== null} onClose={() => setDeed(null)} title={deed === null ? '' : TITLES[deed]} size={460}>
        {deed !== null && <Steps key={deed} deed={deed} onDone={() => setDeed(null)} />}
      </Modal>
    </Section>
  );
}

function Steps({ deed, onDone }: { deed: Deed; onDone(): void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const ask = useMutation({
    mutationFn: async (): Promise<{ totpUri?: string; backupCodes?: string[] }> => {
      const { enable, disable, 'generate-backup-codes': renew } = api.auth['two-factor'];
      const json = { password };
      if (deed === 'enable') return answered(enable.$post({ json }));
      if (deed === 'renew') return answered(renew.$post({ json }));
      await answered(disable.$post({ json }));
      return {};
    },
    onSuccess: async () => {
      if (deed !== 'disable') return;
      await queries.invalidateQueries({ queryKey: ['me'] });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  const { totpUri, backupCodes = [] } = ask.data ?? {};
  if (totpUri !== undefined) return <BeginTwoFactor totpUri={totpUri} backupCodes={backupCodes} onDone={onDone} />;
  if (ask.isSuccess && deed === 'renew') return <BackupCodes codes={backupCodes} onDone={onDone} />;
  return (
    <form onSubmit={submit}>
      {deed === 'renew' && (
        <Text size="sm" mb={12}>
          The codes that you have now open nothing any more.
        </Text>
      )}
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        data-autofocus
        mb={16}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      {ask.error !== null && <Notice tone="bad" title={ask.error.message} />}
      <Group gap={8} justify="flex-end" mt={8}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={ask.isPending} disabled={password === ''}>
          {deed === 'disable' ? 'Turn off' : 'Go on'}
        </Button>
      </Group>
    </form>
  );
}
