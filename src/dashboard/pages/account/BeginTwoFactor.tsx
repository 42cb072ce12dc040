// The app gets its secret as a picture or as text, and shows that it has it by its first code.
import { Button, Code, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { Notice } from '../../parts/Notice.tsx';
import css from './Account.module.css';
import { BackupCodes } from './BackupCodes.tsx';

interface Props {
  totpUri: string;
  backupCodes: readonly string[];
  onDone(): void;
}

export function BeginTwoFactor({ totpUri, backupCodes, onDone }: Props) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => answered(api.auth['two-factor'].confirm.$post({ json: { code: code.replaceAll(' ', '') } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  if (confirm.isSuccess) return <BackupCodes codes={backupCodes} onDone={onDone} />;
  return (
    <form onSubmit={submit}>
      <Text size="sm" mb={12}>
        Read this picture with your authenticator app, or type the secret into it. Then enter the code that it shows.
      </Text>
      <div className={css.picture}>
        <QRCodeSVG value={totpUri} size={168} marginSize={2} title="For the authenticator app" />
        <Code aria-label="Secret">{URL.parse(totpUri)?.searchParams.get('secret')}</Code>
      </div>
      <TextInput
        label="Code"
        inputMode="numeric"
        autoComplete="one-time-code"
        mb={16}
        autoFocus
        value={code}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
      />
      {confirm.error !== null && <Notice tone="bad" title={confirm.error.message} />}
      <Group gap={8} justify="flex-end" mt={8}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={confirm.isPending} disabled={code === ''}>
          Turn on
        </Button>
      </Group>
    </form>
  );
}
